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
 * @param content of the swarm
 * @param fairness what was told before
 */
public record Selection(
    int nearPermille,
    boolean able,
    Place from,
    PathCosts costs,
    Content content,
    Fairness fairness) {
  /**
   * With more of the near in each list a swarm would come apart: what holds it together is the
   * rest, drawn from all. Graphs in which each node has chosen two others at random are connected
   * almost surely, those with one are not (Fenner and Frieze), so two places of each list that has
   * three are never for the near, and at 29 places a tenth is two and more.
   */
  public static final int MOST_NEAR_PERMILLE = 900;

  private static final int LEAST_AT_RANDOM = 2;
  private static final int PERMILLE = 1000;

  /** The part of a list that somebody is in. */
  public enum Part {
    /** Of those at the requester's public address. */
    SAME_ADDRESS,
    /** Of those in its network. */
    SAME_NETWORK,
    /** Of those in networks that cost less to reach than others. */
    CHEAP,
    /** Of all. */
    ALL,
    /** Of the edge caches. */
    EDGE_CACHE
  }

  /**
   * Why somebody was chosen; immutable.
   *
   * @param network that it is in, as {@link Place} has it
   * @param fitness how many of the requester's wishes it is known to meet, less those that it is
   *     known to miss; 0 if they do not count
   */
  public record Reason(String peerId, Part part, int network, int fitness) {}

  /** All alike, at random. */
  public static final Selection RANDOM = new Selection(0, false, Place.UNKNOWN);

  /** Chooses those near by their network only. */
  public Selection(int nearPermille, boolean able, Place from) {
    this(nearPermille, able, from, PathCosts.NONE, Content.PLAIN, Fairness.NONE);
  }

  /** Returns this for other content. */
  public Selection of(Content its) {
    return new Selection(nearPermille, able, from, costs, its, fairness);
  }

  /** Returns this for a list that is not the first. */
  public Selection after(Fairness before) {
    return new Selection(nearPermille, able, from, costs, content, before);
  }

  /** Returns this for a requester. */
  public Selection from(Place place) {
    return place.equals(from)
        ? this
        : new Selection(nearPermille, able, place, costs, content, fairness);
  }

  /** Returns this for a requester from whom networks cost so much. */
  public Selection at(PathCosts itsCosts) {
    return itsCosts.equals(costs)
        ? this
        : new Selection(nearPermille, able, from, itsCosts, content, fairness);
  }

  /** Returns whether all members are alike. */
  public boolean isRandom() {
    return nearPermille == 0 && !able && content.equals(Content.PLAIN);
  }

  /** Returns how many of {@code places} are for those near the requester, if there are so many. */
  int nearOf(int places) {
    int share = (int) ((long) places * nearPermille / PERMILLE);
    return Math.max(0, Math.min(share, places - LEAST_AT_RANDOM));
  }
}
