package io.ppstp.tracker.protocol;

/** How a peer takes part in a swarm (RFC 7846, Section 1.1 and 3.2.3). */
public enum PeerMode {
  /** Has the complete content and only gives. */
  SEEDER,
  /** Takes content and gives what it already has. */
  LEECH
}
