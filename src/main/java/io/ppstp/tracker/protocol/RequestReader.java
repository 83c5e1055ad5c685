package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
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
  private static final String ROOT = "PPSPTrackerProtocol";
  private static final int BOM_LENGTH = 3;

  private final JsonFactory json;
  private final ReaderRules rules;

  /** Makes a reader that holds messages to {@code rules}. */
  public RequestReader(ReaderRules rules) {
    this.rules = rules;
    this.json =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(rules.depth()).build())
            .build();
  }

  /** Reads one message, which {@code body} holds from its first byte to its last. */
  public Reading read(byte[] body) {
    if (isUtf16Or32(body)) {
      return new Reading.Rejected(ErrorCode.BAD_REQUEST, "", false, "not UTF-8");
    }
    try (JsonParser parser = json.createParser(body)) {
      MessageCursor in = new MessageCursor(parser, rules);
      RequestEnvelope envelope = new RequestEnvelope(in);
      try {
        readMessage(in, envelope);
        if (envelope.hasForeignVersion()) {
          return foreignVersion(envelope);
        }
        refuseIllFormedUtf8(body);
        noteByteOrderMark(in, body);
        Request request = envelope.toRequest(digest(body));
        return new Reading.Accepted(request, Set.copyOf(in.leniencies()));
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
        && parser.getParsingContext().getNestingDepth() >= rules.depth();
  }

  /**
   * Jackson guesses UTF-16 and UTF-32 from their zero bytes and byte order marks; PPSTP messages
   * are UTF-8 (RFC 7846, Section 2.2), in which neither occurs.
   */
  private static boolean isUtf16Or32(byte[] body) {
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0 || body[i] == (byte) 0xfe || body[i] == (byte) 0xff) {
        return true;
      }
    }
    return false;
  }

  /**
   * Jackson takes characters in more bytes than they need, halves of surrogate pairs and what lies
   * beyond Unicode. Two spellings of one ID would then be one peer here and two elsewhere.
   */
  private static void refuseIllFormedUtf8(byte[] body) throws MalformedException {
    int ascii = 0;
    while (ascii < body.length && body[ascii] >= 0) {
      ascii++;
    }
    if (ascii == body.length) {
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(body, ascii, body.length - ascii);
    CharBuffer decoded = CharBuffer.allocate(rest.remaining());
    if (StandardCharsets.UTF_8.newDecoder().decode(rest, decoded, true).isError()) {
      throw new MalformedException("not UTF-8");
    }
  }

  private static void noteByteOrderMark(MessageCursor in, byte[] body) throws MalformedException {
    if (body.length >= BOM_LENGTH && body[0] == (byte) 0xef) {
      in.note(Leniency.BYTE_ORDER_MARK);
    }
  }

  private static long digest(byte[] body) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
