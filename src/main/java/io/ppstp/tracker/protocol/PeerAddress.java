package io.ppstp.tracker.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One transport address of a peer (RFC 7846, Section 3.2.4).
 *
 * @param port 1 to 65535
 * @param priority 0 or more; the larger, the more preferred
 * @param asn digits of the autonomous system number, without the prefix {@code AS}
 */
public record PeerAddress(
    IpAddress ip,
    int port,
    long priority,
    AddressType type,
    @Nullable AccessType access,
    @Nullable String asn,
    @Nullable String peerProtocol) {

  /** Returns an address as the tracker itself sees it: REFLEXIVE, with nothing else known. */
  public static PeerAddress reflexive(IpAddress ip, int port, long priority) {
    return new PeerAddress(ip, port, priority, AddressType.REFLEXIVE, null, null, null);
  }
}
