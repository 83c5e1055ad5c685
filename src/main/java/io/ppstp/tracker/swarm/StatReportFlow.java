package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerQuery.ReportAdmission;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.protocol.ResponseWriter.SwarmResult;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * STAT_REPORT (RFC 7846, Section 4.1.3): touch the peer, note its statistics, answer per swarm.
 * Without statistics it is a keep-alive, answered without results. Thread-safe.
 */
final class StatReportFlow {
  private final TrackerStore store;
  private final SwarmRules rules;
  private final EventSink events;
  private final Runnable foreign;

  StatReportFlow(TrackerStore store, SwarmRules rules, EventSink events, Runnable foreign) {
    this.store = store;
    this.rules = rules;
    this.events = events;
    this.foreign = foreign;
  }

  CompletionStage<Answer> handle(Request.StatReport request, Requester requester, long nowMs) {
    List<SwarmKey> swarms = new ArrayList<>(request.stats().size());
    for (StreamStats stats : request.stats()) {
      swarms.add(new SwarmKey(stats.swarmId()));
    }
    return store
        .ask(
            request.peerId(),
            new PeerQuery.Report(request.peerId(), swarms, rules.originOf(requester), nowMs))
        .thenCompose(
            admitted ->
                admitted.allowed()
                    ? note(request, requester, admitted, nowMs)
                    : CompletableFuture.completedStage(
                        refuse(request, requester, admitted, nowMs)));
  }

  private Answer refuse(
      Request.StatReport request, Requester requester, ReportAdmission admission, long nowMs) {
    if (admission.foreign()) {
      foreign.run();
    }
    RefusalCause cause = Objects.requireNonNull(admission.refusal());
    String only = request.stats().size() == 1 ? request.stats().get(0).swarmId() : null;
    events.publish(
        new TrackerEvent.Refused(nowMs, request.peerId(), RequestType.STAT_REPORT, cause, only),
        requester);
    return Answer.failure(RequestType.STAT_REPORT, cause.code(), request.transactionId());
  }

  private CompletionStage<Answer> note(
      Request.StatReport request, Requester requester, ReportAdmission admitted, long nowMs) {
    return Observations.before(
            () ->
                CompletableFuture.completedStage(
                    note(request, requester, admitted.joined(), nowMs)),
            store,
            new PeerCommand.Observe(request.peerId(), rules.originOf(requester), nowMs),
            admitted.seenElsewhere())
        .thenApply(
            done ->
                Answer.success(
                    RequestType.STAT_REPORT,
                    ResponseWriter.success(request.transactionId(), null, done)));
  }

  private List<SwarmResult> note(
      Request.StatReport request, Requester requester, Set<SwarmKey> known, long nowMs) {
    List<SwarmResult> results = new ArrayList<>(request.stats().size());
    for (StreamStats stats : request.stats()) {
      SwarmKey swarm = new SwarmKey(stats.swarmId());
      boolean joined = known.contains(swarm);
      if (joined) {
        StreamStats before = store.state(swarm, new Statement(request.peerId(), null, stats));
        events.publish(
            new TrackerEvent.Reported(nowMs, request.peerId(), stats, before), requester);
      }
      results.add(new SwarmResult(stats.swarmId(), joined, null));
    }
    return results;
  }
}
