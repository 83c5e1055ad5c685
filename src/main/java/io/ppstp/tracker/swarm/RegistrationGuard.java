package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Refused;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.limits.RegistrationPermit;
import io.ppstp.tracker.store.TrackerStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps one client from registering any number of peers, and these from joining any number of
 * swarms (RFC 7846, Section 6.3). Thread-safe.
 *
 * <p>Whether a CONNECT registers anybody only the shard knows. So each is charged as if it did, and
 * what was too much is given back. Who has nothing left may still go on with the peers it has: then
 * the shard is asked first. How many swarms a peer is in the shard knows too: it is told how many
 * more there may be, and says how many there are.
 */
final class RegistrationGuard {
  /** What a permit has counted already for the peer's first membership. */
  private static final int COUNTED = 1;

  private final TrackerStore store;
  private final Limits limits;

  RegistrationGuard(TrackerStore store, Limits limits) {
    this.store = store;
    this.limits = limits;
  }

  /** Applies {@code command}, or refuses with 05 what would be too much. */
  CompletionStage<ConnectOutcome> connect(PeerCommand.Connect command, Client client) {
    RegistrationPermit permit = limits.tryRegister(command.peerId(), client);
    int room = limits.room(client);
    if (permit == null) {
      return connectIfKnown(command.within(room));
    }
    boolean counted = permit.isCounted() && room < Integer.MAX_VALUE;
    return store
        .change(command.peerId(), command.within(counted ? room + COUNTED : room))
        .thenApply(
            outcome -> {
              settle(permit, outcome);
              weigh(command.peerId(), outcome);
              return outcome;
            });
  }

  private CompletionStage<ConnectOutcome> connectIfKnown(PeerCommand.Connect command) {
    return store
        .ask(command.peerId(), new PeerQuery.Look(command.peerId()))
        .thenCompose(
            known ->
                known.isPresent()
                    ? store.change(command.peerId(), command)
                    : CompletableFuture.completedStage(
                        new Refused(RefusalCause.CLIENT_LIMIT, null)));
  }

  /** Counts a request of somebody who may not speak for the peer that is registered. */
  void foreign() {
    limits.hit(Limit.FOREIGN_PEER);
  }

  /** A client has registered a peer in the place of another's. */
  void replaced(String peerId, Client client, Granted granted) {
    limits.replaced(peerId, client, granted.weight());
  }

  private static void settle(RegistrationPermit permit, ConnectOutcome outcome) {
    if (outcome instanceof Refused refused) {
      permit.refused();
      if (refused.departure() != null) {
        permit.ended();
      }
    } else if (outcome instanceof Granted granted) {
      if (!granted.registered()) {
        permit.known();
      }
      if (granted.terminated()) {
        permit.ended();
      }
    }
  }

  private void weigh(String peerId, ConnectOutcome outcome) {
    if (outcome instanceof Granted granted && !granted.terminated()) {
      limits.weigh(peerId, granted.weight());
    }
  }
}
