package io.ppstp.tracker.tap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Which of a node's latest numbers have been seen. Confined to one event loop.
 *
 * <p>A number that is further from the highest than the window is long is a stray: its event may be
 * forged or damaged, and whoever took it for the highest would take all that its node tells from
 * then on for old. Only when several come in a row that are near to each other, the count goes on
 * there: a node was not heard for long, or the highest was itself false.
 */
final class SeqWindow {
  /** Numbers that are told apart; events of more than all that nodes keep by default. */
  static final int SPAN = 1 << 20;

  /** So many strays in a row are where the count goes on. */
  static final int ENOUGH_STRAYS = 3;

  private static final int MOST_RANGES = 256;

  /** A node that tells ten thousand events in a second needs five days for so many. */
  private static final long MOST_MISSING = 1L << 32;

  private final long[] seen = new long[SPAN / Long.SIZE];

  /** From here on what has not come is missing; below it was before this began, or began anew. */
  private long first;

  private long highest;
  private long missing;

  private final long[] strays = new long[ENOUGH_STRAYS];
  private int strayCount;

  /** What the last move counted as missing, for the case that it was not. */
  private long missingByMove;

  /**
   * Begins.
   *
   * @param first the lowest number whose absence is a loss
   */
  SeqWindow(long first) {
    this.first = first;
    this.highest = first - 1;
  }

  /** What a number is to a window. */
  enum Verdict {
    NEW,
    /** Its event has come before. */
    SEEN,
    /** Too far away to be believed, and not counted. */
    STRAY
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

  /** Takes note of a number, which is at least 1. */
  Verdict take(long seq) {
    if (seq - highest > SPAN || seq < lowest()) {
      return takeFar(seq);
    }
    strayCount = 0;
    return takeNear(seq) ? Verdict.NEW : Verdict.SEEN;
  }

  private Verdict takeFar(long seq) {
    for (int i = 0; i < strayCount; i++) {
      if (strays[i] == seq) {
        return Verdict.SEEN;
      }
    }
    if (strayCount > 0 && Math.abs(seq - strays[0]) > SPAN) {
      strayCount = 0;
    }
    strays[strayCount++] = seq;
    if (strayCount < ENOUGH_STRAYS) {
      return Verdict.STRAY;
    }
    moveToStrays();
    return Verdict.NEW;
  }

  private void moveToStrays() {
    strayCount = 0;
    Arrays.sort(strays);
    long gap = strays[0] - highest - 1;
    missing -= gap < 0 ? missingByMove : 0;
    missingByMove = gap > 0 && gap <= MOST_MISSING ? gap : 0;
    missing = Math.max(0, missing) + missingByMove;
    first = missingByMove > 0 ? first : strays[0];
    highest = strays[0] - 1;
    Arrays.fill(seen, 0);
    for (long seq : strays) {
      boolean unused = takeNear(seq);
    }
  }

  private boolean takeNear(long seq) {
    if (seq > highest) {
      forget(seq);
      missing += seq - highest - 1;
      highest = seq;
    } else if (isSeen(seq)) {
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
