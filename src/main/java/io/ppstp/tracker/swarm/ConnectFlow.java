package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.DepartureEvents;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Refused;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerAddresses;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.Step;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.protocol.SwarmResult;
import io.ppstp.tracker.protocol.Withheld;
import io.ppstp.tracker.store.Departures;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT (RFC 7846, Section 4.1.1): decide on the peer's shard, act on each swarm, start the track
 * timer, tell, answer. Thread-safe.
 *
 * <p>Each step can be repeated. If the tracker fails between them, the peer's repeat of the request
 * finds the decision and carries the rest out again, or the init timer takes it back.
 */
final class ConnectFlow {
  private final TrackerStore store;
  private final SwarmRules rules;
  private final PeerLists lists;
  private final LongSupplier seeds;
  private final EventSink events;
  private final Consumer<Set<Leniency>> leniencies;
  private final ObjIntConsumer<Withheld> withheld;
  private final RegistrationGuard registrations;

  ConnectFlow(
      TrackerStore store,
      SwarmRules rules,
      LongSupplier seeds,
      EventSink events,
      Consumer<Set<Leniency>> leniencies,
      ObjIntConsumer<Withheld> withheld,
      RegistrationGuard registrations) {
    this.store = store;
    this.registrations = registrations;
    this.rules = rules;
    this.lists = new PeerLists(rules);
    this.seeds = seeds;
    this.events = events;
    this.leniencies = leniencies;
    this.withheld = withheld;
  }

  CompletionStage<Answer> handle(Request.Connect request, Requester requester, long nowMs) {
    Origin origin = rules.originOf(requester);
    PeerCommand.Connect command =
        new PeerCommand.Connect(
            request.peerId(),
            request.actions(),
            PeerAddresses.advertised(request.addresses(), origin.authenticated()),
            origin,
            hash(request.transactionId()),
            request.digest(),
            seeds.getAsLong(),
            nowMs,
            rules.connect());
    return registrations
        .connect(command, requester.client())
        .thenCompose(
            outcome ->
                outcome instanceof Granted granted
                    ? grant(request, requester, granted, nowMs)
                    : refuse(request, (Refused) outcome, nowMs));
  }

  /** 64 bits, so that a chance collision of two transaction IDs is out of the question. */
  private static long hash(String transactionId) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < transactionId.length(); i++) {
      hash = (hash ^ transactionId.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  private CompletionStage<Answer> refuse(Request.Connect request, Refused refused, long nowMs) {
    events.publish(
        new TrackerEvent.Refused(nowMs, request.peerId(), RequestType.CONNECT, refused.code()));
    Answer answer = Answer.failure(RequestType.CONNECT, refused.code(), request.transactionId());
    Departure departure = refused.departure();
    if (departure == null) {
      return CompletableFuture.completedStage(answer);
    }
    return Departures.finish(store, List.of(departure))
        .thenApply(
            finished -> {
              DepartureEvents.publish(events, finished);
              return answer;
            });
  }

  private CompletionStage<Answer> grant(
      Request.Connect request, Requester requester, Granted granted, long nowMs) {
    if (granted.transactionReused()) {
      leniencies.accept(Set.of(Leniency.TRANSACTION_REUSED));
    }
    if (!granted.repeated()) {
      withheld.accept(Withheld.UNPROVEN, granted.listing().withheldOf(granted.addresses()));
    }
    return Stages.all(actOnSwarms(request, requester, granted))
        .thenCompose(results -> startTracking(request, granted, nowMs, results))
        .thenApply(
            results -> {
              ConnectEvents.publish(events, request.peerId(), granted, nowMs);
              return Answer.success(
                  RequestType.CONNECT,
                  ResponseWriter.success(
                      request.transactionId(),
                      granted.addresses().reflexive(requester.ip(), requester.port()),
                      results.subList(0, granted.steps().size())));
            });
  }

  private List<CompletionStage<SwarmResult>> actOnSwarms(
      Request.Connect request, Requester requester, Granted granted) {
    int steps = granted.steps().size() + granted.readdressed().size();
    List<CompletionStage<SwarmResult>> results = new ArrayList<>(steps);
    int wanted = lists.wanted(request.peerNum());
    for (Step step : granted.steps()) {
      Draw draw =
          wanted > 0 && wantsList(step, request.peerNum())
              ? lists.draw(
                  wanted, results.size(), request.peerNum(), granted.seed(), requester.ip())
              : null;
      results.add(act(request, granted, step, draw));
    }
    for (Step step : granted.readdressed()) {
      results.add(act(request, granted, step, null));
    }
    return results;
  }

  /** A LEECH gets a list, a SEEDER only if it sent a peer_num (Section 4.1.1). */
  private static boolean wantsList(Step step, @Nullable PeerNum peerNum) {
    return step.mode() == PeerMode.LEECH || (step.joins() && peerNum != null);
  }

  private CompletionStage<SwarmResult> act(
      Request.Connect request, Granted granted, Step step, @Nullable Draw draw) {
    String swarmId = step.swarm().swarmId();
    PeerMode mode = step.mode();
    if (!step.successful()) {
      return CompletableFuture.completedStage(SwarmResult.failure(swarmId));
    }
    if (mode != null) {
      PeerNum status = request.peerNum() == null ? PeerNum.NOTHING : request.peerNum();
      Member member =
          new Member(
              request.peerId(),
              mode,
              granted.stamp(),
              granted.listing().addresses(),
              status,
              null,
              granted.listing().confinedTo());
      return store
          .onSwarm(step.swarm(), new SwarmCommand.Join(member, draw))
          .thenApply(
              list -> {
                withheld.accept(Withheld.PRIVATE, list.withheld());
                return new SwarmResult(swarmId, true, list.entries());
              });
    }
    if (step.effect() == Step.Effect.LEFT_TO_REJOIN) {
      return CompletableFuture.completedStage(SwarmResult.success(swarmId));
    }
    return store
        .onSwarm(step.swarm(), new SwarmCommand.Leave(request.peerId(), granted.stamp()))
        .thenApply(left -> SwarmResult.success(swarmId));
  }

  /** The swarm actions being done, the init timer ends and the track timer starts (Figure 5). */
  private <T> CompletionStage<T> startTracking(
      Request.Connect request, Granted granted, long nowMs, T results) {
    boolean mayBeInitial = granted.registered() || granted.repeated();
    if (!mayBeInitial || granted.terminated()) {
      return CompletableFuture.completedStage(results);
    }
    return store
        .onPeer(request.peerId(), new PeerCommand.Track(request.peerId(), nowMs))
        .thenApply(tracking -> results);
  }
}
