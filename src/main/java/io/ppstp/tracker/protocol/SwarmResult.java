package io.ppstp.tracker.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The result of one swarm in a response (RFC 7846, Section 3.3.4).
 *
 * @param peerList the entries of {@code peer_info} as ready JSON, separated by commas; null for a
 *     result without {@code peer_group}. Not copied: nobody may change it.
 */
@SuppressWarnings("ArrayRecordComponent")
public record SwarmResult(String swarmId, boolean successful, byte @Nullable [] peerList) {

  /** A success without a peer list. */
  public static SwarmResult success(String swarmId) {
    return new SwarmResult(swarmId, true, null);
  }

  /** A failure, which never has a peer list. */
  public static SwarmResult failure(String swarmId) {
    return new SwarmResult(swarmId, false, null);
  }
}
