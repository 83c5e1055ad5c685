package io.ppstp.tracker.simulate.network;

import java.util.SplittableRandom;

/**
 * Who watches, from where, and how fast their accesses are; immutable.
 *
 * <p>Networks have viewers by Zipf's law, and each is of one kind of access, drawn by how many
 * networks are of that kind. Speeds are multiples of the stream's rate; a viewer has its network's
 * within a factor of two.
 */
final class Population {
  /** Fibre, cable, DSL, mobile: the share of the networks, and their upload. */
  private static final double[] KINDS = {0.35, 0.4, 0.15, 0.1};

  private static final double[] UPLOADS = {3, 1.4, 0.8, 0.5};

  private final double[] until;
  private final double[] uploads;

  /** Makes networks with the numbers 1 to {@code count}. */
  Population(int count, double zipf, SplittableRandom random) {
    until = new double[count];
    uploads = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(i + 1, -zipf);
      until[i] = sum;
      uploads[i] = UPLOADS[kind(random.nextDouble())];
    }
    for (int i = 0; i < count; i++) {
      until[i] /= sum;
    }
  }

  private static int kind(double chance) {
    double rest = chance;
    int kind = 0;
    while (kind < KINDS.length - 1 && rest >= KINDS[kind]) {
      rest -= KINDS[kind++];
    }
    return kind;
  }

  /** Draws the network of somebody who comes. */
  int network(SplittableRandom random) {
    double chance = random.nextDouble();
    int low = 0;
    int high = until.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (until[middle] > chance) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low + 1;
  }

  /** Draws how many chunks somebody in a network can send while one is played. */
  double upload(int network, SplittableRandom random) {
    return uploads[network - 1] * Math.exp((random.nextDouble() - 0.5) * 2 * Math.log(2));
  }
}
