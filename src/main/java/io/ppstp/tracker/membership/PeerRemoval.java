package io.ppstp.tracker.membership;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.bus.TrackerEvent.Left;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.store.TrackerStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Takes peers out of all their swarms because an operator says so, which ends their registrations.
 * They may come again: what keeps them out is a rule. As thread-safe as its source of randomness.
 */
public final class PeerRemoval {
  /** A peer that joins another swarm in between is looked at again, so often. */
  private static final int TRIES = 3;

  private final TrackerStore store;
  private final InstantSource clock;
  private final EventSink events;
  private final RandomGenerator random;
  private final ConnectRules rules;

  /**
   * Makes it.
   *
   * @param trackMs the track timer
   * @param events told of each membership that ends
   */
  public PeerRemoval(
      TrackerStore store,
      long trackMs,
      InstantSource clock,
      EventSink events,
      RandomGenerator random) {
    this.store = store;
    this.clock = clock;
    this.events = events;
    this.random = random;
    this.rules =
        new ConnectRules(
            ConnectPolicy.ADDITIVE, Integer.MAX_VALUE, Integer.MAX_VALUE, false, trackMs);
  }

  /**
   * Takes a peer out. Completes with the swarms that it was in, nothing if it is not registered;
   * fails if the state cannot be reached, and may have been changed then.
   */
  public CompletionStage<Optional<List<String>>> remove(String peerId) {
    return remove(peerId, TRIES, new ArrayList<>());
  }

  private CompletionStage<Optional<List<String>>> remove(
      String peerId, int tries, List<String> ended) {
    return store
        .ask(peerId, new PeerQuery.Look(peerId))
        .thenCompose(
            found -> {
              if (found.isEmpty() || tries == 0) {
                return CompletableFuture.completedStage(
                    ended.isEmpty() ? Optional.<List<String>>empty() : Optional.of(ended));
              }
              return leave(peerId, found.get(), ended)
                  .thenCompose(done -> remove(peerId, tries - 1, ended));
            });
  }

  private CompletionStage<?> leave(String peerId, RegistrationView peer, List<String> ended) {
    List<SwarmAction> actions = new ArrayList<>();
    for (SwarmKey swarm : peer.memberships().keySet()) {
      actions.add(new SwarmAction(swarm.swarmId(), Action.LEAVE, null));
    }
    if (actions.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    long nowMs = clock.millis();
    PeerCommand.Connect command =
        new PeerCommand.Connect(
            peerId,
            actions,
            PeerAddresses.NONE,
            PeerNum.NOTHING,
            // Speaks for the peer, whoever has registered it.
            new Origin(null, peer.authenticated(), AddressRules.OPEN),
            random.nextLong(),
            random.nextLong(),
            0,
            nowMs,
            rules);
    return store.change(peerId, command).thenAccept(outcome -> tell(peerId, outcome, nowMs, ended));
  }

  private void tell(String peerId, ConnectOutcome outcome, long nowMs, List<String> ended) {
    if (!(outcome instanceof Granted granted)) {
      return;
    }
    for (Step step : granted.steps()) {
      if (step.effect().ends()) {
        String swarm = step.swarm().swarmId();
        ended.add(swarm);
        events.publish(
            new Left(
                nowMs, peerId, swarm, !granted.terminated(), LeaveReason.KICKED, step.watchedMs()));
      }
    }
  }
}
