package io.ppstp.tracker.domain;

/**
 * Where a peer ID stands in the per-Peer-ID state machine (RFC 7846, Figure 5). START and TERMINATE
 * are the absence of a registration.
 */
public enum PeerState {
  /** The CONNECT was accepted, its swarm actions are under way; the init timer runs. */
  PEER_REGISTERED,
  /** The track timer runs. */
  TRACKING
}
