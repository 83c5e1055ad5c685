package io.ppstp.tracker.domain.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Against a naive twin, after every step. */
class KeyGroupsTest {
  private static final int MOST = 600;

  private final SplittableRandom random = Seeds.random();
  private final int[] keys = new int[MOST];
  private int size;

  @Test
  void itFindsWhatIsThereAfterEachOfManySteps() {
    for (int round = 0; round < 30; round++) {
      size = 0;
      KeyGroups groups = new KeyGroups(position -> keys[position]);
      int kinds = 1 + random.nextInt(round % 3 == 0 ? 3 : 400);
      for (int step = 0; step < 3_000; step++) {
        boolean growing = step / 500 % 2 == 0;
        if (size == 0 || (size < MOST && random.nextInt(10) < (growing ? 8 : 2))) {
          keys[size] = random.nextInt(kinds);
          groups.add(size++);
        } else if (random.nextInt(4) == 0) {
          replace(groups, random.nextInt(size), random.nextInt(kinds));
        } else {
          remove(groups, random.nextInt(size));
        }
        if (step % 50 == 0 || step > 2_900) {
          assertLikeTwin(groups, kinds);
        }
      }
      while (size > 0) {
        remove(groups, random.nextInt(size));
      }
      assertLikeTwin(groups, kinds);
    }
  }

  private void replace(KeyGroups groups, int position, int key) {
    groups.remove(position);
    keys[position] = key;
    groups.add(position);
  }

  private void remove(KeyGroups groups, int position) {
    groups.remove(position);
    if (position != --size) {
      groups.move(size, position);
      keys[position] = keys[size];
    }
  }

  private void assertLikeTwin(KeyGroups groups, int kinds) {
    Map<Integer, Set<Integer>> twin = new HashMap<>();
    for (int i = 0; i < size; i++) {
      twin.computeIfAbsent(keys[i], key -> new TreeSet<>()).add(i);
    }
    for (int key = 1; key < kinds + 2; key++) {
      Positions found = groups.of(key);
      Set<Integer> positions = new TreeSet<>();
      for (int i = 0; i < found.size(); i++) {
        positions.add(found.at(i));
      }
      assertEquals(twin.getOrDefault(key, Set.of()), positions, () -> Arrays.toString(keys));
      assertEquals(positions.size(), found.size(), "each once");
    }
    assertEquals(0, groups.of(0).size(), "whose key is 0 is not found by it");
  }
}
