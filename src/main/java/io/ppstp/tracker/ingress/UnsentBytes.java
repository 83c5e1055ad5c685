package io.ppstp.tracker.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes of all answers of a node that their clients have not read yet, up to a bound.
 * Thread-safe.
 */
public final class UnsentBytes {
  private final AtomicLong bytes = new AtomicLong();
  private volatile long maximum;
  private volatile boolean pressed;

  /** Allows {@code maximum} bytes at a time. */
  public UnsentBytes(long maximum) {
    this.maximum = maximum;
  }

  /** Returns the number of bytes now unsent. */
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
