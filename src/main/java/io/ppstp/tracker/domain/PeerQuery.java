package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to one {@link PeerShard}, which it does not change; immutable.
 *
 * @param <R> what it answers
 */
public sealed interface PeerQuery<R> {

  /** Answers from {@code shard}, which the caller guards. */
  R answer(PeerShard shard);

  /**
   * Returns which peer was heard of when, if an answer of {@code result} means that its track timer
   * starts anew (RFC 7846, Section 2.3.2); else null.
   */
  default @Nullable Heard heard(R result) {
    return null;
  }

  /** Asks whether a peer may FIND in a swarm. */
  record Find(String peerId, SwarmKey swarm, boolean membershipRequired, Origin origin, long nowMs)
      implements PeerQuery<FindAdmission> {
    @Override
    public FindAdmission answer(PeerShard shard) {
      Registration peer = shard.registration(peerId);
      if (peer == null) {
        return new FindAdmission(RefusalCause.UNREGISTERED, PeerAddresses.NONE, false);
      }
      if (!peer.admits(origin)) {
        return new FindAdmission(RefusalCause.FOREIGN, PeerAddresses.NONE, false);
      }
      return membershipRequired && !peer.isIn(swarm)
          ? new FindAdmission(RefusalCause.NOT_A_MEMBER, PeerAddresses.NONE, false)
          : new FindAdmission(null, peer.addresses(), peer.isNews(origin));
    }

    @Override
    public @Nullable Heard heard(FindAdmission result) {
      return result.allowed() ? new Heard(peerId, nowMs) : null;
    }
  }

  /**
   * The answer to {@link Find}.
   *
   * @param refusal why it may not, null if it may
   * @param addresses those that the requester advertised itself
   * @param seenElsewhere whether {@link PeerCommand.Observe} is to note where it is seen now
   */
  record FindAdmission(
      @Nullable RefusalCause refusal, PeerAddresses addresses, boolean seenElsewhere) {

    /** Returns whether it may. */
    public boolean allowed() {
      return refusal == null;
    }

    /** Returns whether the sender may not speak for the peer that is registered. */
    public boolean foreign() {
      return refusal == RefusalCause.FOREIGN;
    }
  }

  /**
   * Asks whether a peer is in a swarm as it says it is: in that mode, with those addresses. If so,
   * nothing has to be changed.
   */
  record Stay(
      String peerId,
      SwarmKey swarm,
      PeerMode mode,
      PeerAddresses addresses,
      Origin origin,
      long nowMs)
      implements PeerQuery<Boolean> {
    @Override
    public Boolean answer(PeerShard shard) {
      Registration peer = shard.registration(peerId);
      return peer != null
          && peer.admits(origin)
          && peer.isIn(swarm, mode)
          && peer.addresses().equals(addresses);
    }

    @Override
    public @Nullable Heard heard(Boolean result) {
      return result ? new Heard(peerId, nowMs) : null;
    }
  }

  /** Asks which swarms a peer may report on; it may if it is in any, or names none. */
  record Report(String peerId, List<SwarmKey> swarms, Origin origin, long nowMs)
      implements PeerQuery<ReportAdmission> {
    @Override
    public ReportAdmission answer(PeerShard shard) {
      Registration peer = shard.registration(peerId);
      if (peer == null || !peer.admits(origin)) {
        return new ReportAdmission(
            peer == null ? RefusalCause.UNREGISTERED : RefusalCause.FOREIGN, Set.of(), false);
      }
      Set<SwarmKey> joined = joinedBy(peer);
      return joined.isEmpty() && !swarms.isEmpty()
          ? new ReportAdmission(RefusalCause.NOT_A_MEMBER, Set.of(), false)
          : new ReportAdmission(null, joined, peer.isNews(origin));
    }

    private Set<SwarmKey> joinedBy(Registration peer) {
      if (swarms.size() == 1) {
        // As nearly always, and a set of one compares where others hash.
        return peer.isIn(swarms.get(0)) ? Set.of(swarms.get(0)) : Set.of();
      }
      Set<SwarmKey> joined = new HashSet<>(swarms);
      joined.removeIf(swarm -> !peer.isIn(swarm));
      return joined;
    }

    @Override
    public @Nullable Heard heard(ReportAdmission result) {
      return result.allowed() ? new Heard(peerId, nowMs) : null;
    }
  }

  /**
   * The answer to {@link Report}: which of the swarms the peer is a member of.
   *
   * @param refusal as in {@link FindAdmission}
   * @param seenElsewhere likewise
   */
  record ReportAdmission(
      @Nullable RefusalCause refusal, Set<SwarmKey> joined, boolean seenElsewhere) {

    /** Returns whether it may. */
    public boolean allowed() {
      return refusal == null;
    }

    /** Returns whether the sender may not speak for the peer that is registered. */
    public boolean foreign() {
      return refusal == RefusalCause.FOREIGN;
    }
  }

  /**
   * Asks what came of a CONNECT of which it is not known whether it was executed. Empty if it was
   * not, or so long ago that nobody remembers; it may still be, if it is under way.
   */
  record Executed(PeerCommand.Connect connect) implements PeerQuery<Optional<ConnectOutcome>> {
    @Override
    public Optional<ConnectOutcome> answer(PeerShard shard) {
      return new ConnectDecision(shard, connect, PeerBudget.UNLIMITED).executed();
    }
  }

  /** Answers with what is known of a peer. */
  record Look(String peerId) implements PeerQuery<Optional<RegistrationView>> {
    @Override
    public Optional<RegistrationView> answer(PeerShard shard) {
      return shard.look(peerId);
    }
  }

  /**
   * Answers which of the members are in no registration's swarms, and are not about to be removed
   * or brought by an update that is still to follow.
   */
  record FindOrphans(List<Membership> members) implements PeerQuery<List<Membership>> {
    @Override
    public List<Membership> answer(PeerShard shard) {
      return shard.orphansAmong(members);
    }
  }

  /** Answers with the memberships of at most {@code count} registrations from a position on. */
  record Slice(int from, int count) implements PeerQuery<List<Membership>> {
    @Override
    public List<Membership> answer(PeerShard shard) {
      return shard.memberships(from, count);
    }
  }
}
