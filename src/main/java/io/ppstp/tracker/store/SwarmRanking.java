package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Which swarms have most members. Thread-safe; no method blocks. */
public interface SwarmRanking {
  /** Swarms of one node that are known at most. */
  int MOST = 1000;

  /**
   * Looks through a part of the swarms in this node's charge: about a millisecond's work where
   * there are a million. What {@link #own} and {@link #all} know is as old as the last turn that
   * went through all of them: some seconds, if this is called twenty times a second.
   */
  void survey();

  /** Returns the {@code most} largest swarms in this node's charge, the largest first. */
  List<SwarmSize> own(int most);

  /** Asks all nodes for the {@code most} largest swarms of them together. */
  CompletionStage<Ranking> all(int most);

  /**
   * The largest swarms of the whole tracker, the largest first; immutable.
   *
   * @param nodes that there are
   * @param partial whether one of them has not answered, so that swarms may be missing
   */
  record Ranking(List<SwarmSize> swarms, int nodes, boolean partial) {
    /** Copies the list. */
    public Ranking {
      swarms = List.copyOf(swarms);
    }
  }
}
