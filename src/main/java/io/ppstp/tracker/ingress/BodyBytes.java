package io.ppstp.tracker.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes of all bodies that a node holds, whole or not, until their requests are
 * answered, up to a bound. Thread-safe.
 */
public final class BodyBytes {
  private final AtomicLong bytes = new AtomicLong();
  private volatile long maximum;

  /** Allows {@code maximum} bytes at a time. */
  public BodyBytes(long maximum) {
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
    return false;
  }

  void release(int fewer) {
    bytes.addAndGet(-fewer);
  }
}
