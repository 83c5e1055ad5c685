package io.ppstp.tracker.channels;

import io.vertx.core.json.JsonArray;

/**
 * How long memberships have lasted: so many for each of a fixed number of ranges, two for each
 * doubling of the time from a second to nine hours, so that between these a quantile is told within
 * a fifth, and those of several nodes can be added. Not thread-safe.
 */
final class WatchTimes {
  private static final int OCTAVES = 15;
  private static final int RANGES = 2 + 2 * OCTAVES;
  private static final long SECOND_MS = 1000;

  private final int[] counts = new int[RANGES];

  /** Counts one that has lasted so long. */
  void add(long ms) {
    counts[rangeOf(ms)]++;
  }

  private static int rangeOf(long ms) {
    long seconds = ms / SECOND_MS;
    if (seconds < 1) {
      return 0;
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(seconds);
    if (octave >= OCTAVES) {
      return RANGES - 1;
    }
    boolean upperHalf = 2 * ms >= (3 * SECOND_MS) << octave;
    return 1 + 2 * octave + (upperHalf ? 1 : 0);
  }

  /** Returns where a range begins, in milliseconds. */
  private static long beginMs(int range) {
    if (range == 0) {
      return 0;
    }
    long octaveMs = SECOND_MS << ((range - 1) / 2);
    return (range - 1) % 2 == 0 ? octaveMs : octaveMs * 3 / 2;
  }

  /** Returns how many there are. */
  long count() {
    long all = 0;
    for (int count : counts) {
      all += count;
    }
    return all;
  }

  /**
   * Returns about the time that the share {@code quantile} of them has not lasted longer than, in
   * milliseconds; 0 if there are none. The longest range has no end, and is told by where it
   * begins.
   */
  long quantileMs(double quantile) {
    double wanted = quantile * count();
    long seen = 0;
    for (int range = 0; range < RANGES; range++) {
      seen += counts[range];
      if (counts[range] > 0 && seen >= wanted) {
        return middleMs(range);
      }
    }
    return 0;
  }

  /** Returns the time that is off by the same share for the shortest and the longest of a range. */
  private static long middleMs(int range) {
    long beginMs = beginMs(range);
    if (range == 0 || range == RANGES - 1) {
      return range == 0 ? SECOND_MS / 2 : beginMs;
    }
    long endMs = beginMs(range + 1);
    return 2 * beginMs * endMs / (beginMs + endMs);
  }

  /** Returns how many there are in each range. */
  JsonArray toJson() {
    JsonArray json = new JsonArray();
    for (int count : counts) {
      json.add(count);
    }
    return json;
  }

  /** Adds what {@link #toJson} returned; what is not of its form counts for nothing. */
  void add(JsonArray json) {
    for (int range = 0; range < Math.min(RANGES, json.size()); range++) {
      if (json.getValue(range) instanceof Number number && number.intValue() > 0) {
        counts[range] += number.intValue();
      }
    }
  }
}
