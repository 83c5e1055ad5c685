package io.ppstp.tracker.config;

/**
 * Which of the two ports between nodes may be plain text on an address that is not loopback. The
 * event bus can have TLS; the member port cannot, for this edition of Hazelcast has none, so there
 * network rules have to do what TLS would.
 */
public enum PlainText {
  /** Neither. */
  FALSE,
  /** The member port. */
  MEMBERS,
  /** The member port and the event bus. */
  TRUE
}
