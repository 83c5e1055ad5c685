package io.ppstp.tracker.domain.address;

import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where on the Internet a peer is, as far as choosing its neighbours needs it: numbers that are
 * equal for peers near each other. Immutable, and the same on every node and in every release, for
 * it travels with the peer.
 *
 * @param network of the peer: the group that an ALTO server puts it in, or else its autonomous
 *     system, or else the prefix of its address; {@link #NOWHERE} if peers are not told apart
 * @param host 31 bits of the public address that it shares with those behind the same NAT, of IPv6
 *     of its first 64 bits; 0 if that is not known. Two addresses in a thousand million may have
 *     the same: their peers are taken for neighbours
 */
public record Place(int network, int host) {
  /** No network. */
  public static final int NOWHERE = 0;

  /**
   * The network of those that somebody has vouched for as edge caches, wherever they are: they are
   * found by it, and are nobody's neighbours.
   */
  public static final int CACHES = 1 << 31 | 1 << 29;

  /** Nothing is known, or wanted to be known. */
  public static final Place UNKNOWN = new Place(NOWHERE, 0);

  /** Set in a network that is a prefix and no autonomous system. */
  private static final int IS_PREFIX = 1 << 31;

  /** Set besides in one that is made of something longer than 24 bits, or of a name. */
  private static final int IS_HASHED = 1 << 30;

  private static final int V4_PREFIX_SHIFT = 8;
  private static final int V6_PREFIX_BYTES = 6;
  private static final int V6_HOST_BYTES = 8;

  /** Returns where a peer is that was seen at {@code observed} and is in {@code network}. */
  public static Place of(int network, Observed observed) {
    if (network == NOWHERE) {
      return UNKNOWN;
    }
    IpAddress ip = observed.v4() == null ? observed.v6() : observed.v4();
    return new Place(network, ip == null ? 0 : hostOf(ip));
  }

  /** Returns where somebody is who is seen at {@code ip}, in {@code network}. */
  public static Place of(int network, @Nullable IpAddress ip) {
    return of(network, Observed.NOTHING.and(ip));
  }

  /**
   * Returns the network that an autonomous system is. Numbers of 2<sup>31</sup> and more, which are
   * set aside for private use, may come together in one.
   *
   * @param asn at least 1
   */
  public static int networkOfAsn(long asn) {
    return asn <= Integer.MAX_VALUE ? (int) asn : hashed(asn);
  }

  /** Returns the network of {@code ip} by its prefix: 24 bits of IPv4, or 48 of IPv6. */
  public static int networkOfPrefix(IpAddress ip) {
    return ip.isV4()
        ? IS_PREFIX | ip.v4Bits() >>> V4_PREFIX_SHIFT
        : hashed(leading(ip, V6_PREFIX_BYTES));
  }

  /** Returns the number of the autonomous system that a network is, 0 if it is none. */
  public static int asnOf(int network) {
    return Math.max(0, network);
  }

  /** Returns whether peers there are told apart. */
  public boolean isKnown() {
    return network != NOWHERE;
  }

  private static int hostOf(IpAddress ip) {
    return (int)
            (stirred(ip.isV4() ? ip.v4Bits() & 0xffff_ffffL : leading(ip, V6_HOST_BYTES)) >>> 33)
        | 1;
  }

  private static int hashed(long bits) {
    return IS_PREFIX | IS_HASHED | (int) (stirred(bits) >>> 34);
  }

  /**
   * Returns the network that a PID of an ALTO server is (RFC 7285, Section 5.1).
   *
   * @param map the resource ID of the network map that defines it
   */
  public static int networkOfPid(String map, String pid) {
    return named(map, pid);
  }

  /** Returns the network that a country is, of whose addresses nothing more is known. */
  public static int networkOfCountry(String code) {
    // No network map has an empty ID.
    return named("", code);
  }

  private static int named(String kind, String name) {
    long hash = 0xcbf29ce484222325L;
    for (String part : new String[] {kind, name}) {
      for (int i = 0; i < part.length(); i++) {
        hash = (hash ^ part.charAt(i)) * 0x100000001b3L;
      }
      hash = (hash ^ Character.MAX_VALUE) * 0x100000001b3L;
    }
    return hashed(hash);
  }

  private static long leading(IpAddress ip, int count) {
    byte[] bytes = ip.toBytes();
    long leading = 0;
    for (int i = 0; i < count; i++) {
      leading = leading << Byte.SIZE | (bytes[i] & 0xff);
    }
    return leading;
  }

  private static long stirred(long bits) {
    long mixed = (bits + 1) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
    return mixed ^ mixed >>> 32;
  }
}
