package io.ppstp.tracker.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.protocol.AccessType;
import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as bytes, because the tracker holds some for each of a million peers: nine bytes for an
 * IPv4 address instead of four objects. Not a format: the bytes never leave the process. Confined
 * to one reading.
 *
 * <p>Each address is a byte of traits, the IP, the port, the priority, and what the traits say
 * follows.
 */
final class PackedAddresses {
  private static final List<AddressType> TYPES = List.of(AddressType.values());
  private static final List<AccessType> ACCESSES = List.of(AccessType.values());

  private static final int V6_BYTES = 16;

  // The byte of traits.
  private static final int IS_V6 = 1;
  private static final int TYPE_SHIFT = 1;
  private static final int ACCESS_SHIFT = 3;
  private static final int TWO_BITS = 3;
  private static final int HAS_ASN = 1 << 5;
  private static final int HAS_PROTOCOL = 1 << 6;

  private final byte[] bytes;
  private int at;

  private PackedAddresses(byte[] bytes) {
    this.bytes = bytes;
  }

  static byte[] pack(List<PeerAddress> addresses) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16);
    for (PeerAddress address : addresses) {
      String asn = address.asn();
      String protocol = address.peerProtocol();
      AccessType access = address.access();
      out.write(
          (address.ip().isV4() ? 0 : IS_V6)
              | TYPES.indexOf(address.type()) << TYPE_SHIFT
              | (access == null ? 0 : ACCESSES.indexOf(access) + 1) << ACCESS_SHIFT
              | (asn == null ? 0 : HAS_ASN)
              | (protocol == null ? 0 : HAS_PROTOCOL));
      out.writeBytes(address.ip().toBytes());
      out.write(address.port() >> 8);
      out.write(address.port());
      number(out, address.priority());
      text(out, asn);
      text(out, protocol);
    }
    return out.toByteArray();
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

  static List<PeerAddress> unpack(byte[] bytes) {
    PackedAddresses in = new PackedAddresses(bytes);
    if (bytes.length == 0) {
      return List.of();
    }
    PeerAddress first = in.next();
    if (in.at == bytes.length) {
      return List.of(first);
    }
    List<PeerAddress> all = new ArrayList<>();
    all.add(first);
    while (in.at < bytes.length) {
      all.add(in.next());
    }
    return all;
  }

  private PeerAddress next() {
    int traits = bytes[at++];
    IpAddress ip =
        (traits & IS_V6) == 0
            ? IpAddress.ofV4Bits(twoBytes() << 16 | twoBytes())
            : IpAddress.ofBytes(take(V6_BYTES));
    int port = twoBytes();
    long priority = number();
    int access = traits >> ACCESS_SHIFT & TWO_BITS;
    return new PeerAddress(
        ip,
        port,
        priority,
        TYPES.get(traits >> TYPE_SHIFT & TWO_BITS),
        access == 0 ? null : ACCESSES.get(access - 1),
        (traits & HAS_ASN) == 0 ? null : text(),
        (traits & HAS_PROTOCOL) == 0 ? null : text());
  }

  private int twoBytes() {
    at += 2;
    return (bytes[at - 2] & 0xff) << 8 | (bytes[at - 1] & 0xff);
  }

  private byte[] take(int length) {
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
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
    return new String(take((int) number()), UTF_8);
  }
}
