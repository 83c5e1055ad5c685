package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.SwarmAction;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A change of, or question to, one {@link PeerShard} about one peer; immutable.
 *
 * @param <R> what it answers
 */
public sealed interface PeerCommand<R> {

  /** Applies this to {@code shard}, which the caller guards. */
  R apply(PeerShard shard, PeerBudget budget);

  /**
   * Decides a CONNECT and changes the registration accordingly.
   *
   * @param advertised the addresses of the request, empty to keep those known
   * @param observed the address to use for a new peer that advertises none
   * @param transactionHash equal for equal transaction IDs
   * @param digest equal for equal messages
   * @param seed of the peer lists that this CONNECT brings
   */
  record Connect(
      String peerId,
      List<SwarmAction> actions,
      PeerAddresses advertised,
      PeerAddresses observed,
      long transactionHash,
      long digest,
      long seed,
      long nowMs,
      ConnectRules rules)
      implements PeerCommand<ConnectOutcome> {
    @Override
    public ConnectOutcome apply(PeerShard shard, PeerBudget budget) {
      return shard.connect(this, budget);
    }
  }

  /** Ends the init timer and starts the track timer, the swarm actions being done. */
  record Track(String peerId, long nowMs) implements PeerCommand<Boolean> {
    @Override
    public Boolean apply(PeerShard shard, PeerBudget budget) {
      return shard.track(peerId, nowMs);
    }
  }

  /** Decides whether a peer may FIND in a swarm; if so, resets its track timer. */
  record Find(String peerId, SwarmKey swarm, boolean membershipRequired, long nowMs)
      implements PeerCommand<FindAdmission> {
    @Override
    public FindAdmission apply(PeerShard shard, PeerBudget budget) {
      return shard.find(this);
    }
  }

  /** The answer to {@link Find}: the requester's own addresses, if it may. */
  record FindAdmission(boolean allowed, PeerAddresses addresses) {}

  /** Decides which swarms a peer may report on; if any or if none is named, resets its timer. */
  record Report(String peerId, List<SwarmKey> swarms, long nowMs)
      implements PeerCommand<ReportAdmission> {
    @Override
    public ReportAdmission apply(PeerShard shard, PeerBudget budget) {
      return shard.report(this);
    }
  }

  /** The answer to {@link Report}: which of the swarms the peer is a member of. */
  record ReportAdmission(boolean allowed, Set<SwarmKey> joined) {}

  /** Answers with what is known of a peer. */
  record Look(String peerId) implements PeerCommand<Optional<RegistrationView>> {
    @Override
    public Optional<RegistrationView> apply(PeerShard shard, PeerBudget budget) {
      return shard.look(peerId);
    }
  }
}
