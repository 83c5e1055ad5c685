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

  /**
   * Returns this in the autonomous system that it is known to be in.
   *
   * @param known its number, 0 if it is not known
   */
  public PeerAddress in(long known) {
    return known == 0
        ? this
        : new PeerAddress(ip, port, priority, type, access, Long.toString(known), peerProtocol);
  }

  /** Returns this without an autonomous system. */
  public PeerAddress withoutAsn() {
    return asn == null
        ? this
        : new PeerAddress(ip, port, priority, type, access, null, peerProtocol);
  }

  /** The kind of a transport address for NAT traversal (RFC 7846, Table 3). */
  public enum AddressType {
    HOST,
    REFLEXIVE,
    PROXY
  }

  /** The access network behind an address: the member {@code connection} of RFC 7846, Table 3. */
  public enum AccessType {
    WIRELESS("wireless"),
    WIRED("wired");

    private final String wireName;

    AccessType(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the spelling used on the wire. */
    public String wireName() {
      return wireName;
    }
  }

  /** Why an address that a peer advertised is kept from other peers. */
  public enum Withheld {
    /** No request of the peer has come from there, and the peer has not proved who it is. */
    UNPROVEN,
    /**
     * The same, of a relay's address (type PROXY): a peer cannot be seen there, and only one that
     * has proved who it is can offer it.
     */
    RELAYED,
    /** It means nothing, or something else, where the requester is. */
    PRIVATE,
    /** No peer can be there: a multicast or broadcast address, or none at all. */
    UNUSABLE,
    /** Its port is that of a service that peers must not be sent to. */
    REFUSED_PORT
  }
}
