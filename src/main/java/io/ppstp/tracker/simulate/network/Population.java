package io.ppstp.tracker.simulate.network;

import io.ppstp.tracker.domain.address.PathCosts;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Who watches, from where, and how fast their accesses are; immutable.
 *
 * <p>Networks have viewers by Zipf's law, and each is of one kind of access, drawn by how many
 * networks are of that kind. Speeds are multiples of the stream's rate; a viewer has its network's
 * within a factor of two. Each network is in one of ten regions.
 */
final class Population {
  /** Fibre, cable, DSL, mobile: the share of the networks, and their upload. */
  private static final double[] KINDS = {0.35, 0.4, 0.15, 0.1};

  private static final double[] UPLOADS = {3, 1.4, 0.8, 0.5};

  private static final int REGIONS = 10;
  private static final float OWN_COST = 1;
  private static final float REGION_COST = 5;

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

  /** Returns the region of a network; neighbours by number, and so by size, are in others. */
  static int region(int network) {
    return network % REGIONS;
  }

  /** Returns what it costs to reach others from a network: little in its region, most elsewhere. */
  PathCosts costsFrom(int network) {
    int[] networks = new int[PathCosts.MOST];
    float[] costs = new float[PathCosts.MOST];
    networks[0] = network;
    costs[0] = OWN_COST;
    int size = 1;
    int count = until.length;
    for (int i = 1; i < count && size < networks.length; i++) {
      int other = (network - 1 + i) % count + 1;
      if (region(other) == region(network)) {
        networks[size] = other;
        costs[size++] = REGION_COST;
      }
    }
    return new PathCosts(Arrays.copyOf(networks, size), Arrays.copyOf(costs, size));
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
