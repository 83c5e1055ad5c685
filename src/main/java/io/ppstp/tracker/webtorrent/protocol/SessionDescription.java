package io.ppstp.tracker.webtorrent.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How to connect to a peer, as a browser sent it; immutable.
 *
 * <p>The SDP is not read but handed on as it is written. To read what it says and to write that
 * again took a third of what an announce costs.
 *
 * @param type null if there is none
 * @param sdp the string of JSON with its quotation marks, null if there is none
 * @param tooLong whether the SDP is longer than {@link #MOST_SDP}; it is empty then
 */
record SessionDescription(@Nullable String type, @Nullable String sdp, boolean tooLong) {
  /** Characters of an SDP at most. */
  static final int MOST_SDP = 8 << 10;

  /** Bytes of an SDP at most, as JSON writes it: each of its characters has room for three. */
  static final int MOST_SDP_BYTES = 3 * MOST_SDP;

  /** What follows the backslash of an escape of this kind: u and four digits. */
  private static final int ESCAPED_CODE = 5;

  private static final int CONTINUATION_MASK = 0xc0;
  private static final int CONTINUATION = 0x80;

  /** Returns whether there is an SDP and it is of a type. */
  boolean is(String wanted) {
    return wanted.equals(type) && sdp != null;
  }

  /**
   * Reads the value that a parser is at; null if it is no object.
   *
   * @param input all that the parser reads
   * @throws IOException if it is no JSON
   */
  static @Nullable SessionDescription read(JsonParser in, byte[] input) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return null;
    }
    String type = null;
    String sdp = null;
    boolean tooLong = false;
    JsonToken token = in.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      boolean text = in.nextToken() == JsonToken.VALUE_STRING;
      int from = offset(in);
      if (text && name.equals("type")) {
        type = in.getText();
      } else if (!text) {
        in.skipChildren();
      }
      // The parser passes over a string that nobody asks for, and checks it all the same.
      token = in.nextToken();
      if (text && name.equals("sdp")) {
        int to = end(input, offset(in));
        boolean fits = fits(input, from, to);
        tooLong |= !fits;
        // What is not UTF-8, and passed all the same, becomes U+FFFD and nothing that JSON knows.
        sdp = fits ? new String(input, from, to - from, UTF_8) : "";
      }
    }
    return new SessionDescription(type, sdp, tooLong);
  }

  private static int offset(JsonParser in) {
    return (int) in.currentTokenLocation().getByteOffset();
  }

  /** Returns the end of the string before {@code next}: there may be space and a comma between. */
  private static int end(byte[] input, int next) {
    int end = next;
    while (input[end - 1] != '"') {
      end--;
    }
    return end;
  }

  private static boolean fits(byte[] input, int from, int to) {
    int bytes = to - from;
    return bytes <= MOST_SDP || (bytes <= MOST_SDP_BYTES && count(input, from, to) <= MOST_SDP);
  }

  /** Returns how many characters a string has that is valid. */
  private static int count(byte[] input, int from, int to) {
    int characters = 0;
    for (int i = from + 1; i < to - 1; i++, characters++) {
      if (input[i] == '\\') {
        i += input[i + 1] == 'u' ? ESCAPED_CODE : 1;
      } else if ((input[i] & CONTINUATION_MASK) == CONTINUATION) {
        characters--;
      }
    }
    return characters;
  }
}
