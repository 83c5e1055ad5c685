package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Reads user names of any script from parameters. Stateless. */
final class UserNames {
  private static final String EXTENDED = "UTF-8'";
  private static final int HEX = 16;

  private UserNames() {}

  /**
   * Returns the name in {@code username}, or in {@code username*} if that is sent instead.
   *
   * @throws DigestException if both or none are sent, or if a name is not UTF-8
   */
  static String of(DigestFields fields, boolean hashed) throws DigestException {
    String plain = fields.get("username");
    String extended = fields.get("username*");
    if ((plain == null) == (extended == null) || (hashed && plain == null)) {
      throw DigestFields.malformed();
    }
    return plain != null ? utf8(plain.getBytes(ISO_8859_1)) : extended(String.valueOf(extended));
  }

  /** Reads an ext-value of RFC 8187, such as {@code UTF-8''J%C3%A4s}. */
  private static String extended(String value) throws DigestException {
    int language = value.indexOf('\'', EXTENDED.length());
    if (!value.regionMatches(true, 0, EXTENDED, 0, EXTENDED.length()) || language < 0) {
      throw DigestFields.malformed();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = language + 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%') {
        if (i + 2 >= value.length()) {
          throw DigestFields.malformed();
        }
        int high = Character.digit(value.charAt(i + 1), HEX);
        int low = Character.digit(value.charAt(i + 2), HEX);
        if (high < 0 || low < 0) {
          throw DigestFields.malformed();
        }
        bytes.write(high * HEX + low);
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return utf8(bytes.toByteArray());
  }

  private static String utf8(byte[] bytes) throws DigestException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw DigestFields.malformed();
    }
  }
}
