package io.ppstp.tracker.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the end of an HTTP/1 answer and what it said, as cheaply as it can. Confined to one
 * connection.
 */
final class AnswerParser implements AnswerReader {
  private static final int MOST_HEAD = 2048;
  private static final int OK = 200;
  private static final int INTERNAL_SERVER_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final byte[] head = new byte[MOST_HEAD];
  private int headLength;
  private int status;
  private int bodyLength;
  private int bodyLeft;
  private boolean inBody;

  @Override
  public boolean take(ByteBuf in) {
    if (!inBody && !takeHead(in)) {
      return false;
    }
    int taken = Math.min(bodyLeft, in.readableBytes());
    in.skipBytes(taken);
    bodyLeft -= taken;
    return bodyLeft == 0;
  }

  private boolean takeHead(ByteBuf in) {
    while (in.isReadable()) {
      if (headLength == MOST_HEAD) {
        throw new IllegalStateException("an answer with headers too long");
      }
      byte next = in.readByte();
      head[headLength++] = next;
      if (next == '\n' && headLength > 3 && head[headLength - 3] == '\n') {
        readHead();
        inBody = true;
        return true;
      }
    }
    return false;
  }

  private void readHead() {
    status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
    bodyLength = contentLength();
    bodyLeft = bodyLength;
  }

  /** Looks for {@code \nContent-Length:} in any case. */
  private int contentLength() {
    for (int i = 12; i < headLength - 17; i++) {
      if (head[i] == '\n' && (head[i + 1] | 0x20) == 'c' && head[i + 8] == '-'
          && (head[i + 9] | 0x20) == 'l' && head[i + 15] == ':') {
        int length = 0;
        for (int at = i + 16; head[at] != '\r'; at++) {
          if (head[at] != ' ') {
            length = length * 10 + head[at] - '0';
          }
        }
        return length;
      }
    }
    throw new IllegalStateException(
        "an answer without a length: "
            + new String(head, 0, headLength, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
  }

  /** Returns whether the answer says 200. */
  @Override
  public boolean isOk() {
    return status == OK;
  }

  /** Returns whether the tracker could not, with 04 or 05, so that a peer asks again. */
  @Override
  public boolean asksToRepeat() {
    return status == INTERNAL_SERVER_ERROR || status == SERVICE_UNAVAILABLE;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public int bodyLength() {
    return bodyLength;
  }

  @Override
  public void reset() {
    headLength = 0;
    inBody = false;
  }
}
