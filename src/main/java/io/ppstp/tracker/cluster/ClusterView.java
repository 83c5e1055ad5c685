package io.ppstp.tracker.cluster;

import java.util.List;

/**
 * What a node knows of its cluster at one moment; immutable.
 *
 * @param running whether this node takes part: not joining, merging or leaving
 * @param safe whether every entry of this node had its backups when last looked at, which was after
 *     the last change of members
 * @param merged entries that healed network splits have added here
 * @param dropped entries that had to give way then
 * @param orphansRemoved members without a registration that this node has removed
 */
public record ClusterView(
    boolean running,
    boolean safe,
    List<Node> members,
    long merged,
    long dropped,
    long orphansRemoved) {

  /**
   * One member.
   *
   * @param isThis whether it is the node that was asked
   * @param isLite whether it holds no state: a listener to events and no node of the tracker
   */
  public record Node(String id, String address, boolean isThis, boolean isLite) {}
}
