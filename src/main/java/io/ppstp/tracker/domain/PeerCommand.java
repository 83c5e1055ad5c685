package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import java.util.List;

/**
 * A change of one {@link PeerShard}; immutable. It is decided by the shard's state alone: time and
 * seeds are its own. It can be repeated without harm.
 *
 * @param <R> what it answers
 */
public sealed interface PeerCommand<R> {

  /**
   * Decides what this comes to, and changes nothing but {@code budget}.
   *
   * @param shard guarded by the caller, until the change is applied
   */
  Decision<R> decide(PeerShard shard, PeerBudget budget);

  /** Decides, applies the change and returns the answer. */
  default R apply(PeerShard shard, PeerBudget budget) {
    Decision<R> decision = decide(shard, budget);
    shard.apply(decision.change());
    return decision.result();
  }

  /**
   * A CONNECT (RFC 7846, Section 4.1.1).
   *
   * @param advertised the addresses of the request, empty to keep those known
   * @param status what the peer stated about itself in {@code peer_num}
   * @param transactionHash equal for equal transaction IDs
   * @param digest equal for equal messages
   * @param seed of the peer lists that this CONNECT brings
   */
  record Connect(
      String peerId,
      List<SwarmAction> actions,
      PeerAddresses advertised,
      PeerNum status,
      Origin origin,
      long transactionHash,
      long digest,
      long seed,
      long nowMs,
      ConnectRules rules)
      implements PeerCommand<ConnectOutcome> {

    /** Returns this of a sender whose place, and the places of whose addresses, are known. */
    public Connect at(Origin itsOrigin, PeerAddresses itsAddresses) {
      return new Connect(
          peerId,
          actions,
          itsAddresses,
          status,
          itsOrigin,
          transactionHash,
          digest,
          seed,
          nowMs,
          rules);
    }

    /** Returns this for a peer that may have {@code room} memberships more than before. */
    public Connect within(int room) {
      return room == rules.room()
          ? this
          : new Connect(
              peerId,
              actions,
              advertised,
              status,
              origin,
              transactionHash,
              digest,
              seed,
              nowMs,
              rules.within(room));
    }

    @Override
    public Decision<ConnectOutcome> decide(PeerShard shard, PeerBudget budget) {
      return new ConnectDecision(shard, this, budget).decide();
    }
  }

  /**
   * Notes that a peer's requests are seen from elsewhere than before; answers whether it was
   * registered, and the sender may speak for it.
   */
  record Observe(String peerId, Origin origin, long nowMs) implements PeerCommand<Boolean> {
    @Override
    public Decision<Boolean> decide(PeerShard shard, PeerBudget budget) {
      return shard.observe(this);
    }
  }

  /** Notes when peers were last heard of; answers how many of them are registered. */
  record Touch(List<Heard> heard) implements PeerCommand<Integer> {
    @Override
    public Decision<Integer> decide(PeerShard shard, PeerBudget budget) {
      return shard.touch(heard);
    }
  }

  /**
   * Ends registrations whose track timer has run out (RFC 7846, Section 2.3.2-D), at most {@code
   * maximum}; the rest follow at the next call.
   *
   * @param heard when peers were last heard of, as far as the shard does not know it yet
   */
  record Expire(long nowMs, int maximum, long trackMs, List<Heard> heard)
      implements PeerCommand<List<ListUpdate>> {
    @Override
    public Decision<List<ListUpdate>> decide(PeerShard shard, PeerBudget budget) {
      return shard.expire(this, budget);
    }
  }

  /** Strikes out updates that lists have followed; answers with those that were still noted. */
  record StrikeOut(List<Long> stamps) implements PeerCommand<List<ListUpdate>> {
    @Override
    public Decision<List<ListUpdate>> decide(PeerShard shard, PeerBudget budget) {
      return shard.strikeOut(stamps);
    }
  }

  /**
   * Lets lists name peers as their registrations say, where they were found not to; answers how
   * many memberships that concerns. Peers that lists are following anyway are left alone.
   */
  record Reconcile(List<Membership> memberships, AddressRules rules, long nowMs)
      implements PeerCommand<Integer> {
    @Override
    public Decision<Integer> decide(PeerShard shard, PeerBudget budget) {
      return shard.reconcile(this);
    }
  }

  /**
   * What a command comes to: its answer, and the change that makes it so; immutable. A command is
   * decided once and its change applied wherever the shard is kept.
   */
  record Decision<R>(R result, ShardChange change) {

    /** Returns a decision that leaves everything as it is. */
    static <R> Decision<R> unchanged(R result) {
      return new Decision<>(result, ShardChange.NONE);
    }
  }

  /**
   * Counts registrations and their memberships against hard limits. Thread-safe: shards share it.
   */
  interface PeerBudget {
    /** A budget without an end. */
    PeerBudget UNLIMITED =
        new PeerBudget() {
          @Override
          public boolean tryReserve(int peers, int memberships) {
            return true;
          }

          @Override
          public void release(int peers, int memberships) {}
        };

    /**
     * Takes room, or returns false and takes none if there is not enough left.
     *
     * @param peers registrations
     * @param memberships as {@link io.ppstp.tracker.domain.swarm.SwarmKey#weight} counts them
     */
    boolean tryReserve(int peers, int memberships);

    /** Gives room back. */
    void release(int peers, int memberships);
  }
}
