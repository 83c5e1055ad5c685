package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answers to announces among what comes over a WebSocket, and the offers of other
 * viewers, which say when they were sent. Confined to one connection.
 */
final class FrameReader implements AnswerReader {
  private static final byte[] OPENING =
      """
      GET /announce HTTP/1.1
      Host: localhost
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

      """
          .replace("\n", "\r\n")
          .getBytes(US_ASCII);

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int TEXT = 1;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;

  /** Only offers are as long. */
  private static final int LEAST_OFFER = 500;

  private static final int MOST_BYTES = 64 << 10;

  private final OfferListener offers;
  private byte[] frame = new byte[2048];
  private int have;
  private boolean open;
  private int status;
  private int bodyLength;
  private boolean failed;
  private boolean busy;

  /** Told of an offer of another viewer. */
  @FunctionalInterface
  interface OfferListener {
    /** Tells when it was sent, by {@link System#nanoTime()}, and to the node of which port. */
    void came(long sentNs, int port);
  }

  FrameReader(OfferListener offers) {
    this.offers = offers;
  }

  @Override
  public @Nullable ByteBuf opening() {
    open = false;
    have = 0;
    return Unpooled.wrappedBuffer(OPENING);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean take(ByteBuf in) {
    boolean answered = false;
    if (!open) {
      takeHead(in);
    }
    while (open && in.isReadable()) {
      answered |= takeFrame(in);
    }
    return answered;
  }

  private void takeHead(ByteBuf in) {
    while (in.isReadable() && !open) {
      append(in, 1);
      open =
          have > 3
              && frame[have - 1] == '\n'
              && frame[have - 2] == '\r'
              && frame[have - 3] == '\n';
    }
    if (open) {
      status = (frame[9] - '0') * 100 + (frame[10] - '0') * 10 + frame[11] - '0';
      have = 0;
      if (status != SWITCHING_PROTOCOLS) {
        throw new IllegalStateException("no WebSocket but HTTP " + status);
      }
    }
  }

  private void append(ByteBuf in, int most) {
    int taken = Math.min(most, in.readableBytes());
    if (have + taken > frame.length) {
      byte[] longer = new byte[Math.max(have + taken, frame.length * 2)];
      System.arraycopy(frame, 0, longer, 0, have);
      frame = longer;
    }
    in.readBytes(frame, have, taken);
    have += taken;
  }

  /** Takes bytes of one frame at most; returns whether that is whole now and an answer. */
  private boolean takeFrame(ByteBuf in) {
    int head = 2;
    if (have < head) {
      append(in, head - have);
      if (have < head) {
        return false;
      }
    }
    int length = frame[1] & 0x7f;
    if (length == LONG_LENGTH) {
      throw new IllegalStateException("a frame of more than " + MOST_BYTES + " bytes");
    }
    if (length == SHORT_LENGTH) {
      head = 4;
      if (have < head) {
        append(in, head - have);
        if (have < head) {
          return false;
        }
      }
      length = ((frame[2] & 0xff) << 8) | (frame[3] & 0xff);
    }
    append(in, head + length - have);
    if (have < head + length) {
      return false;
    }
    have = 0;
    if ((frame[0] & 0xf) != TEXT) {
      return false;
    }
    if (length >= LEAST_OFFER) {
      offer(head, head + length);
      return false;
    }
    bodyLength = length;
    failed = find("failure", head, head + length) >= 0;
    busy = failed && find("try again", head, head + length) >= 0;
    return true;
  }

  private void offer(int from, int to) {
    int at = find(ViewerScript.MARK, from, to);
    if (at >= 0) {
      offers.came(
          number(at, ViewerScript.TIME_DIGITS),
          (int) number(at + ViewerScript.TIME_DIGITS + 1, ViewerScript.PORT_DIGITS));
    }
  }

  /** Returns where what follows a word begins, -1 if it does not occur. */
  private int find(String word, int from, int to) {
    for (int at = from; at + word.length() <= to; at++) {
      int same = 0;
      while (same < word.length() && frame[at + same] == word.charAt(same)) {
        same++;
      }
      if (same == word.length()) {
        return at + same;
      }
    }
    return -1;
  }

  private long number(int at, int digits) {
    long number = 0;
    for (int i = 0; i < digits; i++) {
      number = number * 10 + frame[at + i] - '0';
    }
    return number;
  }

  @Override
  public void reset() {
    // What has come of the next frame stays.
    failed = false;
    busy = false;
  }

  @Override
  public boolean asksToRepeat() {
    return busy;
  }

  @Override
  public boolean isOk() {
    return !failed;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public int bodyLength() {
    return bodyLength;
  }
}
