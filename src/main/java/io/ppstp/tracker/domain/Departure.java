package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.List;

/**
 * That the tracker ended a registration, or a part of it, by itself; immutable.
 *
 * @param atMs when
 * @param ended the memberships that ended with it
 */
public record Departure(String peerId, long atMs, List<Ended> ended, Cause cause) {

  /**
   * A membership that has ended; immutable.
   *
   * @param watchedMs how long it lasted, in milliseconds; of a peer that fell silent, until it was
   *     heard of last
   */
  public record Ended(SwarmKey swarm, long watchedMs) {}

  /** Returns the swarms that the peer was in. */
  public List<SwarmKey> swarms() {
    return ended.stream().map(Ended::swarm).toList();
  }

  /** Why the tracker ended a registration. */
  public enum Cause {
    /** The track timer ran out (RFC 7846, Section 2.3.2-D). */
    TIMED_OUT,
    /** The peer sent a CONNECT whose final state is TERMINATE (Table 6). */
    TERMINATED,
    /** Somebody who may not speak for the peer has registered its ID anew. */
    REPLACED,
    /** After a network split the peer's registration of the other side was kept. */
    MERGED,
    /** After a network split the peer had gone on the other side. */
    MERGED_AWAY
  }
}
