package io.ppstp.tracker.app;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Wall-clock time as it was at the start, moved on by the monotonic clock: an operator who sets the
 * system's clock does not expire a million peers. Thread-safe.
 */
final class SteadyClock implements InstantSource {
  private final long startMs = System.currentTimeMillis();
  private final long startNs = System.nanoTime();

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return startMs + (System.nanoTime() - startNs) / 1_000_000;
  }
}
