package io.ppstp.tracker.protocol;

/** Why an address that a peer advertised is kept from other peers. */
public enum Withheld {
  /** No request of the peer has come from there, and the peer has not proved who it is. */
  UNPROVEN,
  /**
   * The same, of a relay's address (type PROXY): a peer cannot be seen there, and only one that has
   * proved who it is can offer it.
   */
  RELAYED,
  /** It means nothing, or something else, where the requester is. */
  PRIVATE,
  /** No peer can be there: a multicast or broadcast address, or none at all. */
  UNUSABLE,
  /** Its port is that of a service that peers must not be sent to. */
  REFUSED_PORT
}
