package io.ppstp.tracker.config;

/** Which of the addresses that a peer advertises other peers are told. */
public enum AddressTrust {
  /** Those that its requests are seen from; all, if the peer has proved who it is. */
  OBSERVED,
  /** Those that its requests are seen from, for where everybody can get credentials. */
  OBSERVED_ALWAYS,
  /** All. */
  ADVERTISED
}
