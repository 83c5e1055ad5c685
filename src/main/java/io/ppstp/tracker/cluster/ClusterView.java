package io.ppstp.tracker.cluster;

import java.util.List;

/**
 * What a node knows of its cluster at one moment; immutable.
 *
 * @param running whether this node takes part: not joining, merging or leaving
 * @param safe whether every entry of this node had its backups when last looked, about every second
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

  /** One member; {@code isThis} marks the node that was asked. */
  public record Node(String id, String address, boolean isThis) {}
}
