package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ppstp.tracker.protocol.MessageCursor.MalformedException;
import java.io.IOException;

/**
 * Finds the transaction ID of a request that is refused before it is read, maybe before it is
 * whole: the answer repeats it (RFC 7846, Section 4.1). Stateless and thread-safe.
 */
public final class TransactionIds {
  /** Beyond this a message has been refused for its depth already. */
  private static final int DEPTH = 64;

  private static final JsonFactory JSON = MessageText.factory(DEPTH);

  private TransactionIds() {}

  /**
   * Returns the transaction ID in {@code beginning} of a message, or an empty string if there is
   * none up to its end or to the first fault.
   */
  public static String in(byte[] beginning) {
    try (JsonParser parser = MessageText.parser(JSON, MessageText.beginning(beginning))) {
      if (!enter(parser, RequestReader.ROOT)) {
        return "";
      }
      MessageCursor in = new MessageCursor(parser, ReaderRules.DEFAULTS);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        if (name.equals("transaction_id")) {
          return in.transactionId();
        }
        parser.skipChildren();
      }
      return "";
    } catch (IOException | MalformedException e) {
      return "";
    }
  }

  /** Goes into the object that is the value of {@code member}, and returns whether there is one. */
  private static boolean enter(JsonParser parser, String member) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      if (name.equals(member)) {
        return object;
      }
      parser.skipChildren();
    }
    return false;
  }
}
