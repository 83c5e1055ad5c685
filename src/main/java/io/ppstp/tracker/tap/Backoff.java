package io.ppstp.tracker.tap;

import java.util.random.RandomGenerator;

/**
 * How long to wait before what has failed is tried again: longer each time, and never for the same
 * time as others who failed at the same moment. Confined to one event loop.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 30;

  private final long firstMs;
  private final long longestMs;
  private final RandomGenerator random;
  private int failures;

  Backoff(long firstMs, long longestMs, RandomGenerator random) {
    this.firstMs = firstMs;
    this.longestMs = longestMs;
    this.random = random;
  }

  /** Returns the time until the next attempt, in milliseconds, above 0. */
  long nextMs() {
    long whole = Math.min(longestMs, firstMs << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    return whole / 2 + 1 + random.nextLong(whole / 2 + 1);
  }

  /** Begins anew: an attempt was good. */
  void reset() {
    failures = 0;
  }
}
