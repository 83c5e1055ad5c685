package io.ppstp.tracker.domain;

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
   * Returns what brings a copy of the shard to the same state, after an application that answered
   * {@code result} and changed it.
   */
  default PeerCommand<?> forCopies(R result) {
    return this;
  }

  /**
   * A command that often changes nothing that must not be lost: it asks, or notes when a peer was
   * last heard of. A store with copies of a shard may then apply it without telling them.
   *
   * @param <R> what it answers
   */
  sealed interface Light<R> extends PeerCommand<R> {
    /**
     * Applies this to {@code shard} if that changes nothing but when a peer was last heard of.
     *
     * @param mostLagMs how far a copy may lag behind in that, in milliseconds
     * @return null if it would change more, or let copies lag behind further: nothing was changed
     */
    @Nullable R applyLightly(PeerShard shard, long mostLagMs);
  }

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
      implements Light<FindAdmission> {
    @Override
    public FindAdmission apply(PeerShard shard, PeerBudget budget) {
      return shard.find(this);
    }

    @Override
    public @Nullable FindAdmission applyLightly(PeerShard shard, long mostLagMs) {
      return shard.findLightly(this, mostLagMs);
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
      implements Light<ReportAdmission> {
    @Override
    public ReportAdmission apply(PeerShard shard, PeerBudget budget) {
      return shard.report(this);
    }

    @Override
    public @Nullable ReportAdmission applyLightly(PeerShard shard, long mostLagMs) {
      return shard.reportLightly(this, mostLagMs);
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

    @Override
    public PeerCommand<?> forCopies(List<Departure> result) {
      return new Depart(this, result);
    }
  }

  /**
   * Ends on a copy the registrations that its owner has ended, and no others: a copy may not know
   * yet that a peer was heard of. Answers how many there were.
   */
  record Depart(Expire expire, List<Departure> departures) implements PeerCommand<Integer> {
    @Override
    public Integer apply(PeerShard shard, PeerBudget budget) {
      return shard.depart(this, budget);
    }

    @Override
    public boolean changed(Integer result) {
      return true;
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

  /** Answers who was heard of since the last such command, for the copies to be told. */
  record Save() implements PeerCommand<List<Touch>> {
    @Override
    public List<Touch> apply(PeerShard shard, PeerBudget budget) {
      return shard.save();
    }

    @Override
    public boolean changed(List<Touch> result) {
      return !result.isEmpty();
    }

    @Override
    public PeerCommand<?> forCopies(List<Touch> result) {
      return new Touches(result);
    }
  }

  /** When a peer was last heard of. */
  record Touch(String peerId, long lastSeenMs) {}

  /** Notes when peers were last heard of; answers how many of them are tracked. */
  record Touches(List<Touch> touches) implements PeerCommand<Integer> {
    @Override
    public Integer apply(PeerShard shard, PeerBudget budget) {
      return shard.touch(touches);
    }

    @Override
    public boolean changed(Integer result) {
      return result > 0;
    }
  }
}
