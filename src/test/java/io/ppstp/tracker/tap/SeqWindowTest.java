package io.ppstp.tracker.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    assertTrue(window.take(5));
    assertTrue(window.take(7));
    assertEquals(1, window.missing());
    assertTrue(window.take(6));
    assertEquals(0, window.missing());
    assertFalse(window.take(6));
    assertFalse(window.take(5));
    // One that changed places with the first: not one of those that are awaited.
    assertTrue(window.take(4));
    assertFalse(window.take(4));
    assertEquals(0, window.missing());
  }

  @Test
  void whatIsFarBelowTheHighestHasBeenSeen() {
    SeqWindow window = new SeqWindow(1);
    assertTrue(window.take(1));
    assertTrue(window.take(10L * SeqWindow.SPAN));
    assertEquals(10L * SeqWindow.SPAN - 2, window.missing());
    assertFalse(window.take(1));
    assertFalse(window.take(9L * SeqWindow.SPAN));
    assertTrue(window.take(9L * SeqWindow.SPAN + 1));
    assertEquals(10L * SeqWindow.SPAN - 3, window.missing());
  }

  @Test
  void itGoesOnBehindAMark() {
    SeqWindow window = new SeqWindow(100);
    List.of(100L, 101L, 105L, 300L).forEach(window::take);
    SeqWindow next = SeqWindow.after(window.mark());
    assertEquals(0, next.missing());
    assertFalse(next.take(105));
    assertFalse(next.take(300));
    assertTrue(next.take(104));
    assertFalse(next.take(104));
    assertEquals(0, next.missing());
    assertTrue(next.take(303));
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
        boolean kept = seq > highest - SeqWindow.SPAN;
        highest = Math.max(highest, seq);
        assertEquals(kept && seen.add(seq), window.take(seq));
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
    assertFalse(SeqWindow.after(mark).take(highest));
    for (long[] range : mark.unseen()) {
      assertTrue(seen.stream().noneMatch(it -> it >= range[0] && it <= range[1]));
    }
  }
}
