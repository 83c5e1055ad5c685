package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.RefusalBus;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/**
 * Tells an operator what a peer was refused of late, by any node, whether it is registered or not:
 * {@code /api/v1/peers/ID/refusals}. Confined to one event loop.
 */
final class RefusalReport {
  private static final int MOST = 20;

  private final NodeControl control;
  private final RefusalBus bus;
  private final InstantSource clock;

  RefusalReport(NodeControl control, RefusalBus bus, InstantSource clock) {
    this.control = control;
    this.bus = bus;
    this.clock = clock;
  }

  /** Answers a request for the peer that its path names. */
  void answer(RoutingContext request) {
    String id = request.pathParam("id");
    bus.ask(id, control.members().size())
        .onSuccess(
            told ->
                Answers.json(
                    request,
                    new JsonObject()
                        .put("at", clock.instant().toString())
                        .put("partial", told.partial())
                        .put("refusals", new JsonArray(latest(told.refusals())))))
        .onFailure(failure -> Problem.unavailable("the nodes cannot be asked now").answer(request));
  }

  /** Of all nodes together, the last first. */
  private static List<JsonObject> latest(List<JsonObject> refusals) {
    return refusals.stream()
        .sorted(Comparator.comparing((JsonObject it) -> it.getString("at", "")).reversed())
        .limit(MOST)
        .toList();
  }
}
