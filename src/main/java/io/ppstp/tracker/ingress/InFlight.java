package io.ppstp.tracker.ingress;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests from their last byte until the client has read the answer, up to a bound.
 * Thread-safe.
 */
public final class InFlight {
  private final AtomicInteger count = new AtomicInteger();
  private volatile int maximum;
  private volatile boolean pressed;

  /** Allows {@code maximum} requests at a time. */
  public InFlight(int maximum) {
    this.maximum = maximum;
  }

  /** Returns the number of requests now in flight. */
  public int count() {
    return count.get();
  }

  /** Allows {@code requests} at a time from now on. */
  public void limit(int requests) {
    maximum = requests;
  }

  boolean tryAcquire() {
    if (count.incrementAndGet() <= maximum) {
      return true;
    }
    count.decrementAndGet();
    pressed = true;
    return false;
  }

  void release() {
    count.decrementAndGet();
  }

  /** Returns whether a place has been missing since most of them were taken. */
  boolean isPressed() {
    if (pressed && count.get() <= maximum / 2) {
      pressed = false;
    }
    return pressed;
  }
}
