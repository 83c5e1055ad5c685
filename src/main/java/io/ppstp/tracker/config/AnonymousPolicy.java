package io.ppstp.tracker.config;

/** Who may act for a peer that was registered without credentials. */
public enum AnonymousPolicy {
  /** Whoever sends from the address that registered it, or brings the secret of the answer. */
  BOUND,
  /** Anybody who knows its ID, which peer lists tell. */
  OPEN
}
