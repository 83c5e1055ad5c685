package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
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

  /** Takes a member in and draws a list for it, unless {@code draw} is null. */
  record Join(Member member, @Nullable Draw draw) implements SwarmCommand<PeerList> {
    @Override
    public PeerList apply(Swarm swarm) {
      return new PeerList(swarm.join(member, draw));
    }
  }

  /** Removes a member that no CONNECT younger than {@code stamp} brought; answers whether. */
  record Leave(String peerId, long stamp) implements SwarmCommand<Boolean> {
    @Override
    public Boolean apply(Swarm swarm) {
      return swarm.leave(peerId, stamp);
    }
  }

  /** Draws a list for a peer and notes the status that it stated. */
  record Find(String peerId, PeerNum status, Draw draw) implements SwarmCommand<PeerList> {
    @Override
    public PeerList apply(Swarm swarm) {
      return new PeerList(swarm.find(peerId, status, draw));
    }
  }

  /** Notes a member's statistics; answers whether it is a member. */
  record Report(String peerId, StreamStats stats) implements SwarmCommand<Boolean> {
    @Override
    public Boolean apply(Swarm swarm) {
      return swarm.report(peerId, stats);
    }
  }

  /** Answers with the member of this ID; for tests and diagnosis. */
  record Look(String peerId) implements SwarmCommand<Optional<Member>> {
    @Override
    public Optional<Member> apply(Swarm swarm) {
      return Optional.ofNullable(swarm.member(peerId));
    }
  }
}
