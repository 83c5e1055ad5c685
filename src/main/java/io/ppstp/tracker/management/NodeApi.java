package io.ppstp.tracker.management;

import io.ppstp.tracker.config.ConfigView.ConfigValue;
import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.management.Body.BadBodyException;
import io.ppstp.tracker.management.NodeControl.Reloaded;
import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.membership.PeerRemoval;
import io.ppstp.tracker.security.Audit;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/**
 * What an operator has this node do: drain, reload, tell its configuration, take a peer out.
 * Confined to one event loop.
 */
final class NodeApi {
  private static final Set<String> WHY = Set.of(Body.WHY);

  private final String node;
  private final NodeControl control;
  private final PeerRemoval removal;
  private final Audit audit;

  private record Drained(String node, boolean draining) {}

  private record Reload(String node, List<Reloaded> files) {}

  private record Kicked(String peerId, List<String> swarms) {}

  private record Configuration(String node, List<ConfigValue> settings) {}

  /** What an operator does, and why. */
  private interface Act {
    void run(String operator, String why);
  }

  NodeApi(String node, NodeControl control, PeerRemoval removal, Audit audit) {
    this.node = node;
    this.control = control;
    this.removal = removal;
    this.audit = audit;
  }

  private static void act(RoutingContext request, Act act) {
    try {
      act.run(Access.of(request).name(), Body.why(Body.of(request, WHY)));
    } catch (BadBodyException e) {
      e.problem().answer(request);
    }
  }

  /** Lets the node have no new peers. */
  void drain(RoutingContext request) {
    act(request, (operator, why) -> drain(request, true, operator, why));
  }

  /** Lets it have peers again. */
  void resume(RoutingContext request) {
    act(request, (operator, why) -> drain(request, false, operator, why));
  }

  private void drain(RoutingContext request, boolean draining, String operator, String why) {
    audit.noted(
        operator + ": " + (draining ? "drain" : "resume") + " this node: " + Texts.shown(why));
    control.drain(draining);
    Answers.json(request, new Drained(node, control.isDraining()));
  }

  /** Has all files read again. */
  void reload(RoutingContext request) {
    act(
        request,
        (operator, why) -> {
          audit.noted(operator + ": reload: " + Texts.shown(why));
          request
              .vertx()
              .executeBlocking(() -> control.reload(operator))
              .onSuccess(files -> Answers.json(request, new Reload(node, files)))
              .onFailure(request::fail);
        });
  }

  /** Tells the settings in force. */
  void configuration(RoutingContext request) {
    Answers.json(request, new Configuration(node, control.configuration()));
  }

  /** Takes the peer that the path names out of all its swarms. */
  void kick(RoutingContext request) {
    String peer = request.pathParam("id");
    act(
        request,
        (operator, why) ->
            Future.fromCompletionStage(removal.remove(peer), request.vertx().getOrCreateContext())
                .onSuccess(
                    swarms -> {
                      if (swarms.isEmpty()) {
                        Problem.notFound("no peer of this ID is registered").answer(request);
                        return;
                      }
                      audit.noted(
                          "%s: kick peer %s out of %d swarms: %s"
                              .formatted(
                                  operator,
                                  Texts.quoted(peer),
                                  swarms.get().size(),
                                  Texts.shown(why)));
                      Answers.json(request, new Kicked(peer, swarms.get()));
                    })
                .onFailure(
                    failure ->
                        Problem.unavailable("the state cannot be reached now").answer(request)));
  }
}
