package io.ppstp.tracker.domain.swarm;

/**
 * What a choice has to heed of those before it; immutable.
 *
 * @param peerRate how often a member may be preferred in one second, to others that are as near; 0
 *     if there is no bound
 * @param cacheRate how often an edge cache may be told of in one second; 0 if there is no bound
 * @param second when that is, in seconds of the requester's node
 * @param turn how many lists the requester has had before, as far as is known; negative if each
 *     list is to be independent of those before
 * @param order by which the requester goes through the members in its turns
 */
public record Fairness(int peerRate, int cacheRate, long second, int turn, long order) {
  /** Nothing. */
  public static final Fairness NONE = new Fairness(0, 0, 0, -1, 0);

  /** A bound that is so high needs not to be counted: more lists are not drawn. */
  public static final int MOST_RATE = 30_000;
}
