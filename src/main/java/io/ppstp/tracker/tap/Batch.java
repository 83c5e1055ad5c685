package io.ppstp.tracker.tap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lines that travel together, each with its end. Filled by one thread; others may read it from when
 * it is sealed until it is emptied.
 */
public final class Batch {
  private final byte[] bytes;
  private long bornNs;
  private int length;
  private int events;
  private @Nullable TapMark mark;

  /**
   * Makes one without lines.
   *
   * @param bornNs monotonic time
   */
  Batch(int capacity, long bornNs) {
    this.bytes = new byte[capacity];
    this.bornNs = bornNs;
  }

  /** Returns one of whole lines. */
  static Batch of(byte[] lines, int events) {
    Batch batch = new Batch(lines.length, 0);
    System.arraycopy(lines, 0, batch.bytes, 0, lines.length);
    batch.length = lines.length;
    batch.events = events;
    return batch;
  }

  /** Returns this without its lines. */
  Batch emptied(long newBornNs) {
    bornNs = newBornNs;
    length = 0;
    events = 0;
    mark = null;
    return this;
  }

  boolean hasRoomFor(int line) {
    return line + 1 <= bytes.length - length;
  }

  void add(byte[] from, int start, int line) {
    System.arraycopy(from, start, bytes, length, line);
    length += line;
    bytes[length++] = '\n';
    events++;
  }

  void seal(@Nullable TapMark latest) {
    mark = latest;
  }

  /** Returns how far the tap was at its last event, if that is to be remembered. */
  @Nullable TapMark mark() {
    return mark;
  }

  /** Returns the monotonic time of its first event. */
  long bornNs() {
    return bornNs;
  }

  /** Returns the bytes that it takes. */
  int capacity() {
    return bytes.length;
  }

  /** Returns the bytes of its lines. */
  int length() {
    return length;
  }

  /** Returns how many lines it has. */
  public int events() {
    return events;
  }

  /** Takes one line after the other, without its end; the array is not to be changed or kept. */
  public interface LineTaker {
    void line(byte[] bytes, int from, int length);
  }

  /** Hands each line to {@code taker}. */
  public void forEachLine(LineTaker taker) {
    int from = 0;
    for (int at = 0; at < length; at++) {
      if (bytes[at] == '\n') {
        taker.line(bytes, from, at - from);
        from = at + 1;
      }
    }
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Returns its lines, which must not be changed. */
  public ByteBuffer content() {
    return ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer();
  }
}
