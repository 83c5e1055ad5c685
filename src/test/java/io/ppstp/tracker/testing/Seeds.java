package io.ppstp.tracker.testing;

import java.util.SplittableRandom;

/**
 * The seed of all tests that work at random. Each run has a seed of its own, which is printed;
 * {@code -Dppstp.seed=} repeats a run.
 */
public final class Seeds {
  private static final String PROPERTY = "ppstp.seed";
  private static final long SEED = Long.getLong(PROPERTY, new SplittableRandom().nextLong());

  static {
    System.out.println("Random tests: -D" + PROPERTY + "=" + SEED);
  }

  private Seeds() {}

  /** Returns a generator of this run's seed, always the same: a test repeats alone, too. */
  public static SplittableRandom random() {
    return new SplittableRandom(SEED);
  }
}
