package io.ppstp.tracker.protocol;

/** The kind of a transport address for NAT traversal (RFC 7846, Table 3). */
public enum AddressType {
  HOST,
  REFLEXIVE,
  PROXY
}
