package io.ppstp.tracker.protocol;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An IP address, 4 or 16 bytes, immutable. Reads literals only and never asks a name server; writes
 * IPv4 as RFC 3986 and IPv6 as RFC 5952 have it (RFC 7846, Section 3.2.4).
 */
public final class IpAddress {
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int V6_GROUPS = 8;
  private static final int LONGEST_LITERAL = 45;

  private final byte[] bytes;

  private IpAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the address made of {@code bytes} in network order.
   *
   * @throws IllegalArgumentException if there are neither 4 nor 16
   */
  public static IpAddress ofBytes(byte[] bytes) {
    if (bytes.length != V4_BYTES && bytes.length != V6_BYTES) {
      throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
    }
    return new IpAddress(bytes.clone());
  }

  /** Returns the address that {@code literal} spells, or null if it spells none. */
  public static @Nullable IpAddress parse(String literal) {
    if (literal.length() > LONGEST_LITERAL) {
      return null;
    }
    byte[] bytes = literal.indexOf(':') >= 0 ? parseV6(literal) : parseV4(literal);
    return bytes == null ? null : new IpAddress(bytes);
  }

  /** Returns the IPv4 address of these 32 bits. */
  public static IpAddress ofV4Bits(int bits) {
    return new IpAddress(
        new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
  }

  /** Returns the 32 bits of an IPv4 address. */
  public int v4Bits() {
    if (!isV4()) {
      throw new IllegalStateException("not an IPv4 address");
    }
    return group(0) << 16 | group(1);
  }

  /** Returns whether this is an IPv4 address. */
  public boolean isV4() {
    return bytes.length == V4_BYTES;
  }

  /**
   * Returns whether the address means the same host everywhere, see {@link IpScope}: not one of a
   * private, shared, loopback, link-local, multicast, unspecified, reserved or documentation range.
   */
  public boolean isPublic() {
    return isV4() ? IpScope.isPublicV4(v4Bits()) : IpScope.isPublicV6(bytes, 0);
  }

  /** Returns the IPv4 address that {@code ::ffff:a.b.c.d} is, and any other as it is. */
  public IpAddress unmapped() {
    return !isV4() && IpScope.isMappedV4(bytes, 0)
        ? ofV4Bits(IpScope.fourBytes(bytes, V6_BYTES - V4_BYTES))
        : this;
  }

  /**
   * Returns whether requests from this address and from {@code other} can be of one client: the
   * same address, or two IPv6 addresses with {@code ipv6Bits} leading bits in common. Of mapped
   * ones, and of those of NAT64 and Teredo, all bits count, for strangers share their first 64.
   */
  public boolean isOfSameClient(IpAddress other, int ipv6Bits) {
    int at = Arrays.mismatch(bytes, other.bytes);
    if (at < 0) {
      return true;
    }
    if (isV4() || other.isV4() || embedsV4()) {
      return false;
    }
    int differing = (bytes[at] ^ other.bytes[at]) & 0xff;
    int common = at * Byte.SIZE + Integer.numberOfLeadingZeros(differing) - 3 * Byte.SIZE;
    return common >= ipv6Bits;
  }

  /** Of Teredo (2001::/32, RFC 4380) all clients of one server have the first 64 bits in common. */
  private boolean embedsV4() {
    boolean teredo = group(0) == 0x2001 && group(1) == 0;
    return teredo || IpScope.isMappedV4(bytes, 0) || IpScope.isTranslatedV4(bytes, 0);
  }

  /** Returns a copy of the 4 or 16 bytes in network order. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  private static byte @Nullable [] parseV4(String text) {
    byte[] bytes = new byte[V4_BYTES];
    int at = 0;
    for (int i = 0; i < V4_BYTES; i++) {
      int start = at;
      int value = 0;
      while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
        value = value * 10 + (text.charAt(at++) - '0');
      }
      int digits = at - start;
      boolean leadingZero = digits > 1 && text.charAt(start) == '0';
      if (digits == 0 || value > 255 || leadingZero) {
        return null;
      }
      bytes[i] = (byte) value;
      if (i < V4_BYTES - 1 && (at >= text.length() || text.charAt(at++) != '.')) {
        return null;
      }
    }
    return at == text.length() ? bytes : null;
  }

  private static byte @Nullable [] parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = parseGroups(text);
      return all != null && all.length == V6_BYTES ? all : null;
    }
    byte[] head = parseGroups(text.substring(0, gap));
    byte[] tail = parseGroups(text.substring(gap + 2));
    if (head == null || tail == null || head.length + tail.length > V6_BYTES - 2) {
      return null;
    }
    if (text.substring(0, gap).indexOf('.') >= 0) {
      return null;
    }
    byte[] bytes = new byte[V6_BYTES];
    System.arraycopy(head, 0, bytes, 0, head.length);
    System.arraycopy(tail, 0, bytes, V6_BYTES - tail.length, tail.length);
    return bytes;
  }

  /** Reads groups of hex digits, the last of which may be an embedded IPv4 address. */
  private static byte @Nullable [] parseGroups(String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    byte[] bytes = new byte[V6_BYTES];
    int length = 0;
    int at = 0;
    while (at <= text.length()) {
      int end = text.indexOf(':', at);
      String group = text.substring(at, end < 0 ? text.length() : end);
      boolean last = end < 0;
      if (last && group.indexOf('.') >= 0) {
        byte[] embedded = parseV4(group);
        if (embedded == null || length + V4_BYTES > V6_BYTES) {
          return null;
        }
        System.arraycopy(embedded, 0, bytes, length, V4_BYTES);
        return Arrays.copyOf(bytes, length + V4_BYTES);
      }
      int value = hexGroup(group);
      if (value < 0 || length == V6_BYTES) {
        return null;
      }
      bytes[length++] = (byte) (value >> 8);
      bytes[length++] = (byte) value;
      if (last) {
        break;
      }
      at = end + 1;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static int hexGroup(String group) {
    if (group.isEmpty() || group.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < group.length(); i++) {
      char c = group.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Returns the canonical literal. */
  @Override
  public String toString() {
    return isV4() ? dotted(0) : v6Text();
  }

  private String dotted(int offset) {
    return (bytes[offset] & 0xff)
        + "."
        + (bytes[offset + 1] & 0xff)
        + "."
        + (bytes[offset + 2] & 0xff)
        + "."
        + (bytes[offset + 3] & 0xff);
  }

  /** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as "::". */
  private String v6Text() {
    if (IpScope.isMappedV4(bytes, 0)) {
      return "::ffff:" + dotted(12);
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < V6_GROUPS; i++) {
      int length = 0;
      while (i + length < V6_GROUPS && group(i + length) == 0) {
        length++;
      }
      if (length > bestLength) {
        bestStart = i;
        bestLength = length;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < V6_GROUPS; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }

  private int group(int index) {
    return IpScope.twoBytes(bytes, 2 * index);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
