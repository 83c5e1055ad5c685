package io.ppstp.tracker.domain.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.swarm.IndexedSet.Identified;
import io.ppstp.tracker.testing.Seeds;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IndexedSetTest {

  private record Item(String id, long version) implements Identified {}

  private final SplittableRandom random = Seeds.random();
  private final IndexedSet<Item> roster = new IndexedSet<>();
  private final Map<String, Item> twin = new LinkedHashMap<>();

  @Test
  void aSmallRosterHoldsWhatItsTwinHoldsAfterEveryStep() {
    for (int step = 0; step < 30_000; step++) {
      step(40, 1 + step / 1000 % 3);
      assertSameContent();
    }
  }

  @Test
  void aRosterGrowsAndShrinksWithItsTwin() {
    for (int wave = 0; wave < 6; wave++) {
      for (int step = 0; step < 15_000; step++) {
        step(6_000, wave % 2 == 0 ? 3 : 0);
        if (step % 500 == 0) {
          assertSameContent();
        }
      }
      assertSameContent();
    }
  }

  @Test
  void anEmptiedRosterIsAsGoodAsNew() {
    for (int size : new int[] {1, 2, 4, 5, 7, 8, 1000}) {
      for (int i = 0; i < size; i++) {
        put("id" + i, size);
      }
      assertSameContent();
      for (int i = 0; i < size; i++) {
        remove("id" + i);
      }
      assertTrue(roster.isEmpty());
      assertSameContent();
    }
  }

  @Test
  void idsOfEveryLengthAreToldApart() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      put(id.toString(), i);
      put(id + "\uffff", i);
      id.append((char) (i % 7));
    }
    assertSameContent();
  }

  /** Puts or removes a random ID; puts are {@code putWeight} times as frequent as removals. */
  private void step(int ids, int putWeight) {
    String id = "peer-" + random.nextInt(ids);
    if (random.nextInt(putWeight + 1) > 0) {
      put(id, random.nextLong());
    } else {
      remove(id);
    }
    assertEquals(twin.size(), roster.size());
  }

  private void put(String id, long version) {
    Item item = new Item(id, version);
    roster.put(item);
    twin.put(id, item);
    assertSame(item, roster.get(id));
  }

  private void remove(String id) {
    assertSame(twin.remove(id), roster.remove(id));
    assertNull(roster.get(id));
    assertEquals(-1, roster.positionOf(id));
    assertNull(roster.remove(id));
  }

  private void assertSameContent() {
    Map<String, Item> content = new HashMap<>();
    for (int position = 0; position < roster.size(); position++) {
      Item item = roster.at(position);
      assertEquals(position, roster.positionOf(item.id()));
      assertSame(item, roster.get(item.id()));
      content.put(item.id(), item);
    }
    assertEquals(twin, content);
    assertEquals(twin.isEmpty(), roster.isEmpty());
  }
}
