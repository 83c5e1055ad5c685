package io.ppstp.tracker.tap;

import static io.ppstp.tracker.tap.SeqWindow.Verdict.NEW;
import static io.ppstp.tracker.tap.SeqWindow.Verdict.SEEN;
import static io.ppstp.tracker.tap.SeqWindow.Verdict.STRAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeqWindowTest {
  @Test
  void eachNumberPassesOnceInWhateverOrder() {
    SeqWindow window = new SeqWindow(5);
    assertEquals(NEW, window.take(5));
    assertEquals(NEW, window.take(7));
    assertEquals(1, window.missing());
    assertEquals(NEW, window.take(6));
    assertEquals(0, window.missing());
    assertEquals(SEEN, window.take(6));
    assertEquals(SEEN, window.take(5));
    // One that changed places with the first: not one of those that are awaited.
    assertEquals(NEW, window.take(4));
    assertEquals(SEEN, window.take(4));
    assertEquals(0, window.missing());
  }

  /** The tap was away for long, so that a node's numbers are far from those that it knows. */
  @Test
  void severalFarNumbersInARowAreWhereTheCountGoesOn() {
    SeqWindow window = new SeqWindow(1);
    assertEquals(NEW, window.take(1));
    long far = 10L * SeqWindow.SPAN;
    assertEquals(STRAY, window.take(far));
    assertEquals(SEEN, window.take(far));
    assertEquals(STRAY, window.take(far + 2));
    assertEquals(0, window.missing());
    assertEquals(NEW, window.take(far + 1));
    assertEquals(far - 2, window.missing());
    assertEquals(SEEN, window.take(far + 2));
    assertEquals(NEW, window.take(far + 3));
    assertEquals(NEW, window.take(far - 1));
    assertEquals(far - 3, window.missing());
  }

  /** An event may be forged or damaged: whatever its number, what its node tells goes on. */
  @Test
  void aFalseNumberSilencesNobody() {
    for (long forged : new long[] {2L * SeqWindow.SPAN, 1L << 31, 1L << 40, Long.MAX_VALUE}) {
      SeqWindow window = new SeqWindow(1);
      for (long seq = 1; seq < 1000; seq++) {
        assertEquals(NEW, window.take(seq));
        assertEquals(seq % 100 == 0 ? STRAY : SEEN, window.take(seq % 100 == 0 ? forged : seq));
      }
      assertEquals(0, window.missing());
    }
  }

  /** Even if it comes with others, or first of all. */
  @Test
  void nobodyIsSilencedForLong() {
    for (long forged : new long[] {2L * SeqWindow.SPAN, 1L << 31, 1L << 40, Long.MAX_VALUE - 99}) {
      SeqWindow window = new SeqWindow(1);
      window.take(1);
      for (int i = 0; i < 99; i++) {
        window.take(forged + i);
      }
      for (long seq = 2; seq < 1000; seq++) {
        assertEquals(seq < 4 ? STRAY : NEW, window.take(seq));
        assertEquals(SEEN, window.take(seq));
      }
      assertEquals(0, window.missing());
    }
  }

  @Test
  void itGoesOnBehindAMark() {
    SeqWindow window = new SeqWindow(100);
    List.of(100L, 101L, 105L, 300L).forEach(window::take);
    SeqWindow next = SeqWindow.after(window.mark());
    assertEquals(0, next.missing());
    assertEquals(SEEN, next.take(105));
    assertEquals(SEEN, next.take(300));
    assertEquals(NEW, next.take(104));
    assertEquals(SEEN, next.take(104));
    assertEquals(0, next.missing());
    assertEquals(NEW, next.take(303));
    assertEquals(2, next.missing());
  }

  /** Beside a set that remembers all. */
  @Test
  void itAgreesWithANaiveTwin() {
    SplittableRandom random = new SplittableRandom(Seeds.seed());
    for (int round = 0; round < 8; round++) {
      long first = 1 + random.nextLong(3 * SeqWindow.SPAN);
      SeqWindow window = new SeqWindow(first);
      Set<Long> seen = new HashSet<>();
      long highest = first - 1;
      for (int step = 0; step < 5000; step++) {
        long seq;
        if (random.nextInt(500) == 0) {
          seq = highest + 1 + random.nextLong(SeqWindow.SPAN);
        } else if (random.nextInt(3) == 0) {
          seq = Math.max(1, highest - random.nextLong(300));
        } else {
          seq = highest + 1 + random.nextLong(3);
        }
        highest = Math.max(highest, seq);
        assertEquals(seen.add(seq) ? NEW : SEEN, window.take(seq));
        if (step % 1000 == 999) {
          assertNothingSeenIsMarkedUnseen(window, seen, highest);
        }
      }
      long counted = seen.stream().filter(it -> it >= first).count();
      assertEquals(highest - first + 1 - counted, window.missing());
    }
  }

  private static void assertNothingSeenIsMarkedUnseen(
      SeqWindow window, Set<Long> seen, long highest) {
    SeqWindow.Mark mark = window.mark();
    assertEquals(highest, mark.highest());
    assertEquals(SEEN, SeqWindow.after(mark).take(highest));
    for (long[] range : mark.unseen()) {
      assertTrue(seen.stream().noneMatch(it -> it >= range[0] && it <= range[1]));
    }
  }
}
