package io.ppstp.tracker.tap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void waitsGrowToABoundAndAreSpread() {
    Backoff backoff = new Backoff(100, 1000, new SplittableRandom(Seeds.seed()));
    for (int round = 0; round < 2; round++) {
      long most = 100;
      for (int i = 0; i < 100; i++) {
        long waitMs = backoff.nextMs();
        assertTrue(waitMs > most / 2 && waitMs <= most + 1, "wait " + waitMs + " of " + most);
        most = Math.min(1000, 2 * most);
      }
      backoff.reset();
    }
  }
}
