package io.ppstp.tracker.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts bytes that a node holds for its clients, up to a bound: of request bodies until they are
 * answered, or of answers until they are read. Thread-safe.
 */
public final class ByteBudget {
  private final AtomicLong bytes = new AtomicLong();
  private volatile long maximum;
  private volatile boolean pressed;

  /** Allows {@code maximum} bytes at a time. */
  public ByteBudget(long maximum) {
    this.maximum = maximum;
  }

  /** Returns the number of bytes now held. */
  public long count() {
    return bytes.get();
  }

  /** Allows {@code most} bytes at a time from now on. */
  public void limit(long most) {
    maximum = most;
  }

  /** Takes room for {@code more} bytes and returns whether there was any. */
  boolean tryAcquire(int more) {
    if (bytes.addAndGet(more) <= maximum) {
      return true;
    }
    bytes.addAndGet(-more);
    pressed = true;
    return false;
  }

  /** Takes room for a few bytes although there may be none. */
  void acquire(int more) {
    bytes.addAndGet(more);
  }

  void release(int fewer) {
    bytes.addAndGet(-fewer);
  }

  /** Returns whether room has been missing since most of it was in use. */
  boolean isPressed() {
    if (pressed && bytes.get() <= maximum / 2) {
      pressed = false;
    }
    return pressed;
  }
}
