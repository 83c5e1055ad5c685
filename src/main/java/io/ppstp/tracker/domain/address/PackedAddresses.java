package io.ppstp.tracker.domain.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.protocol.AddressWriter;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.IpScope;
import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as bytes, because the tracker holds some for each of a million peers: nine bytes for an
 * IPv4 address instead of four objects. Not a format: the bytes never leave the process. An
 * instance goes through them, and lists are written from there, without objects; confined to one
 * reading.
 *
 * <p>Each address is a byte of traits, the IP, the port, the priority, and what the traits say
 * follows. The traits also say who named the addresses, the same in all, so that it takes no byte
 * of its own. Without any address there is one byte that says so, or none if nobody named any.
 */
final class PackedAddresses {
  /** Who named the addresses of a peer. */
  enum Source {
    /** The tracker, which saw requests come from there. */
    OBSERVED,
    /** The peer. */
    ADVERTISED,
    /** The peer, which had proved who it is. */
    VOUCHED
  }

  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;

  // The byte of traits.
  private static final int IS_V6 = 1;
  private static final int HAS_ASN = 1 << 1;
  private static final int HAS_PROTOCOL = 1 << 2;

  /** From here on source, type and access as one number: none of the three fills its bits. */
  private static final int KIND_SHIFT = 3;

  private static final int KINDS = 32;

  // By kind: lists are written from here, and a look is quicker than a division.
  private static final Source[] SOURCE_OF = new Source[KINDS];
  private static final @Nullable AddressType[] TYPE_OF = new AddressType[KINDS];
  private static final @Nullable AccessType[] ACCESS_OF = new AccessType[KINDS];

  static {
    int kind = 0;
    for (Source source : Source.values()) {
      // Without a type it is no address.
      SOURCE_OF[kind++] = source;
      for (AddressType type : AddressType.values()) {
        SOURCE_OF[kind] = source;
        TYPE_OF[kind++] = type;
        for (AccessType access : AccessType.values()) {
          SOURCE_OF[kind] = source;
          TYPE_OF[kind] = type;
          ACCESS_OF[kind++] = access;
        }
      }
    }
  }

  private final byte[] bytes;
  private int at;

  // The present address.
  private int traits;
  private int ipAt;
  private int port;
  private long priority;
  private @Nullable String asn;
  private @Nullable String protocol;

  /** Stands before the first of the addresses that {@link #pack} made {@code packed} of. */
  PackedAddresses(byte[] packed) {
    this.bytes = packed;
  }

  static byte[] pack(List<PeerAddress> addresses, Source source) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16);
    if (addresses.isEmpty() && source != Source.OBSERVED) {
      out.write(kind(source, null, null) << KIND_SHIFT);
    }
    for (PeerAddress address : addresses) {
      String asn = address.asn();
      String protocol = address.peerProtocol();
      AccessType access = address.access();
      out.write(
          (address.ip().isV4() ? 0 : IS_V6)
              | (asn == null ? 0 : HAS_ASN)
              | (protocol == null ? 0 : HAS_PROTOCOL)
              | kind(source, address.type(), access) << KIND_SHIFT);
      out.writeBytes(address.ip().toBytes());
      out.write(address.port() >> 8);
      out.write(address.port());
      number(out, address.priority());
      text(out, asn);
      text(out, protocol);
    }
    return out.toByteArray();
  }

  private static int kind(Source source, @Nullable AddressType type, @Nullable AccessType access) {
    int kind = 0;
    while (SOURCE_OF[kind] != source || TYPE_OF[kind] != type || ACCESS_OF[kind] != access) {
      kind++;
    }
    return kind;
  }

  private static int kindOf(int traits) {
    return traits >> KIND_SHIFT & KINDS - 1;
  }

  /** Returns the source with which {@link #pack} was called. */
  static Source source(byte[] packed) {
    return packed.length == 0 ? Source.OBSERVED : SOURCE_OF[kindOf(packed[0])];
  }

  /** Returns whether there is any address. */
  static boolean hasAny(byte[] packed) {
    // None is one byte long.
    return packed.length > 1;
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static void text(ByteArrayOutputStream out, @Nullable String text) {
    if (text != null) {
      byte[] utf8 = text.getBytes(UTF_8);
      number(out, utf8.length);
      out.writeBytes(utf8);
    }
  }

  static List<PeerAddress> unpack(byte[] packed) {
    PackedAddresses in = new PackedAddresses(packed);
    List<PeerAddress> all = new ArrayList<>(2);
    while (in.next()) {
      all.add(in.address());
    }
    return List.copyOf(all);
  }

  /** Moves to the next address, the first to begin with; returns whether there is one. */
  boolean next() {
    if (at == bytes.length || bytes.length == 1) {
      return false;
    }
    traits = bytes[at++];
    ipAt = at;
    at += isV4() ? V4_BYTES : V6_BYTES;
    port = twoBytes(at);
    at += 2;
    priority = number();
    asn = (traits & HAS_ASN) == 0 ? null : text();
    protocol = (traits & HAS_PROTOCOL) == 0 ? null : text();
    return true;
  }

  boolean isV4() {
    return (traits & IS_V6) == 0;
  }

  private int v4Bits() {
    return twoBytes(ipAt) << 16 | twoBytes(ipAt + 2);
  }

  private IpAddress v6() {
    return IpAddress.ofBytes(Arrays.copyOfRange(bytes, ipAt, ipAt + V6_BYTES));
  }

  /**
   * Returns whether the address means the same host everywhere. It is looked at where it stands:
   * what C2 of Java 17 makes of a copy for a moment only may be wrong when it has to give up.
   */
  boolean isPublic() {
    return isV4() ? IpScope.isPublicV4(v4Bits()) : IpScope.isPublicV6(bytes, ipAt);
  }

  int port() {
    return port;
  }

  AddressType type() {
    return Objects.requireNonNull(TYPE_OF[kindOf(traits)]);
  }

  long priority() {
    return priority;
  }

  @Nullable AccessType access() {
    return ACCESS_OF[kindOf(traits)];
  }

  /** Appends IP and port, which stand side by side here as they do there. */
  void writeTo(CompactBuffer out) {
    out.add(bytes, ipAt, isV4());
  }

  /** Appends the address to a response. */
  void writeTo(JsonBuffer out) {
    if (isV4()) {
      AddressWriter.ip(out, v4Bits());
    } else {
      AddressWriter.ip(out, v6());
    }
    AddressWriter.traits(out, port, priority, type(), access(), asn, protocol);
  }

  private PeerAddress address() {
    IpAddress ip = isV4() ? IpAddress.ofV4Bits(v4Bits()) : v6();
    return new PeerAddress(ip, port, priority, type(), access(), asn, protocol);
  }

  private int twoBytes(int from) {
    return (bytes[from] & 0xff) << 8 | (bytes[from + 1] & 0xff);
  }

  private long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte part = bytes[at++];
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
  }

  private String text() {
    int length = (int) number();
    at += length;
    return new String(bytes, at - length, length, UTF_8);
  }
}
