package io.ppstp.tracker.cluster;

import io.ppstp.tracker.store.hazelcast.StoreFigures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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

  /** Returns this as it stands in a status report. */
  public JsonObject toJson() {
    JsonArray nodes = new JsonArray();
    for (Node node : members) {
      nodes.add(
          new JsonObject()
              .put("id", node.id())
              .put("address", node.address())
              .put("this", node.isThis())
              .put("lite", node.isLite()));
    }
    return new JsonObject()
        .put("running", running)
        .put("safe", safe)
        .put("members", nodes)
        .put("merged", store.merged())
        .put("dropped", store.dropped())
        .put("orphans_removed", orphansRemoved)
        .put("members_restored", membersRestored)
        .put("replicas_differing", store.differingReplicas())
        .put("list_changes_waiting", store.waitingChanges());
  }
}
