package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.NodeBus;
import io.ppstp.tracker.management.NodeControl.ClusterMember;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells an operator how each node is, by its own word: {@code /api/v1/cluster}. A node that the
 * cluster knows of and that has not answered within a second is there as silent. Confined to one
 * event loop.
 */
final class ClusterReport {
  private static final String MEMBER = "member";

  private final NodeControl control;
  private final NodeBus bus;
  private final InstantSource clock;

  ClusterReport(NodeControl control, NodeBus bus, InstantSource clock) {
    this.control = control;
    this.bus = bus;
    this.clock = clock;
  }

  /** Answers a request. */
  void answer(RoutingContext request) {
    List<ClusterMember> members = control.members();
    bus.ask(members.size())
        .onSuccess(answers -> Answers.json(request, together(members, answers)))
        .onFailure(failure -> Problem.unavailable("the nodes cannot be asked now").answer(request));
  }

  private JsonObject together(List<ClusterMember> members, List<JsonObject> answers) {
    Map<String, JsonObject> byMember = new HashMap<>();
    answers.forEach(answer -> byMember.put(answer.getString(MEMBER, ""), answer));
    JsonArray nodes = new JsonArray();
    boolean partial = false;
    boolean safe = true;
    long peers = 0;
    long memberships = 0;
    for (ClusterMember member : members) {
      JsonObject figures = byMember.get(member.id());
      JsonObject node =
          new JsonObject()
              .put("address", member.address())
              .put("this", member.here())
              .put("silent", figures == null);
      if (figures == null) {
        partial = true;
        nodes.add(node.put(MEMBER, member.id()));
      } else {
        safe &= figures.getBoolean("safe", false);
        peers += figures.getLong("peers", 0L);
        memberships += figures.getLong("members", 0L);
        nodes.add(node.mergeIn(figures));
      }
    }
    return new JsonObject()
        .put("at", clock.instant().toString())
        .put("partial", partial)
        .put("safe", safe && !partial)
        .put("peers", peers)
        .put("members", memberships)
        .put("nodes", nodes);
  }
}
