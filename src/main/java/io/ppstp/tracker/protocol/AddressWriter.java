package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Writes addresses and list entries (RFC 7846, Section 3.2.4). Stateless. */
public final class AddressWriter {
  private static final byte[] IPV4 =
      "{\"ip_address\":{\"address_type\":\"ipv4\",\"address\":".getBytes(US_ASCII);
  private static final byte[] IPV6 =
      "{\"ip_address\":{\"address_type\":\"ipv6\",\"address\":".getBytes(US_ASCII);
  private static final byte[] PORT = "},\"port\":".getBytes(US_ASCII);
  private static final byte[] PRIORITY = ",\"priority\":".getBytes(US_ASCII);
  private static final byte[] TYPE = ",\"type\":".getBytes(US_ASCII);
  private static final byte[] CONNECTION = ",\"connection\":".getBytes(US_ASCII);
  private static final byte[] ASN = ",\"asn\":".getBytes(US_ASCII);
  private static final byte[] PEER_PROTOCOL = ",\"peer_protocol\":".getBytes(US_ASCII);
  private static final byte[] PEER_ID = "{\"peer_id\":".getBytes(US_ASCII);
  private static final byte[] PEER_ADDR = ",\"peer_addr\":".getBytes(US_ASCII);

  private AddressWriter() {}

  /** Appends {@code address} as a {@code ppsp_tp_peer_addr_t}. */
  public static void address(JsonBuffer out, PeerAddress address) {
    ip(out, address.ip());
    out.raw(PORT).number(address.port());
    out.raw(PRIORITY).number(address.priority());
    out.raw(TYPE).string(address.type().name());
    if (address.access() != null) {
      out.raw(CONNECTION).string(address.access().wireName());
    }
    if (address.asn() != null) {
      out.raw(ASN).string(address.asn());
    }
    if (address.peerProtocol() != null) {
      out.raw(PEER_PROTOCOL).string(address.peerProtocol());
    }
    out.raw('}');
  }

  /** Most addresses are IPv4: those are written without a detour over text. */
  private static void ip(JsonBuffer out, IpAddress ip) {
    if (!ip.isV4()) {
      out.raw(IPV6).string(ip.toString());
      return;
    }
    int bits = ip.v4Bits();
    out.raw(IPV4).raw('"').number(bits >>> 24).raw('.').number(bits >>> 16 & 0xff);
    out.raw('.').number(bits >>> 8 & 0xff).raw('.').number(bits & 0xff).raw('"');
  }

  /** Appends one {@code ppsp_tp_peer_info_t}: a peer at one of its addresses. */
  public static void peerInfo(JsonBuffer out, String peerId, PeerAddress address) {
    out.raw(PEER_ID).string(peerId).raw(PEER_ADDR);
    address(out, address);
    out.raw('}');
  }
}
