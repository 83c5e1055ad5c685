package io.ppstp.tracker.networks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.protocol.IpAddress;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All networks of the Internet, as they are in a table of ranges that {@code .ci/run} installs:
 * they are written as prefixes, and each is found again, to its first and last address.
 */
class RealTableTest {
  private static final Path RANGES =
      Path.of("target", "networks", "node_modules", "@ip-location-db", "asn");

  @TempDir private Path folder = Path.of("set by JUnit");

  /** Of IPv6, of which the first 64 bits count; of IPv4, in the lower half. */
  private record Range(boolean v4, long first, long last, long asn) {
    IpAddress at(long bits) {
      return v4
          ? IpAddress.ofV4Bits((int) bits)
          : IpAddress.ofBytes(ByteBuffer.allocate(16).putLong(bits).array());
    }
  }

  /** Returns those that do not overlap with the one before, as one in half a million does. */
  private static List<Range> ranges(String file) throws IOException {
    List<Range> ranges = new ArrayList<>();
    long end = -1;
    for (String line : Files.readAllLines(RANGES.resolve(file))) {
      String[] columns = line.split(",", 4);
      IpAddress first = Objects.requireNonNull(IpAddress.parse(columns[0]));
      IpAddress last = Objects.requireNonNull(IpAddress.parse(columns[1]));
      long asn = Long.parseLong(columns[2]);
      Range range;
      if (first.isV4()) {
        range = new Range(true, unsigned(first), unsigned(last), asn);
      } else {
        ByteBuffer from = ByteBuffer.wrap(first.toBytes());
        ByteBuffer to = ByteBuffer.wrap(last.toBytes());
        if (from.getLong(8) != 0 || to.getLong(8) != -1) {
          // One that begins or ends within a /64 is not told apart.
          continue;
        }
        range = new Range(false, from.getLong(0), to.getLong(0), asn);
      }
      if (ranges.isEmpty() || Long.compareUnsigned(range.first(), end) > 0) {
        ranges.add(range);
        end = range.last();
      }
    }
    return ranges;
  }

  private static long unsigned(IpAddress v4) {
    return v4.v4Bits() & 0xffff_ffffL;
  }

  /** Writes the fewest prefixes that make up a range; returns how many. */
  private static int write(Range range, BufferedWriter out) throws IOException {
    int bits = range.v4() ? 32 : 64;
    int written = 0;
    long at = range.first();
    while (true) {
      int free = at == 0 ? bits : Math.min(bits, Long.numberOfTrailingZeros(at));
      while (free > 0 && Long.compareUnsigned(at + ((1L << free) - 1), range.last()) > 0) {
        free--;
      }
      out.write(range.at(at) + "\t" + (bits - free) + "\t" + range.asn() + "\n");
      written++;
      long end = at + ((1L << free) - 1);
      if (end == range.last()) {
        return written;
      }
      at = end + 1;
    }
  }

  @Test
  void everyNetworkIsFoundFromItsFirstAddressToItsLast() throws IOException {
    assumeTrue(Files.exists(RANGES), "there is no table; .ci/run installs one");
    List<Range> all = ranges("asn-ipv4.csv");
    all.addAll(ranges("asn-ipv6.csv"));
    Path file = folder.resolve("pfx2as");
    int prefixes = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Range range : all) {
        prefixes += write(range, out);
      }
    }
    NetworkTables tables = NetworkTables.of(List.of(file));
    System.out.printf("%d ranges, %d prefixes%n", all.size(), prefixes);
    assertTrue(prefixes > 500_000, "a real table");

    Range before = new Range(true, -1, -1, 0);
    for (Range range : all) {
      long middle = range.first() + ((range.last() - range.first()) >>> 1);
      for (long bits : new long[] {range.first(), middle, range.last()}) {
        assertEquals(range.asn(), tables.asnOf(range.at(bits)), range::toString);
      }
      if (range.first() != 0 && (range.v4() != before.v4() || before.last() + 1 != range.first())) {
        assertEquals(0, tables.asnOf(range.at(range.first() - 1)), range::toString);
      }
      before = range;
    }
  }
}
