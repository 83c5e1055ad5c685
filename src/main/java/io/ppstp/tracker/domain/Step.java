package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerMode;
import org.jspecify.annotations.Nullable;

/**
 * One swarm action of a CONNECT as decided; immutable.
 *
 * @param mode the mode joined in; null for a LEAVE
 */
public record Step(SwarmKey swarm, @Nullable PeerMode mode, Effect effect) {

  /** What an action does to the membership. */
  public enum Effect {
    JOINED,
    /** Joined already, in the same mode: only the list and the addresses are new. */
    REFRESHED,
    MODE_CHANGED,
    LEFT,
    /** The LEAVE half of a change of mode, for which the JOIN half does all the work. */
    LEFT_TO_REJOIN,
    /** Refused for this swarm alone (RFC 7846, Section 2.3.2-A). */
    FAILED
  }

  /** Returns whether the action succeeded. */
  public boolean successful() {
    return effect != Effect.FAILED;
  }

  /** Returns whether this is a JOIN. */
  public boolean joins() {
    return mode != null;
  }
}
