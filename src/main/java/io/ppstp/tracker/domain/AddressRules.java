package io.ppstp.tracker.domain;

/**
 * Which of a peer's addresses other peers are told; immutable. It travels with the command, so that
 * a command does the same wherever it is applied.
 *
 * @param proofRequired tell an address only if a request of the peer came from its IP, or if the
 *     peer had proved who it is when it advertised the address; with an address that is so proved,
 *     HOST candidates of a local network are told to peers seen from where the peer is seen
 * @param privateConfined tell addresses that are not public only to peers seen from where the
 *     advertising peer is seen
 * @param defaultPort media port of peers without an address that may be told, 0 to leave them
 *     unlisted
 */
public record AddressRules(boolean proofRequired, boolean privateConfined, int defaultPort) {
  /** Everything that a peer advertises is told to everyone. */
  public static final AddressRules OPEN = new AddressRules(false, false, 0);
}
