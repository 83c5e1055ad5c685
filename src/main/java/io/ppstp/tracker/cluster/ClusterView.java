package io.ppstp.tracker.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
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
   * @param hazelcast its version of Hazelcast, of which all have the same first two numbers
   */
  public record Node(
      String id,
      String address,
      @JsonProperty("this") boolean isThis,
      @JsonProperty("lite") boolean isLite,
      String hazelcast) {}

  /**
   * What a status report says of a cluster, member by member.
   *
   * @param merged registrations that merges after network splits have added here
   * @param dropped registrations that merges have dropped here
   * @param replicasDiffering backups that differed from what this node owns, and were mended
   * @param listChangesWaiting changes that lists have not followed yet
   */
  public record ClusterStatus(
      boolean running,
      boolean safe,
      List<Node> members,
      long merged,
      long dropped,
      long orphansRemoved,
      long membersRestored,
      long replicasDiffering,
      int listChangesWaiting) {}

  /** Returns what a status report says of this. */
  public ClusterStatus status() {
    return new ClusterStatus(
        running,
        safe,
        members,
        store.merged(),
        store.dropped(),
        orphansRemoved,
        membersRestored,
        store.differingReplicas(),
        store.waitingChanges());
  }
}
