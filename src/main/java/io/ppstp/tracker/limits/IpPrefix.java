package io.ppstp.tracker.limits;

import io.ppstp.tracker.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All addresses that begin with the same bits, such as {@code 192.0.2.0/24}; immutable. An IPv4
 * address that is mapped into IPv6 is the IPv4 address: a dual-stack socket shows one as the other.
 *
 * @param v4 whether it is a range of IPv4
 * @param high the first 64 bits, zero beyond {@code bits}; of IPv4 its 32 bits lead
 * @param low the last 64 bits, zero beyond {@code bits}
 * @param bits how many bits the addresses share, 0 to 32 or 128
 */
public record IpPrefix(boolean v4, long high, long low, int bits) {
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;
  private static final long MAPPED = 0xffffL;

  /** Returns the range of {@code bits} bits that holds {@code address}. */
  public static IpPrefix of(IpAddress address, int bits) {
    return whole(address).shortened(bits);
  }

  /** Returns the range that holds {@code address}: of {@code v4Bits}, or of {@code v6Bits}. */
  public static IpPrefix of(IpAddress address, int v4Bits, int v6Bits) {
    IpPrefix whole = whole(address);
    return whole.shortened(whole.v4 ? v4Bits : v6Bits);
  }

  /**
   * Returns the range that {@code text} spells: an address alone, or one with {@code /} and the
   * number of bits. Null if it spells none.
   */
  public static @Nullable IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    IpPrefix whole = whole(address);
    if (slash < 0) {
      return whole;
    }
    String bits = text.substring(slash + 1);
    if (!bits.matches("0|[1-9][0-9]{0,2}")) {
      return null;
    }
    int count = Integer.parseInt(bits);
    if (whole.v4 && !address.isV4()) {
      // ::ffff:192.0.2.0/120 is 192.0.2.0/24.
      count -= V6_BITS - V4_BITS;
    }
    return count < 0 || count > whole.bits ? null : whole.shortened(count);
  }

  /** Returns whether {@code address} is in this range. */
  public boolean contains(IpAddress address) {
    if (address.isV4()) {
      // Asked of each request, so without an object.
      int lead = (int) (high >>> V4_BITS);
      return v4 && (bits == 0 || (address.v4Bits() ^ lead) >>> (V4_BITS - bits) == 0);
    }
    IpPrefix whole = whole(address);
    return whole.v4 == v4 && whole.shortened(bits).equals(this);
  }

  private IpPrefix shortened(int count) {
    if (count >= bits) {
      return this;
    }
    long highMask = count >= Long.SIZE ? -1L : count == 0 ? 0 : -1L << (Long.SIZE - count);
    int rest = count - Long.SIZE;
    long lowMask = rest <= 0 ? 0 : -1L << (Long.SIZE - rest);
    return new IpPrefix(v4, high & highMask, low & lowMask, count);
  }

  private static IpPrefix whole(IpAddress address) {
    byte[] bytes = address.toBytes();
    if (address.isV4()) {
      return new IpPrefix(true, number(bytes, 0, 4) << V4_BITS, 0, V4_BITS);
    }
    long high = number(bytes, 0, 8);
    long low = number(bytes, 8, 8);
    return high == 0 && low >>> V4_BITS == MAPPED
        ? new IpPrefix(true, low << V4_BITS, 0, V4_BITS)
        : new IpPrefix(false, high, low, V6_BITS);
  }

  private static long number(byte[] bytes, int from, int count) {
    long number = 0;
    for (int i = from; i < from + count; i++) {
      number = (number << Byte.SIZE) | (bytes[i] & 0xff);
    }
    return number;
  }

  /** Returns the range as {@link #parse} reads it. */
  @Override
  public String toString() {
    byte[] bytes = new byte[v4 ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      long word = i < Long.BYTES ? high : low;
      bytes[i] = (byte) (word >>> (Long.SIZE - Byte.SIZE * ((i % Long.BYTES) + 1)));
    }
    return IpAddress.ofBytes(bytes) + "/" + bits;
  }

  /**
   * Ranges of addresses; immutable.
   *
   * @param ranges looked at one after the other
   */
  public record CidrList(List<IpPrefix> ranges) {
    /** Holds no address. */
    public static final CidrList NONE = new CidrList(List.of());

    /** Copies {@code ranges}. */
    public CidrList {
      ranges = List.copyOf(ranges);
    }

    /**
     * Returns the ranges that {@code texts} spell.
     *
     * @throws IllegalArgumentException if one of them spells none
     */
    public static CidrList parse(List<String> texts) {
      List<IpPrefix> ranges = new ArrayList<>(texts.size());
      for (String text : texts) {
        IpPrefix range = IpPrefix.parse(text);
        if (range == null) {
          throw new IllegalArgumentException("not a range of addresses: " + text);
        }
        ranges.add(range);
      }
      return new CidrList(ranges);
    }

    /** Returns whether one of the ranges holds {@code address}. */
    public boolean contains(IpAddress address) {
      for (IpPrefix range : ranges) {
        if (range.contains(address)) {
          return true;
        }
      }
      return false;
    }
  }
}
