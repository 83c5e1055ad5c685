package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.ppstp.tracker.protocol.MessageCursor.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;

/**
 * Reads the requests of RFC 7846 from bytes that may be anything. Immutable and thread-safe; each
 * message is read in one pass, with no tree in between.
 *
 * <p>What is wrong with a message is an ordinary result ({@link Reading.Rejected}); nothing is
 * thrown on account of the bytes.
 */
public final class RequestReader {
  static final String ROOT = "PPSPTrackerProtocol";

  private final JsonFactory json;
  private final ReaderRules rules;

  /** Makes a reader that holds messages to {@code rules}. */
  public RequestReader(ReaderRules rules) {
    this.rules = rules;
    this.json = MessageText.factory(rules.depth());
  }

  /** Reads one message, which {@code body} holds from its first byte to its last. */
  public Reading read(byte[] body) {
    char[] text = MessageText.of(body);
    if (text == null) {
      return new Reading.Rejected(ErrorCode.BAD_REQUEST, "", false, "not UTF-8");
    }
    try (JsonParser parser = MessageText.parser(json, text)) {
      MessageCursor in = new MessageCursor(parser, rules);
      RequestEnvelope envelope = new RequestEnvelope(in);
      try {
        readMessage(in, envelope);
        if (envelope.hasForeignVersion()) {
          return foreignVersion(envelope);
        }
        if (MessageText.hasByteOrderMark(text)) {
          in.note(Leniency.BYTE_ORDER_MARK);
        }
        Request request = envelope.toRequest(() -> digest(body));
        return new Reading.Accepted(request, in.leniencies());
      } catch (MalformedException e) {
        return rejected(envelope, false, e);
      } catch (IOException e) {
        return envelope.hasForeignVersion()
            ? foreignVersion(envelope)
            : rejected(envelope, isTooDeep(parser, e), e);
      }
    } catch (IOException e) {
      return new Reading.Rejected(ErrorCode.BAD_REQUEST, "", false, "not JSON");
    }
  }

  private static void readMessage(MessageCursor in, RequestEnvelope envelope)
      throws IOException, MalformedException {
    JsonParser parser = in.parser();
    parser.nextToken();
    in.expectObject("the message");
    boolean found = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (!name.equals(ROOT)) {
        parser.skipChildren();
        continue;
      }
      in.expectObject(ROOT);
      found = true;
      for (String member = parser.nextFieldName();
          member != null;
          member = parser.nextFieldName()) {
        parser.nextToken();
        envelope.read(member);
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
      throw new MalformedException("something follows the message");
    }
    if (!found) {
      throw new MalformedException(ROOT + " is missing");
    }
  }

  private static Reading foreignVersion(RequestEnvelope envelope) {
    return new Reading.Rejected(
        ErrorCode.UNSUPPORTED_VERSION, envelope.transactionId(), false, "version is not 1");
  }

  private static Reading rejected(RequestEnvelope envelope, boolean tooDeep, Exception cause) {
    String reason = cause instanceof MalformedException m ? String.valueOf(m.getMessage()) : "JSON";
    return new Reading.Rejected(ErrorCode.BAD_REQUEST, envelope.transactionId(), tooDeep, reason);
  }

  private boolean isTooDeep(JsonParser parser, IOException cause) {
    return cause instanceof StreamConstraintsException
        && parser.getParsingContext().getNestingDepth() > rules.depth();
  }

  private static long digest(byte[] body) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What became of the bytes of a request. */
  public sealed interface Reading {

    /** A well-formed request, and the lenient spellings it needed. */
    record Accepted(Request request, Set<Leniency> leniencies) implements Reading {}

    /**
     * A message that is answered with an error.
     *
     * @param code 01 or 02
     * @param transactionId the request's, or empty if it could not be read
     * @param tooLarge whether a size limit was the cause, which HTTP calls 413
     * @param reason for the operator's log; never sent
     */
    record Rejected(ErrorCode code, String transactionId, boolean tooLarge, String reason)
        implements Reading {}
  }
}
