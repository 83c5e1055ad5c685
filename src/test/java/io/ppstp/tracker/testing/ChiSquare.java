package io.ppstp.tracker.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

/** Pearson's test for uniform distribution. */
public final class ChiSquare {
  /** Standard deviations of the tail: a fair draw is blamed once in fifty million times. */
  private static final double Z = 5.5;

  private ChiSquare() {}

  /** Asserts that {@code counts} are those of equally likely outcomes. */
  public static void assertUniform(int[] counts, String what) {
    double expected = Arrays.stream(counts).sum() / (double) counts.length;
    assertTrue(expected >= 5, () -> "too few samples of " + what);
    double statistic = 0;
    for (int count : counts) {
      statistic += (count - expected) * (count - expected) / expected;
    }
    double limit = limit(counts.length - 1);
    String message = what + " is not uniform: chi square " + statistic + " over " + limit;
    assertTrue(statistic < limit, () -> message + ", counts " + Arrays.toString(counts));
  }

  /** The approximation of Wilson and Hilferty. */
  private static double limit(int degreesOfFreedom) {
    double variance = 2.0 / (9.0 * degreesOfFreedom);
    return degreesOfFreedom * Math.pow(1 - variance + Z * Math.sqrt(variance), 3);
  }
}
