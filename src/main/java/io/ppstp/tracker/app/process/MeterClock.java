package io.ppstp.tracker.app.process;

import io.micrometer.core.instrument.Clock;

/**
 * The time by which meters forget their maxima, which they look at twice per request. They forget
 * after minutes: looking at a clock once in a while does for all of them. Thread-safe.
 */
public final class MeterClock implements Clock {
  /** How often {@link #tick} shall be called, in milliseconds. */
  public static final long TICK_MS = 1000;

  private volatile long wallMs = System.currentTimeMillis();

  /** Looks at the system's clock. */
  public void tick() {
    wallMs = System.currentTimeMillis();
  }

  /** Returns the time of the last {@link #tick}, in milliseconds since 1970. */
  @Override
  public long wallTime() {
    return wallMs;
  }

  /** Returns {@link System#nanoTime()}. */
  @Override
  public long monotonicTime() {
    return System.nanoTime();
  }
}
