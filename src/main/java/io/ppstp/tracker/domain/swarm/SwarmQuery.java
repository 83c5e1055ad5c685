package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.PeerList.MemberDraw;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question to one {@link SwarmShard}, which it does not change; immutable. The lists follow the
 * registrations, so an answer may be a fraction of a second behind them.
 *
 * @param <R> what it answers
 */
public sealed interface SwarmQuery<R> {

  /** Answers from {@code shard}, which the caller guards. */
  R answer(SwarmShard shard);

  /** Draws a list for a peer (RFC 7846, Section 4.1.2). */
  record DrawList(SwarmKey swarm, String peerId, Draw draw) implements SwarmQuery<PeerList> {
    @Override
    public PeerList answer(SwarmShard shard) {
      Swarm members = shard.swarm(swarm.swarmId());
      return members == null ? PeerList.EMPTY : members.draw(peerId, draw, shard.told());
    }
  }

  /** Answers with a member as lists name it; for tests and diagnosis. */
  record Look(SwarmKey swarm, String peerId) implements SwarmQuery<Optional<Member>> {
    @Override
    public Optional<Member> answer(SwarmShard shard) {
      Swarm members = shard.swarm(swarm.swarmId());
      return members == null ? Optional.empty() : Optional.ofNullable(members.member(peerId));
    }
  }

  /** Answers with at most {@code count} members of a swarm from a position on. */
  record Slice(SwarmKey swarm, int from, int count) implements SwarmQuery<List<Member>> {
    @Override
    public List<Member> answer(SwarmShard shard) {
      Swarm members = shard.swarm(swarm.swarmId());
      return members == null ? List.of() : members.slice(from, count);
    }
  }

  /**
   * Draws IDs of members, listed or not, other than a peer.
   *
   * @param requesterIp where the peer is seen, for those who decide how to choose; it does not
   *     travel
   */
  record DrawMembers(
      SwarmKey swarm,
      String peerId,
      int count,
      long seed,
      @Nullable IpAddress requesterIp,
      Selection selection)
      implements SwarmQuery<MemberDraw> {
    /** Draws of members that are all alike. */
    public DrawMembers(SwarmKey swarm, String peerId, int count, long seed) {
      this(swarm, peerId, count, seed, null, Selection.RANDOM);
    }

    @Override
    public MemberDraw answer(SwarmShard shard) {
      Swarm members = shard.swarm(swarm.swarmId());
      return members == null
          ? MemberDraw.OF_NOBODY
          : members.drawMembers(peerId, count, seed, selection, shard.told());
    }
  }

  /**
   * Draws addresses of members other than a peer.
   *
   * @param requesterIp where the peer is seen, null if that is not known
   */
  record DrawCompact(
      SwarmKey swarm,
      String peerId,
      int count,
      long seed,
      @Nullable IpAddress requesterIp,
      Selection selection)
      implements SwarmQuery<CompactList> {
    /** Draws of members that are all alike. */
    public DrawCompact(
        SwarmKey swarm, String peerId, int count, long seed, @Nullable IpAddress requesterIp) {
      this(swarm, peerId, count, seed, requesterIp, Selection.RANDOM);
    }

    @Override
    public CompactList answer(SwarmShard shard) {
      Swarm members = shard.swarm(swarm.swarmId());
      Draw draw =
          new Draw(count, PeerNum.NOTHING, seed, Integer.MAX_VALUE, true, requesterIp, selection);
      return members == null
          ? CompactList.OF_NOBODY
          : members.drawCompact(peerId, draw, shard.told());
    }
  }

  /**
   * Answers with a list that a member might be told, and why that is so; for operators. What was
   * told before does not matter.
   *
   * @param requesterIp where the peer is seen, null if that is not known
   */
  record Explain(
      SwarmKey swarm,
      String peerId,
      int count,
      long seed,
      @Nullable IpAddress requesterIp,
      Selection selection)
      implements SwarmQuery<List<Reason>> {
    @Override
    public List<Reason> answer(SwarmShard shard) {
      Swarm members = shard.swarm(swarm.swarmId());
      return members == null
          ? List.of()
          : members.explain(peerId, requesterIp, count, seed, selection);
    }
  }

  /** Answers with those memberships that no list names. */
  record FindMissing(List<Membership> memberships) implements SwarmQuery<List<Membership>> {
    @Override
    public List<Membership> answer(SwarmShard shard) {
      List<Membership> missing = new ArrayList<>(0);
      for (Membership membership : memberships) {
        Swarm swarm = shard.swarm(membership.swarm().swarmId());
        if (swarm == null || swarm.member(membership.peerId()) == null) {
          missing.add(membership);
        }
      }
      return missing;
    }
  }
}
