package io.ppstp.tracker.networks;

import io.ppstp.tracker.protocol.IpAddress;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Finds the longest of many prefixes that an address is in, and its number. Immutable; a look-up is
 * a binary search.
 *
 * <p>Prefixes that contain each other are flattened: the addresses of each family are cut into
 * ranges, of which it is kept where each begins and what number its longest prefix has. An IPv4
 * range takes 8 bytes, one of IPv6 12: of an address of IPv6 the first 64 bits count, and a longer
 * prefix is not announced between networks.
 */
final class PrefixTable {
  private static final int V6_BITS = 64;
  private static final int V4_BITS = 32;

  /** In order of their unsigned values, as are those of IPv6. */
  private final int[] v4Starts;

  private final int[] v4Numbers;
  private final long[] v6Starts;
  private final int[] v6Numbers;

  private PrefixTable(int[] v4Starts, int[] v4Numbers, long[] v6Starts, int[] v6Numbers) {
    this.v4Starts = v4Starts;
    this.v4Numbers = v4Numbers;
    this.v6Starts = v6Starts;
    this.v6Numbers = v6Numbers;
  }

  /** Returns the number of the longest prefix that {@code ip} is in, 0 if it is in none. */
  long numberOf(IpAddress ip) {
    return ip.isV4() ? numberOfV4(ip.v4Bits()) : numberOfV6(leading(ip.toBytes()));
  }

  private long numberOfV4(int bits) {
    int low = 0;
    int high = v4Starts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(v4Starts[middle], bits) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? 0 : v4Numbers[high] & 0xffff_ffffL;
  }

  private long numberOfV6(long bits) {
    int low = 0;
    int high = v6Starts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(v6Starts[middle], bits) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? 0 : v6Numbers[high] & 0xffff_ffffL;
  }

  /** Returns how many bytes the ranges take. */
  long bytes() {
    return 8L * v4Starts.length + 12L * v6Starts.length;
  }

  private static long leading(byte[] ip) {
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = bits << Byte.SIZE | (ip[i] & 0xff);
    }
    return bits;
  }

  /** Collects the prefixes of a table, in any order. Confined to one reading. */
  static final class Builder {
    /** By family: the first address, in the upper bits, and the length below it. */
    private final Prefixes v4 = new Prefixes();

    private final Prefixes v6 = new Prefixes();

    /**
     * Adds a prefix; of two that are the same the later counts.
     *
     * @param length 0 to 32 or 128; of IPv6 prefixes that are longer than 64, nothing is kept
     * @param number 1 to 2<sup>32</sup> - 1
     */
    void add(IpAddress ip, int length, long number) {
      if (ip.isV4()) {
        v4.add((long) ip.v4Bits() << V4_BITS, length, (int) number);
      } else if (length <= V6_BITS) {
        v6.add(leading(ip.toBytes()), length, (int) number);
      }
    }

    int size() {
      return v4.size + v6.size;
    }

    /** Returns whether a prefix was added twice with different numbers; known once it is built. */
    boolean isAmbiguous() {
      return v4.ambiguous || v6.ambiguous;
    }

    PrefixTable build() {
      Ranges four = v4.flatten();
      Ranges six = v6.flatten();
      int[] starts = new int[four.size];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = (int) (four.starts[i] >>> V4_BITS);
      }
      return new PrefixTable(
          starts,
          Arrays.copyOf(four.numbers, four.size),
          Arrays.copyOf(six.starts, six.size),
          Arrays.copyOf(six.numbers, six.size));
    }
  }

  /** Prefixes of 64 bits at most. */
  private static final class Prefixes {
    private long[] firsts = new long[1024];
    private byte[] lengths = new byte[1024];
    private int[] numbers = new int[1024];
    private int size;
    private boolean ambiguous;

    void add(long bits, int length, int number) {
      if (size == firsts.length) {
        int more = size + (size >> 1);
        firsts = Arrays.copyOf(firsts, more);
        lengths = Arrays.copyOf(lengths, more);
        numbers = Arrays.copyOf(numbers, more);
      }
      firsts[size] = bits & mask(length);
      lengths[size] = (byte) length;
      numbers[size++] = number;
    }

    private static long mask(int length) {
      return length == 0 ? 0 : -1L << (Long.SIZE - length);
    }

    /** Goes through the prefixes as they begin, and keeps a stack of those that are open. */
    Ranges flatten() {
      int[] order = sorted();
      Ranges ranges = new Ranges(size + size / 2 + 1);
      int[] open = new int[V6_BITS + 1];
      int depth = 0;
      for (int next : order) {
        while (depth > 0 && isBefore(open[depth - 1], firsts[next])) {
          int closed = open[--depth];
          long end = lastOf(closed) + 1;
          // Zero: it ended with the last address of all.
          if (end != 0) {
            ranges.begin(end, depth == 0 ? 0 : numbers[open[depth - 1]]);
          }
        }
        if (depth > 0
            && firsts[open[depth - 1]] == firsts[next]
            && lengths[open[depth - 1]] == lengths[next]) {
          depth--;
          ambiguous |= numbers[open[depth]] != numbers[next];
        }
        open[depth++] = next;
        ranges.begin(firsts[next], numbers[next]);
      }
      while (depth > 0) {
        long end = lastOf(open[--depth]) + 1;
        if (end != 0) {
          ranges.begin(end, depth == 0 ? 0 : numbers[open[depth - 1]]);
        }
      }
      return ranges;
    }

    private long lastOf(int prefix) {
      return firsts[prefix] | ~mask(lengths[prefix]);
    }

    private boolean isBefore(int prefix, long bits) {
      return Long.compareUnsigned(lastOf(prefix), bits) < 0;
    }

    /** Returns the prefixes as they begin, the longer behind the shorter, else as they came. */
    private int[] sorted() {
      int[] order = new int[size];
      for (int i = 0; i < size; i++) {
        order[i] = i;
      }
      int[] spare = new int[size];
      // Least significant first, each step stable: lengths, then the first address by two bytes.
      int[] sorted = byDigit(order, spare, i -> lengths[i], 1 << Byte.SIZE);
      spare = order;
      for (int shift = 0; shift < Long.SIZE; shift += Character.SIZE) {
        int by = shift;
        int[] before = sorted;
        sorted =
            byDigit(before, spare, i -> (int) (firsts[i] >>> by) & 0xffff, 1 << Character.SIZE);
        spare = before;
      }
      return sorted;
    }

    private static int[] byDigit(int[] from, int[] to, IntUnaryOperator digit, int digits) {
      int[] places = new int[digits + 1];
      for (int one : from) {
        places[digit.applyAsInt(one) + 1]++;
      }
      for (int i = 0; i < digits; i++) {
        places[i + 1] += places[i];
      }
      for (int one : from) {
        to[places[digit.applyAsInt(one)]++] = one;
      }
      return to;
    }
  }

  /** Ranges that are found one after another; neighbours with the same number are one. */
  private static final class Ranges {
    private long[] starts;
    private int[] numbers;
    private int size;

    Ranges(int expected) {
      starts = new long[expected];
      numbers = new int[expected];
    }

    void begin(long start, int number) {
      if (size > 0 && starts[size - 1] == start) {
        numbers[size - 1] = number;
        if (size > 1 && numbers[size - 2] == number) {
          size--;
        }
        return;
      }
      if (size == 0 ? number == 0 : numbers[size - 1] == number) {
        return;
      }
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, size + (size >> 1) + 1);
        numbers = Arrays.copyOf(numbers, starts.length);
      }
      starts[size] = start;
      numbers[size++] = number;
    }
  }
}
