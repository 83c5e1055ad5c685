package io.ppstp.tracker.testing;

import java.util.SplittableRandom;

/**
 * Seeds for tests that work at random. Each run has a seed of its own, which is printed; {@code
 * -Dppstp.seed=} repeats a run.
 */
public final class Seeds {
  private static final String PROPERTY = "ppstp.seed";
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private Seeds() {}

  /** Prints and returns a new seed or the one that was asked for. */
  public static long seed() {
    long seed = Long.getLong(PROPERTY, new SplittableRandom().nextLong());
    System.out.println(STACK.getCallerClass().getSimpleName() + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }
}
