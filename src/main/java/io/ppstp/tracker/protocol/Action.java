package io.ppstp.tracker.protocol;

/** What a CONNECT asks for in one swarm (RFC 7846, Section 3.2.3). */
public enum Action {
  JOIN,
  LEAVE
}
