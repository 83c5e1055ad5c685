package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads the requests of RFC 7846 from bytes that may be anything. Immutable and thread-safe; each
 * message is read in one pass, with no tree in between.
 *
 * <p>What is wrong with a message is an ordinary result ({@link Reading.Rejected}); nothing is
 * thrown on account of the bytes.
 */
public final class RequestReader {
  static final String ROOT = "PPSPTrackerProtocol";
  private static final int BOM_LENGTH = 3;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

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
    if (isNotUtf8(body)) {
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
        noteByteOrderMark(in, body);
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

  /**
   * Returns whether the bytes are no UTF-8, which PPSTP messages are (RFC 7846, Section 2.2).
   * Jackson guesses UTF-16 and UTF-32 from their zero bytes, and lets overlong and surrogate
   * sequences pass, with which one text has many spellings.
   */
  private static boolean isNotUtf8(byte[] body) {
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0) {
        return true;
      }
    }
    return !isAscii(body) && !isUtf8(body);
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

  private static boolean isUtf8(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
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
