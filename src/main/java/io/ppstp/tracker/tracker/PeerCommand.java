package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.SwarmAction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of, or question to, one {@link PeerShard}; immutable.
 *
 * @param <R> what it answers
 */
public sealed interface PeerCommand<R> {

  /** Applies this to {@code shard}, which the caller guards. */
  R apply(PeerShard shard, PeerBudget budget);

  /** Returns whether an application that answered {@code result} changed the shard. */
  boolean changed(R result);

  /**
   * Decides a CONNECT and changes the registration accordingly.
   *
   * @param advertised the addresses of the request, empty to keep those known
   * @param transactionHash equal for equal transaction IDs
   * @param digest equal for equal messages
   * @param seed of the peer lists that this CONNECT brings
   */
  record Connect(
      String peerId,
      List<SwarmAction> actions,
      PeerAddresses advertised,
      Origin origin,
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

    @Override
    public boolean changed(ConnectOutcome result) {
      return result.changedRegistration();
    }
  }

  /** Ends the init timer and starts the track timer, the swarm actions being done. */
  record Track(String peerId, long nowMs) implements PeerCommand<Boolean> {
    @Override
    public Boolean apply(PeerShard shard, PeerBudget budget) {
      return shard.track(peerId, nowMs);
    }

    @Override
    public boolean changed(Boolean result) {
      return result;
    }
  }

  /** Decides whether a peer may FIND in a swarm; if so, resets its track timer. */
  record Find(String peerId, SwarmKey swarm, boolean membershipRequired, Origin origin, long nowMs)
      implements PeerCommand<FindAdmission> {
    @Override
    public FindAdmission apply(PeerShard shard, PeerBudget budget) {
      return shard.find(this);
    }

    @Override
    public boolean changed(FindAdmission result) {
      return result.allowed();
    }
  }

  /**
   * The answer to {@link Find}: the requester's own addresses, if it may.
   *
   * @param readdressing what is to be noted in its swarms before the answer, null if nothing
   */
  record FindAdmission(
      boolean allowed, PeerAddresses addresses, @Nullable Readdressing readdressing) {
    static final FindAdmission REFUSED = new FindAdmission(false, PeerAddresses.NONE, null);
  }

  /** Decides which swarms a peer may report on; if any or if none is named, resets its timer. */
  record Report(String peerId, List<SwarmKey> swarms, Origin origin, long nowMs)
      implements PeerCommand<ReportAdmission> {
    @Override
    public ReportAdmission apply(PeerShard shard, PeerBudget budget) {
      return shard.report(this);
    }

    @Override
    public boolean changed(ReportAdmission result) {
      return result.allowed();
    }
  }

  /**
   * The answer to {@link Report}: which of the swarms the peer is a member of.
   *
   * @param readdressing what is to be noted in its swarms before the answer, null if nothing
   */
  record ReportAdmission(
      boolean allowed, Set<SwarmKey> joined, @Nullable Readdressing readdressing) {
    static final ReportAdmission REFUSED = new ReportAdmission(false, Set.of(), null);
  }

  /** Answers with what is known of a peer. */
  record Look(String peerId) implements PeerCommand<Optional<RegistrationView>> {
    @Override
    public Optional<RegistrationView> apply(PeerShard shard, PeerBudget budget) {
      return shard.look(peerId);
    }

    @Override
    public boolean changed(Optional<RegistrationView> result) {
      return false;
    }
  }

  /** Ends registrations whose timer has run out, see {@link PeerShard#expire}. */
  record Expire(long nowMs, int maximum, Timers timers) implements PeerCommand<List<Departure>> {
    @Override
    public List<Departure> apply(PeerShard shard, PeerBudget budget) {
      return shard.expire(nowMs, maximum, timers, budget);
    }

    @Override
    public boolean changed(List<Departure> result) {
      return !result.isEmpty();
    }
  }

  /** Strikes out departures, see {@link PeerShard#forget}. */
  record Forget(List<Departure> done) implements PeerCommand<List<Departure>> {
    @Override
    public List<Departure> apply(PeerShard shard, PeerBudget budget) {
      return shard.forget(done);
    }

    @Override
    public boolean changed(List<Departure> result) {
      return !result.isEmpty();
    }
  }

  /** Answers which of the members have no registration, see {@link PeerShard#orphansAmong}. */
  record FindOrphans(List<Membership> members) implements PeerCommand<List<Membership>> {
    @Override
    public List<Membership> apply(PeerShard shard, PeerBudget budget) {
      return shard.orphansAmong(members);
    }

    @Override
    public boolean changed(List<Membership> result) {
      return false;
    }
  }
}
