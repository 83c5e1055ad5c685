package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Refused;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.limits.Client;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.limits.RegistrationPermit;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.store.TrackerStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps one client from registering any number of peers (RFC 7846, Section 6.3). Thread-safe.
 *
 * <p>Whether a CONNECT registers anybody only the shard knows. So each is charged as if it did, and
 * what was too much is given back. Who has nothing left may still go on with the peers it has: then
 * the shard is asked first.
 */
final class RegistrationGuard {
  private final TrackerStore store;
  private final Limits limits;

  RegistrationGuard(TrackerStore store, Limits limits) {
    this.store = store;
    this.limits = limits;
  }

  /** Applies {@code command}, or refuses with 05 if it would register a peer too many. */
  CompletionStage<ConnectOutcome> connect(PeerCommand.Connect command, Client client) {
    RegistrationPermit permit = limits.tryRegister(command.peerId(), client);
    return permit == null
        ? connectIfKnown(command)
        : store
            .change(command.peerId(), command)
            .thenApply(
                outcome -> {
                  settle(permit, outcome);
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
                        new Refused(ErrorCode.SERVICE_UNAVAILABLE, null)));
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
}
