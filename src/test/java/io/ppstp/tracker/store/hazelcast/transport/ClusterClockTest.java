package io.ppstp.tracker.store.hazelcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClusterClockTest {
  /** What the oldest member's clock is ahead of this node's. */
  private static final long AHEAD_MS = 5000;

  private static final int ANSWERS = 6;

  private long nowMs;
  private final ClusterClock clock =
      new ClusterClock(0, () -> TimeUnit.MILLISECONDS.toNanos(nowMs));

  private void answered(long sentMs) {
    clock.follow(nowMs + AHEAD_MS, TimeUnit.MILLISECONDS.toNanos(sentMs));
  }

  @Test
  void onePauseOfTheOldestMemberDoesNotSetTheTimeOfANodeThatJoins() {
    nowMs = 1000;
    for (int i = 0; i < ANSWERS; i++) {
      answered(50L * i);
    }
    assertFalse(clock.isJoined());

    for (int i = 1; i < ANSWERS; i++) {
      nowMs += 50;
      answered(nowMs);
    }
    assertTrue(clock.isJoined());
    assertEquals(nowMs + AHEAD_MS, clock.millis());
  }
}
