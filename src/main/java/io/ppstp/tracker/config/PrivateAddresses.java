package io.ppstp.tracker.config;

/** Who is told addresses that are not public: private, loopback, link-local and the like. */
public enum PrivateAddresses {
  /** Peers whose requests are seen from the same address as those of the advertising peer. */
  SAME_ADDRESS,
  /** All peers. */
  ANYONE
}
