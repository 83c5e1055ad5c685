package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import org.jspecify.annotations.Nullable;

/**
 * Writes addresses and list entries (RFC 7846, Section 3.2.4). Stateless.
 *
 * <p>A list has dozens of entries, so that what is constant in one is few pieces, and an entry can
 * be written without an object for its address.
 */
public final class AddressWriter {
  private static final String IP = "{\"ip_address\":{\"address_type\":\"";
  private static final byte[] IPV4 = ascii(IP + "ipv4\",\"address\":\"");
  private static final byte[] IPV6 = ascii(IP + "ipv6\",\"address\":\"");
  private static final byte[] PORT = ascii("\"},\"port\":");
  private static final byte[] PRIORITY = ascii(",\"priority\":");
  private static final byte[] HOST = ascii(",\"type\":\"HOST\"");
  private static final byte[] REFLEXIVE = ascii(",\"type\":\"REFLEXIVE\"");
  private static final byte[] PROXY = ascii(",\"type\":\"PROXY\"");
  private static final byte[] CONNECTION = ascii(",\"connection\":");
  private static final byte[] ASN = ascii(",\"asn\":");
  private static final byte[] PEER_PROTOCOL = ascii(",\"peer_protocol\":");
  private static final byte[] PEER_ID = ascii("{\"peer_id\":\"");
  private static final byte[] PEER_ADDR = ascii("\",\"peer_addr\":");

  private AddressWriter() {}

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /** Appends {@code address} as a {@code ppsp_tp_peer_addr_t}. */
  public static void address(JsonBuffer out, PeerAddress address) {
    if (address.ip().isV4()) {
      ip(out, address.ip().v4Bits());
    } else {
      ip(out, address.ip());
    }
    traits(
        out,
        address.port(),
        address.priority(),
        address.type(),
        address.access(),
        address.asn(),
        address.peerProtocol());
  }

  /** Begins a {@code ppsp_tp_peer_info_t}, a peer at one of its addresses, which has to follow. */
  public static void beginPeerInfo(JsonBuffer out, String peerId) {
    out.raw(PEER_ID).content(peerId).raw(PEER_ADDR);
  }

  /** Begins an address with its IPv4 part; its traits have to follow. */
  public static void ip(JsonBuffer out, int v4Bits) {
    out.raw(IPV4).dotted(v4Bits);
  }

  /** Begins an address with its IPv6 part; its traits have to follow. */
  public static void ip(JsonBuffer out, IpAddress v6) {
    out.raw(IPV6).content(v6.toString());
  }

  /** Ends an address with what else is known of it. */
  public static void traits(
      JsonBuffer out,
      int port,
      long priority,
      AddressType type,
      @Nullable AccessType access,
      @Nullable String asn,
      @Nullable String peerProtocol) {
    out.raw(PORT).number(port).raw(PRIORITY).number(priority).raw(member(type));
    if (access != null) {
      out.raw(CONNECTION).string(access.wireName());
    }
    if (asn != null) {
      out.raw(ASN).string(asn);
    }
    if (peerProtocol != null) {
      out.raw(PEER_PROTOCOL).string(peerProtocol);
    }
    out.raw('}');
  }

  private static byte[] member(AddressType type) {
    return switch (type) {
      case HOST -> HOST;
      case REFLEXIVE -> REFLEXIVE;
      case PROXY -> PROXY;
    };
  }

  /** Ends a {@code ppsp_tp_peer_info_t}. */
  public static void endPeerInfo(JsonBuffer out) {
    out.raw('}');
  }
}
