package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerQuery.FindAdmission;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.protocol.ResponseWriter.SwarmResult;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.swarm.SwarmRules.PeerLists;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;

/** FIND (RFC 7846, Section 4.1.2): admit and touch the peer, draw a list, answer. Thread-safe. */
final class FindFlow {
  private final TrackerStore store;
  private final SwarmRules rules;
  private final PeerLists lists;
  private final LongSupplier seeds;
  private final EventSink events;
  private final ObjIntConsumer<Withheld> withheld;
  private final Runnable foreign;
  private final Reflexives reflexives;

  FindFlow(TrackerStore store, SwarmRules rules, SwarmServices services, Runnable foreign) {
    this.store = store;
    this.rules = rules;
    this.lists = new PeerLists(rules);
    this.seeds = services.seeds();
    this.events = services.events();
    this.withheld = services.withheld();
    this.foreign = foreign;
    this.reflexives = new Reflexives(services.asns());
  }

  CompletionStage<Answer> handle(Request.Find request, Requester requester, long nowMs) {
    SwarmKey swarm = new SwarmKey(request.swarmId());
    PeerQuery.Find admission =
        new PeerQuery.Find(
            request.peerId(),
            swarm,
            rules.findRequiresMembership(),
            rules.originOf(requester),
            nowMs);
    return store
        .ask(request.peerId(), admission)
        .thenCompose(
            admitted ->
                admitted.allowed()
                    ? list(request, requester, swarm, admitted, nowMs)
                    : CompletableFuture.completedStage(
                        refuse(request, requester, admitted, nowMs)));
  }

  private Answer refuse(
      Request.Find request, Requester requester, FindAdmission admission, long nowMs) {
    if (admission.foreign()) {
      foreign.run();
    }
    RefusalCause cause = Objects.requireNonNull(admission.refusal());
    events.publish(
        new TrackerEvent.Refused(
            nowMs, request.peerId(), RequestType.FIND, cause, request.swarmId()),
        requester);
    return Answer.failure(RequestType.FIND, cause.code(), request.transactionId());
  }

  private CompletionStage<Answer> list(
      Request.Find request,
      Requester requester,
      SwarmKey swarm,
      FindAdmission admitted,
      long nowMs) {
    if (rules.findRequiresMembership()) {
      events.heard(request.peerId(), request.swarmId(), requester, nowMs);
    }
    PeerNum peerNum = request.peerNum();
    if (peerNum != null && peerNum.statesStatus()) {
      store.state(swarm, new Statement(request.peerId(), peerNum, null));
    }
    SwarmQuery.DrawList find =
        new SwarmQuery.DrawList(
            swarm,
            request.peerId(),
            lists.draw(lists.wanted(peerNum), 0, 1, peerNum, seeds.getAsLong(), requester.ip()));
    return Observations.before(
            () -> store.ask(swarm, find),
            store,
            new PeerCommand.Observe(request.peerId(), rules.originOf(requester), nowMs),
            admitted.seenElsewhere())
        .thenApply(
            list -> {
              withheld.accept(Withheld.PRIVATE, list.withheld());
              return Answer.success(
                  RequestType.FIND,
                  ResponseWriter.success(
                      request.transactionId(),
                      reflexives.of(admitted.addresses(), requester),
                      List.of(new SwarmResult(request.swarmId(), true, list.entries()))));
            });
  }
}
