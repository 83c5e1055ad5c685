package io.ppstp.tracker.cluster;

import io.ppstp.tracker.store.hazelcast.StoreFigures;
import java.util.List;

/**
 * What a node knows of its cluster at one moment; immutable.
 *
 * @param running whether this node takes part: not joining, merging or leaving
 * @param safe whether every entry of this node had its backups when last looked at, which was after
 *     the last change of members
 * @param store what its part in the store has done
 * @param orphansRemoved members without a registration that this node has found, and removed
 * @param membersRestored members that lists had lost, and have got back
 */
public record ClusterView(
    boolean running,
    boolean safe,
    List<Node> members,
    StoreFigures store,
    long orphansRemoved,
    long membersRestored) {

  /**
   * One member.
   *
   * @param isThis whether it is the node that was asked
   * @param isLite whether it holds no state: a listener to events and no node of the tracker
   */
  public record Node(String id, String address, boolean isThis, boolean isLite) {}
}
