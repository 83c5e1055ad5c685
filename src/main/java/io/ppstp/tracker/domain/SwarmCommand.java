package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change of, or question to, one {@link Swarm}; immutable and repeatable without harm.
 *
 * @param <R> what it answers
 */
public sealed interface SwarmCommand<R> {

  /** Applies this to {@code swarm}, which the caller guards. */
  R apply(Swarm swarm);

  /**
   * Returns whether an application that answered {@code result} changed what must not be lost. What
   * peers state about themselves may be lost with a node: they will state it again.
   */
  boolean changed(R result);

  /** Returns what brings a copy of the swarm to the same members. */
  default SwarmCommand<?> forCopies() {
    return this;
  }

  /** Returns how many members this removes at most. */
  default int mostRemoved() {
    return 0;
  }

  /** A command that never changes anything that must not be lost. */
  sealed interface Light<R> extends SwarmCommand<R> {
    /** Returns whether a copy of the swarm knows enough to answer this. */
    default boolean suitsCopy() {
      return false;
    }

    @Override
    default boolean changed(R result) {
      return false;
    }
  }

  /** Takes a member in and draws a list for it, unless {@code draw} is null. */
  record Join(Member member, @Nullable Draw draw) implements SwarmCommand<PeerList> {
    @Override
    public PeerList apply(Swarm swarm) {
      return swarm.join(member, draw);
    }

    @Override
    public boolean changed(PeerList result) {
      return true;
    }

    @Override
    public SwarmCommand<?> forCopies() {
      return draw == null ? this : new Join(member, null);
    }
  }

  /** Removes several members, as {@link Leave} does each; answers how many. */
  record LeaveAll(List<Leave> leaves) implements SwarmCommand<Integer> {
    @Override
    public Integer apply(Swarm swarm) {
      int left = 0;
      for (Leave leave : leaves) {
        left += leave.apply(swarm) ? 1 : 0;
      }
      return left;
    }

    @Override
    public boolean changed(Integer result) {
      return result > 0;
    }

    @Override
    public int mostRemoved() {
      return leaves.size();
    }
  }

  /** Removes a member that no CONNECT younger than {@code stamp} brought; answers whether. */
  record Leave(String peerId, long stamp) implements SwarmCommand<Boolean> {
    @Override
    public Boolean apply(Swarm swarm) {
      return swarm.leave(peerId, stamp);
    }

    @Override
    public boolean changed(Boolean result) {
      return result;
    }

    @Override
    public int mostRemoved() {
      return 1;
    }
  }

  /** Draws a list for a peer and notes the status that it stated. */
  record Find(String peerId, PeerNum status, Draw draw) implements Light<PeerList> {
    /** A copy knows all members, but not what they have stated since they came. */
    @Override
    public boolean suitsCopy() {
      return !status.statesStatus() && !draw.wish().statesStatus();
    }

    @Override
    public PeerList apply(Swarm swarm) {
      return swarm.find(peerId, status, draw);
    }
  }

  /** Notes a member's statistics; answers whether it is a member. */
  record Report(String peerId, StreamStats stats) implements Light<Boolean> {
    @Override
    public boolean suitsCopy() {
      return true;
    }

    @Override
    public Boolean apply(Swarm swarm) {
      return swarm.report(peerId, stats);
    }
  }

  /** Notes where a member is, unless a younger CONNECT did; answers whether. */
  record Readdress(String peerId, long stamp, Listing listing) implements SwarmCommand<Boolean> {
    @Override
    public Boolean apply(Swarm swarm) {
      return swarm.readdress(peerId, stamp, listing);
    }

    @Override
    public boolean changed(Boolean result) {
      return result;
    }
  }

  /** Answers with the member of this ID; for tests and diagnosis. */
  record Look(String peerId) implements Light<Optional<Member>> {
    @Override
    public Optional<Member> apply(Swarm swarm) {
      return Optional.ofNullable(swarm.member(peerId));
    }
  }

  /** Answers with at most {@code count} members from position {@code from} on. */
  record Slice(int from, int count) implements Light<List<Member>> {
    @Override
    public List<Member> apply(Swarm swarm) {
      return swarm.slice(from, count);
    }
  }
}
