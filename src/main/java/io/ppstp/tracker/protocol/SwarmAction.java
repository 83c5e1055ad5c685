package io.ppstp.tracker.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One action that a CONNECT asks for (RFC 7846, Section 3.2.3).
 *
 * @param mode never null for a JOIN; a LEAVE may omit it, since it counts "regardless of the peer
 *     mode" (Section 4.1.1)
 */
public record SwarmAction(String swarmId, Action action, @Nullable PeerMode mode) {

  /** Returns whether this is a JOIN in {@code wanted} mode. */
  public boolean joinsAs(PeerMode wanted) {
    return action == Action.JOIN && mode == wanted;
  }

  /** Returns whether this is a LEAVE, of whatever mode. */
  public boolean leaves() {
    return action == Action.LEAVE;
  }

  /** What a CONNECT asks for in one swarm (RFC 7846, Section 3.2.3). */
  public enum Action {
    JOIN,
    LEAVE
  }

  /** How a peer takes part in a swarm (RFC 7846, Section 1.1 and 3.2.3). */
  public enum PeerMode {
    /** Has the complete content and only gives. */
    SEEDER,
    /** Takes content and gives what it already has. */
    LEECH
  }
}
