package io.ppstp.tracker.security.digest;

import static io.ppstp.tracker.security.digest.NonceStore.Use.ACCEPTED;
import static io.ppstp.tracker.security.digest.NonceStore.Use.FORGOTTEN;
import static io.ppstp.tracker.security.digest.NonceStore.Use.REPLAYED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Seeds;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The window against a twin that remembers everything. */
class CountWindowTest {
  private static final int STEPS = 200_000;
  private static final long MOST = 0xffff_ffffL;

  @Test
  void agreesWithATwinThatForgetsNothing() {
    SplittableRandom random = Seeds.random();
    CountWindow window = new CountWindow();
    Set<Long> used = new HashSet<>();
    long highest = 0;
    for (int step = 0; step < STEPS; step++) {
      if (step % 5000 == 0) {
        window = new CountWindow();
        used.clear();
        highest = 0;
      }
      long count = Math.max(1, highest + random.nextInt(-150, random.nextInt(10) == 0 ? 300 : 4));
      NonceStore.Use expected =
          count <= highest - CountWindow.SIZE ? FORGOTTEN : used.add(count) ? ACCEPTED : REPLAYED;
      assertEquals(expected, window.use(count), "count " + count + " after " + highest);
      highest = Math.max(highest, count);
      window = new CountWindow(window.highest(), window.low(), window.high());
    }
  }

  @Test
  void reachesTheLastCountThatThereIs() {
    CountWindow window = new CountWindow();
    assertEquals(ACCEPTED, window.use(MOST));
    assertEquals(REPLAYED, window.use(MOST));
    assertEquals(ACCEPTED, window.use(MOST - 127));
    assertEquals(FORGOTTEN, window.use(MOST - 128));
    assertEquals(FORGOTTEN, window.use(1));
  }

  @Test
  void unitedWindowsHaveSeenWhatEitherHas() {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 2000; round++) {
      CountWindow one = new CountWindow();
      CountWindow other = new CountWindow();
      Set<Long> used = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        long count = random.nextInt(1, 300);
        if ((random.nextBoolean() ? one : other).use(count) == ACCEPTED) {
          used.add(count);
        }
      }
      one.unite(other);
      for (long count = 1; count < 300; count++) {
        if (used.contains(count)) {
          assertEquals(false, one.use(count) == ACCEPTED, "count " + count);
        }
      }
    }
  }
}
