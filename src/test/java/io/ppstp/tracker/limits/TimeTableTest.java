package io.ppstp.tracker.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Debts and locks of many keys in a table of fixed size. */
class TimeTableTest {
  private static final long MS = 1_000_000;
  private final TimeTable table = new TimeTable(1 << 16);

  @Test
  void allowsABurstAndThenOneAtATime() {
    long now = 1;
    for (int i = 0; i < 5; i++) {
      assertEquals(0, table.charge(7, now, 10 * MS, 50 * MS));
    }
    assertEquals(10 * MS, table.charge(7, now, 10 * MS, 50 * MS), "five at once, no more");
    assertEquals(1, table.charge(7, now + 10 * MS - 1, 10 * MS, 50 * MS));
    assertEquals(0, table.charge(7, now + 10 * MS, 10 * MS, 50 * MS));
    assertEquals(10 * MS, table.charge(7, now + 10 * MS, 10 * MS, 50 * MS));
    assertEquals(0, table.charge(8, now, 10 * MS, 50 * MS), "others have their own");

    table.giveBack(7, 10 * MS);
    assertEquals(0, table.charge(7, now + 10 * MS, 10 * MS, 50 * MS));
  }

  @Test
  void aRefusalCostsNothing() {
    for (int i = 0; i < 3; i++) {
      table.charge(7, 1, 10 * MS, 30 * MS);
    }
    for (int i = 0; i < 1000; i++) {
      assertEquals(10 * MS, table.charge(7, 1, 10 * MS, 30 * MS));
    }
    assertEquals(0, table.charge(7, 1 + 10 * MS, 10 * MS, 30 * MS));
  }

  @Test
  void whatBeganLastsAsLongAsSaidAndIsNotProlonged() {
    assertTrue(table.begin(9, 100, 50));
    assertFalse(table.begin(9, 120, 50));
    assertEquals(30, table.remaining(9, 120));
    assertEquals(1, table.occupied(149));
    assertEquals(0, table.remaining(9, 150));
    assertEquals(0, table.occupied(150));
    assertTrue(table.begin(9, 150, 50));
  }

  @Test
  void agreesWithATwinWhileThereIsRoom() {
    SplittableRandom random = Seeds.random();
    long[] keys = random.longs(2000).toArray();
    Map<Long, Long> twin = new HashMap<>();
    long now = 1;
    for (int i = 0; i < 200_000; i++) {
      now += random.nextInt(3);
      long key = keys[random.nextInt(keys.length)];
      long cost = random.nextLong(1, 2001);
      long most = cost * random.nextLong(1, 6);
      long debt = Math.max(now, twin.getOrDefault(key, 0L));
      long excess = Math.max(0, debt - now + cost - most);
      if (excess == 0) {
        twin.put(key, debt + cost);
      }
      assertEquals(excess, table.charge(key, now, cost, most));
    }
  }

  @Test
  void floodsOfLightKeysDoNotDriveOutTheHeavyOnes() {
    SplittableRandom random = Seeds.random();
    long[] heavy = random.longs(1000).toArray();
    long now = 1;
    for (long key : heavy) {
      for (int i = 0; i < 100; i++) {
        assertEquals(0, table.charge(key, now, 60 * MS, 6000 * MS));
      }
    }
    // Each light key weighs for 60 ms, so that the table is full of them all the time.
    for (int i = 0; i < 1_000_000; i++) {
      table.charge(random.nextLong(), now + i, 60 * MS, 6000 * MS);
    }
    now += 1_000_000;
    assertTrue(table.occupied(now) > table.capacity() * 0.99, "the table was full");
    int forgotten = 0;
    for (long key : heavy) {
      forgotten += table.charge(key, now, 60 * MS, 6000 * MS) == 0 ? 1 : 0;
    }
    System.out.println(
        "TimeTableTest: of 1000 heavy keys, forgotten after a million light ones: " + forgotten);
    assertEquals(0, forgotten);
  }
}
