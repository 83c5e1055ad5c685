package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a swarm states about itself between its CONNECTs; immutable. Lists are ranked by
 * it (RFC 7846, Section 3.2.2). The peer states it again before long, so it may be noted late, and
 * may be lost with a node.
 *
 * @param status from the {@code peer_num} of a FIND, null if none
 * @param stats from a STAT_REPORT, null if none
 */
public record Statement(String peerId, @Nullable PeerNum status, @Nullable StreamStats stats) {

  /** Returns this with what {@code earlier} has besides. */
  public Statement after(Statement earlier) {
    return new Statement(
        peerId, status == null ? earlier.status : status, stats == null ? earlier.stats : stats);
  }
}
