package io.ppstp.tracker.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.expiry.ExpiryVerticle.SuspendedTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SuspendedTimeTest {
  private long nowNs = Long.MAX_VALUE - 5;
  private final SuspendedTime suspended =
      new SuspendedTime(Duration.ofSeconds(1), Duration.ofSeconds(60), () -> nowNs);

  private long tickAfter(long ms) {
    nowNs += ms * 1_000_000;
    return suspended.onTick();
  }

  @Test
  void ticksThatAreABitLateAreNoPause() {
    for (long ms : new long[] {1000, 1, 1999, 2000, 0}) {
      assertEquals(0, tickAfter(ms));
    }
  }

  @Test
  void timersRunLongerByThePauseForOneTrackTimer() {
    assertEquals(9000, tickAfter(10_000));
    for (int second = 1; second < 60; second++) {
      assertEquals(9000, tickAfter(1000), "after " + second + " s");
    }
    assertEquals(0, tickAfter(1000));
    assertEquals(0, tickAfter(1000));
  }

  @Test
  void aPauseMayBeLongerThanTheTrackTimer() {
    assertEquals(3_599_000, tickAfter(3_600_000));
    assertEquals(3_599_000, tickAfter(1000));
    assertEquals(3_609_000, tickAfter(11_000));
  }

  @Test
  void pausesInARowAddUp() {
    assertEquals(9000, tickAfter(10_000));
    assertEquals(13_000, tickAfter(5000));
    assertEquals(13_000, tickAfter(1500));
  }
}
