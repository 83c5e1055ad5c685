package io.ppstp.tracker.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Chooses among channels of which the k-th is k^s times less popular than the first. Immutable. */
final class Zipf {
  private final double[] upTo;

  Zipf(int channels, double exponent) {
    upTo = new double[channels];
    double sum = 0;
    for (int i = 0; i < channels; i++) {
      sum += Math.pow(i + 1.0, -exponent);
      upTo[i] = sum;
    }
  }

  /** Returns a channel, counted from 0. */
  int next(SplittableRandom random) {
    double at = random.nextDouble() * upTo[upTo.length - 1];
    int found = Arrays.binarySearch(upTo, at);
    return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
  }
}
