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

  /** Returns a generator with a new seed or with the one that was asked for. */
  public static SplittableRandom random() {
    return new SplittableRandom(announced(STACK.getCallerClass()));
  }

  /** Returns a new seed or the one that was asked for. */
  public static long seed() {
    return announced(STACK.getCallerClass());
  }

  private static long announced(Class<?> test) {
    long seed = Long.getLong(PROPERTY, new SplittableRandom().nextLong());
    System.out.println(test.getSimpleName() + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }
}
