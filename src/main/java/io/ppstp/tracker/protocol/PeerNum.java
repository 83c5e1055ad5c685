package io.ppstp.tracker.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The peer number element (RFC 7846, Section 3.2.2): how many peers are wanted, and the requester's
 * own status by which the list is ranked. Numbers that the peer did not state are {@link
 * #NOT_STATED}.
 *
 * @param peerCount peers wanted at most
 * @param concurrentLinks P2P links that the peer has
 * @param onlineTime seconds online
 * @param uploadBandwidth upload capability in Kbps
 */
public record PeerNum(
    long peerCount,
    @Nullable NatAbility natAbility,
    long concurrentLinks,
    long onlineTime,
    long uploadBandwidth) {

  /** Stands for a number that the peer left out. */
  public static final long NOT_STATED = -1;

  /** Nothing stated. */
  public static final PeerNum NOTHING =
      new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, NOT_STATED);

  /** Returns whether any status besides the count is stated. */
  public boolean statesStatus() {
    return natAbility != null
        || concurrentLinks != NOT_STATED
        || onlineTime != NOT_STATED
        || uploadBandwidth != NOT_STATED;
  }

  /** The NAT traversal situation a peer states or prefers (RFC 7846, Section 3.2.2). */
  public enum NatAbility {
    NO_NAT,
    STUN,
    TURN
  }
}
