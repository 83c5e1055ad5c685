package io.ppstp.tracker.domain.address;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to reach peers of some networks from where somebody is (RFC 7285, Section 6.1),
 * cheapest first. Immutable.
 */
public final class PathCosts {
  /** How many networks it tells of at most: a list of 29 seldom needs more. */
  public static final int MOST = 16;

  /** Nothing is known of any network. */
  public static final PathCosts NONE = new PathCosts(new int[0], new float[0]);

  /** As {@link Place} has them. */
  private final int[] networks;

  private final float[] costs;

  /**
   * Tells of networks, of which it keeps the first {@link #MOST}.
   *
   * @param networks as {@link Place} has them, each once
   * @param costs of each, finite, 0 or more, none smaller than the one before
   */
  public PathCosts(int[] networks, float[] costs) {
    int size = Math.min(networks.length, MOST);
    this.networks = Arrays.copyOf(networks, size);
    this.costs = Arrays.copyOf(costs, size);
  }

  /** Returns of how many networks it tells. */
  public int size() {
    return networks.length;
  }

  /** Returns the network that so many others are cheaper than. */
  public int networkAt(int index) {
    return networks[index];
  }

  /** Returns what it costs to reach that network. */
  public float costAt(int index) {
    return costs[index];
  }

  /** Returns where a network stands, -1 if nothing is known of it. */
  public int indexOf(int network) {
    for (int i = 0; i < networks.length; i++) {
      if (networks[i] == network) {
        return i;
      }
    }
    return -1;
  }

  /** Returns this without the networks that cost as much as {@code bound}, or more. */
  public PathCosts below(float bound) {
    int size = networks.length;
    while (size > 0 && costs[size - 1] >= bound) {
      size--;
    }
    return size == networks.length
        ? this
        : new PathCosts(Arrays.copyOf(networks, size), Arrays.copyOf(costs, size));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathCosts that
        && Arrays.equals(networks, that.networks)
        && Arrays.equals(costs, that.costs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(networks);
  }

  @Override
  public String toString() {
    return Arrays.toString(networks) + " at " + Arrays.toString(costs);
  }
}
