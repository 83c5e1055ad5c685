package io.ppstp.tracker.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ppstp.tracker.domain.swarm.Fairness;
import io.ppstp.tracker.testing.FakeClock;
import org.junit.jupiter.api.Test;

class PacingTest {
  private final Pacing pacing = new Pacing(0, 0, new FakeClock(1_000_000));

  @Test
  void whoAsksAgainGoesOnInItsOrder() {
    Fairness first = pacing.next("s", "p");
    Fairness second = pacing.next("s", "p");

    assertEquals(first.order(), second.order());
    assertEquals(first.turn() + 1, second.turn());
  }

  /** Peers choose their IDs: these two have one value of String.hashCode. */
  @Test
  void nobodyTakesTurnsOfOthersByChoosingAnId() {
    assertEquals("Aa".hashCode(), "BB".hashCode());
    assertNotEquals(pacing.next("s", "Aa").order(), pacing.next("s", "BB").order());
    assertNotEquals(pacing.next("Aa", "p").order(), pacing.next("BB", "p").order());
  }
}
