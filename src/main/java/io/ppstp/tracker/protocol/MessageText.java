package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The characters of a message that may be anything, and the parser over them. Stateless.
 *
 * <p>The parser gets the whole message as characters, not as bytes. Over bytes Jackson remembers
 * the member names of former messages to read those of later ones faster: up to 6,000 names of any
 * length, which strangers choose. Over characters it remembers nothing, and passes over numbers and
 * texts without a copy.
 */
final class MessageText {
  private static final char BYTE_ORDER_MARK = '\ufeff';
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private MessageText() {}

  /**
   * Returns a factory of parsers that take numbers and names of any length, for a member unknown
   * here is ignored whatever is in it (RFC 7846, Section 4.4). What bounds both is the message.
   *
   * @param depth JSON nesting at most
   */
  static JsonFactory factory(int depth) {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }

  /** Returns a parser of {@code text}, past a byte order mark. */
  static JsonParser parser(JsonFactory json, char[] text) throws IOException {
    int begin = hasByteOrderMark(text) ? 1 : 0;
    return json.createParser(text, begin, text.length - begin);
  }

  static boolean hasByteOrderMark(char[] text) {
    return text.length > 0 && text[0] == BYTE_ORDER_MARK;
  }

  /**
   * Returns the characters of {@code body}, or null if it is no UTF-8, which PPSTP messages are
   * (RFC 7846, Section 2.2): overlong and surrogate sequences are none, for one text would have
   * many spellings.
   */
  static char @Nullable [] of(byte[] body) {
    if (isAscii(body)) {
      return new String(body, ISO_8859_1).toCharArray();
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    char[] text = decodable(in);
    return in.hasRemaining() ? null : text;
  }

  /** Returns the characters of {@code bytes} up to the first that are no UTF-8, or are cut off. */
  static char[] beginning(byte[] bytes) {
    return decodable(ByteBuffer.wrap(bytes));
  }

  private static char[] decodable(ByteBuffer in) {
    // No text has more UTF-16 characters than UTF-8 bytes.
    CharBuffer out = CharBuffer.allocate(in.remaining());
    CharsetDecoder decoder = UTF_8.newDecoder();
    decoder.decode(in, out, true);
    char[] text = new char[out.position()];
    out.flip().get(text);
    return text;
  }

  /** Looks at eight bytes a time. */
  private static boolean isAscii(byte[] body) {
    int at = 0;
    for (; at <= body.length - Long.BYTES; at += Long.BYTES) {
      if (((long) LONG.get(body, at) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; at < body.length; at++) {
      if (body[at] < 0) {
        return false;
      }
    }
    return true;
  }
}
