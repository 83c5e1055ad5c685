package io.ppstp.tracker.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.json.JsonArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WatchTimesTest {
  private static final int TIMES = 10_000;

  /** As long as viewers watch: most a short while, some for hours. */
  private static long draw(SplittableRandom random) {
    return (long) Math.exp(random.nextDouble(Math.log(1500), Math.log(8 * 3_600_000)));
  }

  @Test
  void quantilesAreToldWithinAFifthAlsoOfSeveralNodes() {
    SplittableRandom random = Seeds.random();
    WatchTimes one = new WatchTimes();
    WatchTimes other = new WatchTimes();
    long[] all = new long[TIMES];
    for (int i = 0; i < TIMES; i++) {
      all[i] = draw(random);
      (random.nextBoolean() ? one : other).add(all[i]);
    }
    one.add(other.toJson());

    Arrays.sort(all);
    assertEquals(TIMES, one.count());
    for (double quantile : new double[] {0.1, 0.5, 0.9, 0.99}) {
      double exact = all[(int) (quantile * TIMES)];
      double told = one.quantileMs(quantile);
      assertTrue(Math.abs(told - exact) <= exact / 4, () -> quantile + ": " + told + ", " + exact);
    }
  }

  @Test
  void timesThatAreAllTheSameAreToldWithinAFifthToo() {
    for (long ms = 1000; ms < 8 * 3_600_000L; ms += ms / 7) {
      WatchTimes times = new WatchTimes();
      for (int i = 0; i < 5; i++) {
        times.add(ms);
      }
      for (double quantile : new double[] {0.01, 0.5, 0.99}) {
        double off = Math.abs(times.quantileMs(quantile) - ms) / (double) ms;
        long exact = ms;
        assertTrue(off <= 0.2001, () -> exact + " ms is told " + off + " off");
      }
    }
  }

  @Test
  void theShortestAndTheLongestHaveRangesOfTheirOwn() {
    WatchTimes times = new WatchTimes();
    assertEquals(0, times.quantileMs(0.5));
    times.add(0);
    times.add(999);
    assertEquals(500, times.quantileMs(0.5));
    for (int i = 0; i < 9; i++) {
      times.add(Long.MAX_VALUE / 4);
    }
    assertEquals(1000L << 15, times.quantileMs(0.9));
  }

  @Test
  void whatIsOfNoFormCountsForNothing() {
    WatchTimes times = new WatchTimes();
    times.add(new JsonArray().add("x").add(-5).addNull().add(2).add(new JsonArray()));
    JsonArray tooLong = new JsonArray();
    for (int i = 0; i < 1000; i++) {
      tooLong.add(i < 500 ? 0 : 1);
    }
    times.add(tooLong);
    assertEquals(2, times.count());
  }
}
