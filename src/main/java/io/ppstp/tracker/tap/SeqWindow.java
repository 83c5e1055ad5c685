package io.ppstp.tracker.tap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Which of a node's latest numbers have been seen. Numbers below the window count as seen: what
 * comes that late has come before, by another way. Confined to one event loop.
 */
final class SeqWindow {
  /** Numbers that are told apart; events of more than all that nodes keep by default. */
  static final int SPAN = 1 << 20;

  private static final int MOST_RANGES = 256;

  /** A node that tells ten thousand events in a second needs five days for so many. */
  private static final long MOST_DISTANCE = 1L << 32;

  private final long[] seen = new long[SPAN / Long.SIZE];

  /** From here on what has not come is missing; below it was before this began. */
  private final long first;

  private long highest;
  private long missing;

  /**
   * Begins.
   *
   * @param first the lowest number whose absence is a loss
   */
  SeqWindow(long first) {
    this.first = first;
    this.highest = first - 1;
  }

  /** A number of a node, and those below it that were still to come; both ends belong to each. */
  record Mark(long highest, List<long[]> unseen) {}

  /** Goes on behind {@code mark}. */
  static SeqWindow after(Mark mark) {
    SeqWindow window = new SeqWindow(mark.highest() + 1);
    Arrays.fill(window.seen, -1);
    for (long[] range : mark.unseen()) {
      for (long seq = Math.max(range[0], window.lowest()); seq <= range[1]; seq++) {
        window.clear(seq);
      }
    }
    return window;
  }

  private long lowest() {
    return Math.max(1, highest - SPAN + 1);
  }

  /** Returns whether {@code seq} can be one of the same count as the highest. */
  boolean isPlausible(long seq) {
    return Math.abs(seq - highest) <= MOST_DISTANCE;
  }

  /** Returns whether {@code seq} is new, and takes note of it. */
  boolean take(long seq) {
    if (seq > highest) {
      forget(seq);
      missing += seq - highest - 1;
      highest = seq;
    } else if (seq < lowest() || isSeen(seq)) {
      return false;
    } else if (seq >= first) {
      missing--;
    }
    seen[slot(seq) >>> 6] |= 1L << seq;
    return true;
  }

  /** Makes room for the numbers up to {@code seq}, in the places of those that leave the window. */
  private void forget(long seq) {
    if (seq - highest >= SPAN) {
      Arrays.fill(seen, 0);
      return;
    }
    for (long next = highest + 1; next <= seq; next++) {
      if ((next & 63) == 0 && seq - next >= 63) {
        seen[slot(next) >>> 6] = 0;
        next += 63;
      } else {
        clear(next);
      }
    }
  }

  private static int slot(long seq) {
    return (int) (seq & (SPAN - 1));
  }

  private void clear(long seq) {
    seen[slot(seq) >>> 6] &= ~(1L << seq);
  }

  private boolean isSeen(long seq) {
    return (seen[slot(seq) >>> 6] >>> seq & 1) != 0;
  }

  /** Returns how many numbers from the first on have not come, of those below the highest. */
  long missing() {
    return missing;
  }

  /** Returns what {@link #after} needs to go on; of many unseen ranges the highest. */
  Mark mark() {
    List<long[]> ranges = new ArrayList<>();
    long seq = highest;
    long lowest = lowest();
    while (seq >= lowest && ranges.size() < MOST_RANGES) {
      if ((seq & 63) == 63 && seq - 63 >= lowest && seen[slot(seq) >>> 6] == -1) {
        seq -= 64;
      } else if (isSeen(seq)) {
        seq--;
      } else {
        long last = seq;
        while (seq >= lowest && !isSeen(seq)) {
          boolean whole = (seq & 63) == 63 && seq - 63 >= lowest && seen[slot(seq) >>> 6] == 0;
          seq -= whole ? 64 : 1;
        }
        ranges.add(new long[] {seq + 1, last});
      }
    }
    Collections.reverse(ranges);
    return new Mark(highest, List.copyOf(ranges));
  }
}
