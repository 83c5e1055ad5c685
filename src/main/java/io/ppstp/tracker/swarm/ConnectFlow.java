package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.ConnectEvents;
import io.ppstp.tracker.bus.DepartureEvents;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Refused;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.RegistrationSecret;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.protocol.ResponseWriter.SwarmResult;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.swarm.SwarmRules.Advertised;
import io.ppstp.tracker.swarm.SwarmRules.PeerLists;
import io.ppstp.tracker.swarm.UntoldConnects.UntoldConnect;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT (RFC 7846, Section 4.1.1): change the registration, tell, ask for lists, answer.
 * Thread-safe.
 *
 * <p>The registration is changed in one step, and lists follow by themselves. If the tracker fails
 * before it answers, the peer's repeat of the request finds what was decided, and listeners are
 * told then.
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
  private final RandomGenerator secrets;
  private final UntoldConnects untold;
  private final Reflexives reflexives;

  ConnectFlow(
      TrackerStore store,
      SwarmRules rules,
      SwarmServices services,
      RegistrationGuard registrations) {
    this.store = store;
    this.rules = rules;
    this.lists = new PeerLists(rules);
    this.registrations = registrations;
    this.seeds = services.seeds();
    this.secrets = services.secrets();
    this.untold = services.untold();
    this.reflexives = new Reflexives(services.asns());
    this.events = services.events();
    this.leniencies = services.leniencies();
    this.withheld = services.withheld();
  }

  CompletionStage<Answer> handle(Request.Connect request, Requester requester, long nowMs) {
    RegistrationSecret secret =
        rules.offersSecretTo(requester) ? RegistrationSecret.draw(secrets) : null;
    Origin origin = rules.originOf(requester, secret == null ? null : secret.hash());
    Advertised advertised = rules.advertised(request.addresses(), origin);
    PeerCommand.Connect command =
        new PeerCommand.Connect(
            request.peerId(),
            request.actions(),
            advertised.addresses(),
            request.peerNum() == null ? PeerNum.NOTHING : request.peerNum(),
            origin,
            hash(request.transactionId()),
            request.digest(),
            seeds.getAsLong(),
            nowMs,
            rules.connect());
    return registrations
        .connect(command, requester.client())
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null && !StoreUnavailableException.isNotExecuted(failure)) {
                untold.add(command, requester);
              }
            })
        .thenCompose(
            outcome ->
                outcome instanceof Granted granted
                    ? grant(request, requester, advertised, granted, command)
                        .thenApply(
                            answer ->
                                secret != null && granted.secretGiven()
                                    ? answer.telling(secret)
                                    : answer)
                    : CompletableFuture.completedStage(
                        refuse(request, requester, (Refused) outcome, nowMs)));
  }

  /** Tells what was executed while its peer was told of a failure, as far as the store knows. */
  void tellUntold(long nowMs) {
    for (UntoldConnect one : untold.toAsk(nowMs)) {
      PeerCommand.Connect connect = one.connect();
      store
          .ask(connect.peerId(), new PeerQuery.Executed(connect))
          .thenAccept(
              outcome -> {
                if (outcome.orElse(null) instanceof Granted granted
                    && untold.take(connect.seed())) {
                  ConnectEvents.publish(
                      events.of(one.requester()), connect.peerId(), granted, connect.nowMs());
                }
              });
    }
  }

  /** 64 bits, so that a chance collision of two transaction IDs is out of the question. */
  private static long hash(String transactionId) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < transactionId.length(); i++) {
      hash = (hash ^ transactionId.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  private Answer refuse(Request.Connect request, Requester requester, Refused refused, long nowMs) {
    events.publish(
        new TrackerEvent.Refused(
            nowMs,
            request.peerId(),
            RequestType.CONNECT,
            refused.cause(),
            onlySwarm(request.actions())),
        requester);
    if (refused.foreign()) {
      registrations.foreign();
    }
    if (refused.departure() != null) {
      DepartureEvents.publish(events.of(requester), List.of(refused.departure()));
    }
    return Answer.failure(RequestType.CONNECT, refused.code(), request.transactionId());
  }

  private static @Nullable String onlySwarm(List<SwarmAction> actions) {
    String only = actions.get(0).swarmId();
    return actions.stream().allMatch(it -> it.swarmId().equals(only)) ? only : null;
  }

  private CompletionStage<Answer> grant(
      Request.Connect request,
      Requester requester,
      Advertised advertised,
      Granted granted,
      PeerCommand.Connect command) {
    if (granted.transactionReused()) {
      leniencies.accept(Set.of(Leniency.TRANSACTION_REUSED));
    }
    if (!granted.repeated()) {
      advertised.tellWithheld(withheld);
      granted.listing().tellWithheldOf(granted.addresses(), withheld);
    }
    if (granted.replaced() != null) {
      DepartureEvents.publish(events, List.of(granted.replaced()));
      registrations.replaced(request.peerId(), requester.client(), granted);
    }
    if (untold.isDue(granted, command.seed())) {
      ConnectEvents.publish(events.of(requester), request.peerId(), granted, command.nowMs());
    }
    for (Step step : granted.steps()) {
      if (step.effect() == Step.Effect.REFRESHED) {
        events.heard(request.peerId(), step.swarm().swarmId(), requester, command.nowMs());
      }
    }
    return Stages.all(results(request, requester, granted))
        .thenApply(
            results ->
                Answer.success(
                    RequestType.CONNECT,
                    ResponseWriter.success(
                        request.transactionId(),
                        reflexives.of(granted.addresses(), requester),
                        results)));
  }

  private List<CompletionStage<SwarmResult>> results(
      Request.Connect request, Requester requester, Granted granted) {
    List<CompletionStage<SwarmResult>> results = new ArrayList<>(granted.steps().size());
    int wanted = lists.wanted(request.peerNum());
    int most = wanted == 0 ? 0 : lists.most(listsOf(request, granted));
    int drawn = 0;
    for (Step step : granted.steps()) {
      if (drawn < most && wantsList(step, request.peerNum())) {
        Draw draw =
            lists.draw(wanted, drawn, most, request.peerNum(), granted.seed(), requester.ip());
        results.add(list(request, step, draw));
        drawn++;
      } else {
        results.add(
            CompletableFuture.completedStage(
                new SwarmResult(step.swarm().swarmId(), step.successful(), null)));
      }
    }
    return results;
  }

  private static int listsOf(Request.Connect request, Granted granted) {
    int lists = 0;
    for (Step step : granted.steps()) {
      lists += wantsList(step, request.peerNum()) ? 1 : 0;
    }
    return lists;
  }

  /** A LEECH gets a list, a SEEDER only if it sent a peer_num (Section 4.1.1). */
  private static boolean wantsList(Step step, @Nullable PeerNum peerNum) {
    if (!step.successful()) {
      return false;
    }
    return step.mode() == PeerMode.LEECH || (step.joins() && peerNum != null);
  }

  private CompletionStage<SwarmResult> list(Request.Connect request, Step step, Draw draw) {
    return store
        .ask(step.swarm(), new SwarmQuery.DrawList(step.swarm(), request.peerId(), draw))
        .thenApply(
            list -> {
              withheld.accept(Withheld.PRIVATE, list.withheld());
              return new SwarmResult(step.swarm().swarmId(), true, list.entries());
            });
  }
}
