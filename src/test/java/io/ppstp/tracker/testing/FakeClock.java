package io.ppstp.tracker.testing;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it. Thread-safe. */
public final class FakeClock implements InstantSource {
  private final AtomicLong nowMs;

  /** Makes a clock that shows {@code startMs}. */
  public FakeClock(long startMs) {
    nowMs = new AtomicLong(startMs);
  }

  /** Moves time on. */
  public void advance(long ms) {
    nowMs.addAndGet(ms);
  }

  @Override
  public long millis() {
    return nowMs.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }
}
