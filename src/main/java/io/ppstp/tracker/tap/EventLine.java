package io.ppstp.tracker.tap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line of a node's answer is, as far as a tap needs to know; immutable. The line itself is
 * passed on as it came.
 *
 * @param node the process that published it, empty for a loss
 * @param seq its number there, 0 for a loss
 * @param lost how many events went by before the node could tell of them, 0 if it does not know; -1
 *     if this is an event
 */
record EventLine(String node, long seq, long lost) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern NODE = Pattern.compile("[0-9A-Za-z]{1,64}");

  /** Returns what a line is, null if it is nothing that a node tells. */
  static @Nullable EventLine of(byte[] bytes, int from, int length) {
    try (JsonParser parser = JSON.createParser(bytes, from, length)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? read(parser) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable EventLine read(JsonParser parser) throws IOException {
    String node = "";
    String event = "";
    long seq = 0;
    long count = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING && member.equals("node")) {
        node = parser.getText();
      } else if (value == JsonToken.VALUE_STRING && member.equals("event")) {
        event = parser.getText();
      } else if (value == JsonToken.VALUE_NUMBER_INT && member.equals("seq")) {
        seq = parser.getLongValue();
      } else if (value == JsonToken.VALUE_NUMBER_INT && member.equals("count")) {
        count = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
      if (seq > 0 && !node.isEmpty() && !event.isEmpty()) {
        // These come first, so that most of the line is never looked at.
        return NODE.matcher(node).matches() ? new EventLine(node, seq, -1) : null;
      }
    }
    return event.equals("lost") ? new EventLine("", 0, Math.max(0, count)) : null;
  }

  /** Returns whether it says that events were lost. */
  boolean isLoss() {
    return lost >= 0;
  }
}
