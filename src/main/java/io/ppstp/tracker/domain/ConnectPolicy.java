package io.ppstp.tracker.domain;

/** How CONNECT combinations are judged that Table 6 of RFC 7846 forbids or does not list. */
public enum ConnectPolicy {
  /** As the table has it: a registered seeder that joins more swarms starts over. */
  TABLE6,
  /** A registered peer may join and leave as it likes; for edge caches that add titles. */
  ADDITIVE
}
