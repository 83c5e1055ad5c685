package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** So much at once and so much a second, whatever the clock began with. */
class PaceTest {
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void thereIsRoomForSomeAtOnceAndThenForAFewASecond() {
    for (long startNs : new long[] {0, -7 * SECOND_NS, Long.MAX_VALUE - SECOND_NS}) {
      Pace pace = new Pace(10, 2);
      assertTrue(pace.hasRoom(startNs));
      assertEquals(7, pace.take(7, startNs));
      assertEquals(3, pace.take(7, startNs));
      assertFalse(pace.hasRoom(startNs));
      assertFalse(pace.tryTake(startNs));
      assertTrue(pace.hasRoom(startNs + SECOND_NS));
      assertEquals(2, pace.take(7, startNs + SECOND_NS));
      assertEquals(10, pace.take(20, startNs + 100 * SECOND_NS));
      assertEquals(0, pace.take(0, startNs + 100 * SECOND_NS));
    }
  }

  @Test
  void itMayBeLessThanOneASecond() {
    Pace pace = new Pace(1, 0.25);
    assertTrue(pace.tryTake(0));
    assertFalse(pace.tryTake(4 * SECOND_NS - 1));
    assertTrue(pace.tryTake(4 * SECOND_NS));
  }
}
