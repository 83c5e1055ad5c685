package io.ppstp.tracker.protocol;

/**
 * How far an address reaches, by the special-purpose registries of IANA (RFC 6890). Stateless.
 *
 * <p>IPv6 forms that embed an IPv4 address are judged by that: mapped ones, those of NAT64
 * (64:ff9b::/96, RFC 6052), 6to4 (2002::/16, RFC 3056) and Teredo (2001::/32, RFC 4380). Addresses
 * are looked at where they stand, for lists do so for each entry.
 */
public final class IpScope {
  private static final int V4_IN_LAST_BYTES = 12;
  private static final int V4_IN_6TO4 = 2;
  private static final int V4_OF_TEREDO_SERVER = 4;

  private IpScope() {}

  /** Returns whether these 32 bits mean the same host everywhere. */
  public static boolean isPublicV4(int bits) {
    int first = bits >>> 24;
    int second = bits >>> 16 & 0xff;
    int third = bits >>> 8 & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> (second & 0xc0) != 64; // between a provider and its customers
      case 169 -> second != 254;
      case 172 -> (second & 0xf0) != 16;
      // Protocol assignments, documentation, the former relays of 6to4, private.
      case 192 ->
          second == 0 ? third != 0 && third != 2 : second == 88 ? third != 99 : second != 168;
      case 198 -> second == 51 ? third != 100 : (second & 0xfe) != 18; // documentation, benchmarks
      case 203 -> second != 0 || third != 113; // documentation
      default -> first < 224;
    };
  }

  /**
   * Returns whether the IPv6 address whose bytes stand in {@code bytes} from {@code at} on means
   * the same host everywhere.
   */
  public static boolean isPublicV6(byte[] bytes, int at) {
    int first = twoBytes(bytes, at);
    int second = twoBytes(bytes, at + 2);
    if (isMappedV4(bytes, at) || isTranslatedV4(bytes, at)) {
      return isPublicV4(fourBytes(bytes, at + V4_IN_LAST_BYTES));
    }
    if (first == 0x2002) {
      return isPublicV4(fourBytes(bytes, at + V4_IN_6TO4));
    }
    if (first == 0x2001 && second == 0) {
      return isPublicV4(fourBytes(bytes, at + V4_OF_TEREDO_SERVER))
          && isPublicV4(~fourBytes(bytes, at + V4_IN_LAST_BYTES));
    }
    boolean assigned = (first & 0xe000) == 0x2000;
    boolean ofProtocols = first == 0x2001 && second < 0x200;
    boolean documentation =
        (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
    return assigned && !ofProtocols && !documentation;
  }

  /**
   * Returns whether a peer can be at {@code ip} at all: a host on some network, and neither a group
   * of hosts, nor all of them, nor none.
   */
  public static boolean isHost(IpAddress ip) {
    return ip.isV4() ? isHostV4(ip.v4Bits()) : isHostV6(ip.toBytes());
  }

  private static boolean isHostV4(int bits) {
    int first = bits >>> 24;
    return first != 0 && (first < 224 || first > 239) && bits != -1;
  }

  private static boolean isHostV6(byte[] bytes) {
    int first = twoBytes(bytes, 0);
    if (isMappedV4(bytes, 0) || isTranslatedV4(bytes, 0)) {
      return isHostV4(fourBytes(bytes, V4_IN_LAST_BYTES));
    }
    if (first == 0x2002) {
      return isHostV4(fourBytes(bytes, V4_IN_6TO4));
    }
    if (first == 0x2001 && twoBytes(bytes, 2) == 0) {
      return isHostV4(~fourBytes(bytes, V4_IN_LAST_BYTES));
    }
    boolean multicast = first >= 0xff00;
    return !multicast && !isUnspecified(bytes);
  }

  /**
   * Returns whether {@code ip} is of a network of hosts beside each other, mostly behind a NAT:
   * private, shared by a provider's customers, unique local or link-local.
   */
  public static boolean isLocal(IpAddress ip) {
    if (!ip.isV4()) {
      int group = twoBytes(ip.toBytes(), 0);
      return (group & 0xfe00) == 0xfc00 || (group & 0xffc0) == 0xfe80;
    }
    int bits = ip.v4Bits();
    int first = bits >>> 24;
    int second = bits >>> 16 & 0xff;
    return switch (first) {
      case 10 -> true;
      case 100 -> (second & 0xc0) == 64;
      case 169 -> second == 254;
      case 172 -> (second & 0xf0) == 16;
      case 192 -> second == 168;
      default -> false;
    };
  }

  private static boolean isUnspecified(byte[] bytes) {
    for (byte part : bytes) {
      if (part != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether these are the bytes of {@code ::ffff:a.b.c.d}. */
  static boolean isMappedV4(byte[] bytes, int at) {
    for (int i = 0; i < 10; i++) {
      if (bytes[at + i] != 0) {
        return false;
      }
    }
    return bytes[at + 10] == (byte) 0xff && bytes[at + 11] == (byte) 0xff;
  }

  /** Returns whether these are the bytes of an address of NAT64 (64:ff9b::/96, RFC 6052). */
  static boolean isTranslatedV4(byte[] bytes, int at) {
    if (twoBytes(bytes, at) != 0x64 || twoBytes(bytes, at + 2) != 0xff9b) {
      return false;
    }
    for (int i = 4; i < V4_IN_LAST_BYTES; i++) {
      if (bytes[at + i] != 0) {
        return false;
      }
    }
    return true;
  }

  static int fourBytes(byte[] bytes, int at) {
    return twoBytes(bytes, at) << 16 | twoBytes(bytes, at + 2);
  }

  static int twoBytes(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
