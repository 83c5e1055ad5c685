package io.ppstp.tracker.protocol;

/** Why an address that a peer advertised is kept from other peers. */
public enum Withheld {
  /** No request of the peer has come from there, and the peer has not proved who it is. */
  UNPROVEN,
  /** It means nothing, or something else, where the requester is. */
  PRIVATE
}
