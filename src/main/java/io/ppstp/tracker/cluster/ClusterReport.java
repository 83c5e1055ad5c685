package io.ppstp.tracker.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** How a {@link ClusterView} stands in a status report. Stateless. */
public final class ClusterReport {
  private ClusterReport() {}

  /** Returns the JSON form of {@code view}. */
  public static JsonObject of(ClusterView view) {
    JsonArray members = new JsonArray();
    for (ClusterView.Node node : view.members()) {
      members.add(
          new JsonObject()
              .put("id", node.id())
              .put("address", node.address())
              .put("this", node.isThis())
              .put("lite", node.isLite()));
    }
    return new JsonObject()
        .put("running", view.running())
        .put("safe", view.safe())
        .put("members", members)
        .put("merged", view.store().merged())
        .put("dropped", view.store().dropped())
        .put("orphans_removed", view.orphansRemoved())
        .put("members_restored", view.membersRestored())
        .put("replicas_differing", view.store().differingReplicas())
        .put("list_changes_waiting", view.store().waitingChanges());
  }
}
