package io.ppstp.tracker.domain;

import java.util.List;

/**
 * The traces that a peer leaves when the tracker ends its registration: the swarms it still has to
 * be taken out of. Kept in the peer's shard until that is done, so that another can finish it.
 *
 * @param stamp younger than all memberships of the ended registration, unique in the shard
 * @param atMs when the registration ended
 */
public record Departure(String peerId, long stamp, long atMs, List<SwarmKey> swarms, Cause cause) {

  /** Why the tracker ended a registration. */
  public enum Cause {
    /** The init or track timer ran out (RFC 7846, Section 2.3.2-D). */
    TIMED_OUT,
    /** The peer sent a CONNECT whose final state is TERMINATE (Table 6). */
    TERMINATED
  }
}
