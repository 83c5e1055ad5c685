package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.digest.DigestException.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an {@code Authorization} field with Digest credentials (RFC 9110, Section
 * 11.4), bounded in length and number. Immutable.
 *
 * <p>Each value may be quoted or not, whatever RFC 7616 prescribes for it; apart from that, what
 * does not fit the grammar is refused, and so is a parameter that comes twice.
 */
final class DigestFields {
  static final int MOST_CHARACTERS = 8192;
  static final int MOST_PARAMETERS = 24;

  private static final String SCHEME = "digest";
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final int DEL = 0x7f;

  private final String text;
  private final Map<String, String> values = new HashMap<>();
  private int at;

  private DigestFields(String text) {
    this.text = text;
  }

  /**
   * Reads the whole field, with the scheme's name.
   *
   * @throws DigestException if it is malformed
   */
  static DigestFields parse(String authorization) throws DigestException {
    if (authorization.length() > MOST_CHARACTERS
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw malformed();
    }
    DigestFields fields = new DigestFields(authorization);
    fields.at = SCHEME.length();
    if (!fields.isSpace()) {
      throw malformed();
    }
    fields.readAll();
    return fields;
  }

  /** Returns {@code text} as a quoted string (RFC 9110, Section 5.6.4). */
  static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Returns the value of {@code name}, without quotes, or null. */
  @Nullable String get(String name) {
    return values.get(name);
  }

  /**
   * Returns the value of {@code name}.
   *
   * @throws DigestException if there is none
   */
  String require(String name) throws DigestException {
    String value = values.get(name);
    if (value == null) {
      throw malformed();
    }
    return value;
  }

  private void readAll() throws DigestException {
    while (true) {
      skipSpace();
      if (at == text.length()) {
        return;
      }
      if (text.charAt(at) == ',') {
        at++;
        continue;
      }
      readOne();
      skipSpace();
      if (at < text.length() && text.charAt(at) != ',') {
        throw malformed();
      }
    }
  }

  private void readOne() throws DigestException {
    int start = at;
    while (at < text.length() && isTokenCharacter(text.charAt(at))) {
      at++;
    }
    String name = text.substring(start, at).toLowerCase(Locale.ROOT);
    skipSpace();
    if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
      throw malformed();
    }
    at++;
    skipSpace();
    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
    if (values.put(name, value) != null || values.size() > MOST_PARAMETERS) {
      throw malformed();
    }
  }

  private String quoted() throws DigestException {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\') {
        if (at == text.length()) {
          break;
        }
        c = text.charAt(at++);
      }
      if (isControl(c)) {
        throw malformed();
      }
      value.append(c);
    }
    throw malformed();
  }

  /** Reads a value without quotes, such as an nc or, by mistake, a uri. */
  private String bare() throws DigestException {
    int start = at;
    while (at < text.length() && text.charAt(at) > ' ' && text.charAt(at) < DEL) {
      char c = text.charAt(at);
      if (c == ',') {
        break;
      }
      if (c == '"' || c == '\\') {
        throw malformed();
      }
      at++;
    }
    if (at == start) {
      throw malformed();
    }
    return text.substring(start, at);
  }

  private void skipSpace() {
    while (isSpace()) {
      at++;
    }
  }

  private boolean isSpace() {
    return at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t');
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  private static boolean isControl(char c) {
    return c == DEL || (c < ' ' && c != '\t');
  }

  static DigestException malformed() {
    return new DigestException(Fault.MALFORMED);
  }

  /** Reads user names of any script from parameters. Stateless. */
  static final class UserNames {
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
}
