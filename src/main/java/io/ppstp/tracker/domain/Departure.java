package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.List;

/**
 * That the tracker ended a registration by itself; immutable.
 *
 * @param atMs when
 * @param swarms those that the peer was in
 */
public record Departure(String peerId, long atMs, List<SwarmKey> swarms, Cause cause) {

  /** Why the tracker ended a registration. */
  public enum Cause {
    /** The track timer ran out (RFC 7846, Section 2.3.2-D). */
    TIMED_OUT,
    /** The peer sent a CONNECT whose final state is TERMINATE (Table 6). */
    TERMINATED,
    /** Somebody who may not speak for the peer has registered its ID anew. */
    REPLACED
  }
}
