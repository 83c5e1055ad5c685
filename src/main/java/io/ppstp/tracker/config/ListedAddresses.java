package io.ppstp.tracker.config;

/** Which addresses of a peer appear in a peer list. */
public enum ListedAddresses {
  /** All addresses of the peer. */
  ALL,
  /** Only the peer's address of highest priority. */
  BEST
}
