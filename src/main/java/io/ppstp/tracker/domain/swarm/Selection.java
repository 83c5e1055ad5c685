package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;

/**
 * How members are chosen for a requester (RFC 7846, Sections 3.2.2 and 4.1.1); immutable. Parts
 * that are combined work on each other: the nearest that are able come before the nearest.
 *
 * @param nearPermille of a list: how much of it is for those that are near the requester, in
 *     thousandths; at most {@link #MOST_NEAR_PERMILLE}
 * @param able whether those come first that are known to meet the requester's wish
 * @param from where the requester is, if it is no member, which tells better
 * @param costs to networks from there, by which those near are chosen; none if they are those of
 *     the same network only
 */
public record Selection(int nearPermille, boolean able, Place from, PathCosts costs) {
  /**
   * With more of the near in each list a swarm would come apart: what holds it together is the
   * rest, drawn from all. Graphs in which each node has chosen two others at random are connected
   * almost surely, those with one are not (Fenner and Frieze), so two places of each list that has
   * three are never for the near, and at 29 places a tenth is two and more.
   */
  public static final int MOST_NEAR_PERMILLE = 900;

  private static final int LEAST_AT_RANDOM = 2;
  private static final int PERMILLE = 1000;

  /** All alike, at random. */
  public static final Selection RANDOM = new Selection(0, false, Place.UNKNOWN);

  /** Chooses those near by their network only. */
  public Selection(int nearPermille, boolean able, Place from) {
    this(nearPermille, able, from, PathCosts.NONE);
  }

  /** Returns this for a requester. */
  public Selection from(Place place) {
    return place.equals(from) ? this : new Selection(nearPermille, able, place, costs);
  }

  /** Returns this for a requester from whom networks cost so much. */
  public Selection at(PathCosts itsCosts) {
    return itsCosts.equals(costs) ? this : new Selection(nearPermille, able, from, itsCosts);
  }

  /** Returns whether all members are alike. */
  public boolean isRandom() {
    return nearPermille == 0 && !able;
  }

  /** Returns how many of {@code places} are for those near the requester, if there are so many. */
  int nearOf(int places) {
    int share = (int) ((long) places * nearPermille / PERMILLE);
    return Math.max(0, Math.min(share, places - LEAST_AT_RANDOM));
  }
}
