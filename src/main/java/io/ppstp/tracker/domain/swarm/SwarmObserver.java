package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in the lists of swarms: of each thing once, by whoever decides on the list,
 * and not where copies of it follow. Called while a list is guarded, so it is quick, asks nothing
 * back and never throws. Thread-safe.
 */
public interface SwarmObserver {
  /** Takes no interest. */
  SwarmObserver NONE =
      new SwarmObserver() {
        @Override
        public void grown(String swarmId, int leeches, int seeders) {}

        @Override
        public void reported(
            PeerMode mode, String peerId, @Nullable StreamStats before, StreamStats stats) {}

        @Override
        public void gone(String swarmId, Member member, @Nullable StreamStats last) {}

        @Override
        public boolean reportedLate(String peerId, StreamStats stats) {
          return true;
        }
      };

  /** Somebody has come to a swarm, or is there in another mode; it has so many members now. */
  void grown(String swarmId, int leeches, int seeders);

  /**
   * A member has reported.
   *
   * @param mode in which it is there
   * @param before its report before that in the same membership, null if this is the first
   */
  void reported(PeerMode mode, String peerId, @Nullable StreamStats before, StreamStats stats);

  /**
   * A member is there no more.
   *
   * @param member as the list named it last
   * @param last what it had reported last, null if it had not
   */
  void gone(String swarmId, Member member, @Nullable StreamStats last);

  /**
   * Somebody has reported who is no member, most likely any more: reports follow more slowly.
   *
   * @return false if it is not known either as one who has gone: it may be about to come, for a
   *     report may also be faster than the JOIN before it
   */
  boolean reportedLate(String peerId, StreamStats stats);
}
