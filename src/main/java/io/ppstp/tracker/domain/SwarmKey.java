package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerMode;
import java.util.Map;

/** Names one swarm's state object. A type of its own because large swarms may one day be sliced. */
public record SwarmKey(String swarmId) {
  private static final int CHARACTERS_PER_WEIGHT = 256;

  /**
   * Returns how many memberships one in this swarm counts as, for whoever bounds them: a swarm with
   * a long ID takes as much memory as several.
   */
  public int weight() {
    return 1 + swarmId.length() / CHARACTERS_PER_WEIGHT;
  }

  /** Returns how many memberships these count as. */
  static int weightOf(Map<SwarmKey, PeerMode> memberships) {
    int weight = 0;
    for (SwarmKey swarm : memberships.keySet()) {
      weight += swarm.weight();
    }
    return weight;
  }
}
