package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerCommand.ReportAdmission;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.protocol.SwarmResult;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.List;
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

  StatReportFlow(TrackerStore store, SwarmRules rules, EventSink events) {
    this.store = store;
    this.rules = rules;
    this.events = events;
  }

  CompletionStage<Answer> handle(Request.StatReport request, Requester requester, long nowMs) {
    List<SwarmKey> swarms = new ArrayList<>(request.stats().size());
    for (StreamStats stats : request.stats()) {
      swarms.add(new SwarmKey(stats.swarmId()));
    }
    return store
        .onPeer(
            request.peerId(),
            new PeerCommand.Report(request.peerId(), swarms, rules.originOf(requester), nowMs))
        .thenCompose(
            admitted ->
                admitted.allowed()
                    ? note(request, admitted, nowMs)
                    : CompletableFuture.completedStage(
                        Answer.failure(
                            RequestType.STAT_REPORT,
                            ErrorCode.FORBIDDEN_ACTION,
                            request.transactionId())));
  }

  private CompletionStage<Answer> note(
      Request.StatReport request, ReportAdmission admitted, long nowMs) {
    List<CompletionStage<SwarmResult>> results = new ArrayList<>(request.stats().size());
    for (StreamStats stats : request.stats()) {
      SwarmKey swarm = new SwarmKey(stats.swarmId());
      results.add(
          admitted.joined().contains(swarm)
              ? note(request.peerId(), swarm, stats, nowMs)
              : CompletableFuture.completedStage(SwarmResult.failure(stats.swarmId())));
    }
    return Readdressings.before(
            () -> Stages.all(results), store, request.peerId(), admitted.readdressing())
        .thenApply(
            done ->
                Answer.success(
                    RequestType.STAT_REPORT,
                    ResponseWriter.success(request.transactionId(), null, done)));
  }

  private CompletionStage<SwarmResult> note(
      String peerId, SwarmKey swarm, StreamStats stats, long nowMs) {
    return store
        .onSwarm(swarm, new SwarmCommand.Report(peerId, stats))
        .thenApply(
            noted -> {
              events.publish(new TrackerEvent.Reported(nowMs, peerId, stats));
              return SwarmResult.success(stats.swarmId());
            });
  }
}
