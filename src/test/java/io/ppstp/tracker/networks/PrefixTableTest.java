package io.ppstp.tracker.networks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a slow search for the longest prefix. */
class PrefixTableTest {
  private final SplittableRandom random = Seeds.random();

  private record Prefix(IpAddress ip, int length, long number) {
    boolean includes(IpAddress other) {
      byte[] mine = ip.toBytes();
      byte[] its = other.toBytes();
      if (mine.length != its.length) {
        return false;
      }
      for (int bit = 0; bit < length; bit++) {
        if (((mine[bit / 8] ^ its[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private static long slow(List<Prefix> prefixes, IpAddress ip) {
    int longest = -1;
    long number = 0;
    for (Prefix prefix : prefixes) {
      if (prefix.length() >= longest && prefix.includes(ip)) {
        longest = prefix.length();
        number = prefix.number();
      }
    }
    return number;
  }

  @Test
  void itFindsTheLongestPrefix() {
    for (int round = 0; round < 300; round++) {
      boolean dense = random.nextBoolean();
      List<Prefix> prefixes = new ArrayList<>();
      PrefixTable.Builder builder = new PrefixTable.Builder();
      for (int i = random.nextInt(60); i > 0; i--) {
        boolean v4 = random.nextBoolean();
        Prefix prefix =
            new Prefix(
                ip(v4, dense),
                random.nextInt(v4 ? 33 : 65),
                1 + random.nextLong(random.nextBoolean() ? 4 : 0xffff_ffffL));
        prefixes.add(prefix);
        builder.add(prefix.ip(), prefix.length(), prefix.number());
      }
      PrefixTable table = builder.build();
      for (int i = 0; i < 200; i++) {
        IpAddress ip =
            prefixes.isEmpty() || random.nextBoolean()
                ? ip(random.nextBoolean(), dense)
                : edge(prefixes.get(random.nextInt(prefixes.size())));
        assertEquals(slow(prefixes, ip), table.numberOf(ip), () -> ip + " in " + prefixes);
      }
    }
  }

  /** Dense ones are often within each other. */
  private IpAddress ip(boolean v4, boolean dense) {
    byte[] bytes = new byte[v4 ? 4 : 16];
    random.nextBytes(bytes);
    if (dense) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (bytes[i] % 3 == 0 ? 0 : 0xff);
      }
    }
    return IpAddress.ofBytes(bytes);
  }

  /** The first or the last address of a prefix, or the one after or before. */
  private IpAddress edge(Prefix prefix) {
    byte[] bytes = prefix.ip().toBytes();
    boolean last = random.nextBoolean();
    for (int bit = prefix.length(); bit < bytes.length * 8; bit++) {
      int mask = 1 << (7 - bit % 8);
      bytes[bit / 8] = (byte) (last ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    }
    if (random.nextBoolean()) {
      int step = last ? 1 : -1;
      // Of IPv6 the first 64 bits count.
      int at = bytes.length == 4 ? 3 : 7;
      for (; at >= 0; at--) {
        bytes[at] = (byte) (bytes[at] + step);
        if (bytes[at] != (byte) (last ? 0 : 0xff)) {
          break;
        }
      }
    }
    return IpAddress.ofBytes(bytes);
  }

  @Test
  void aMillionPrefixesTakeFewBytes() {
    PrefixTable.Builder builder = new PrefixTable.Builder();
    for (int i = 0; i < 1_000_000; i++) {
      boolean v4 = i % 5 != 0;
      // As they are announced: mostly /24 and /48, and some that hold others.
      int length = v4 ? 16 + random.nextInt(9) : 29 + random.nextInt(20);
      builder.add(ip(v4, false), length, 1 + random.nextInt(80_000));
    }
    long bytes = builder.build().bytes();
    System.out.printf("%d bytes for a million prefixes%n", bytes);
    assertTrue(bytes <= 40_000_000, () -> bytes + " bytes");
  }
}
