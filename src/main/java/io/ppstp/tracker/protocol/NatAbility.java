package io.ppstp.tracker.protocol;

/** The NAT traversal situation a peer states or prefers (RFC 7846, Section 3.2.2). */
public enum NatAbility {
  NO_NAT,
  STUN,
  TURN
}
