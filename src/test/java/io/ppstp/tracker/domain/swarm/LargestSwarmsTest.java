package io.ppstp.tracker.domain.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LargestSwarmsTest {
  @Test
  void theyAreThoseThatSortingFinds() {
    SplittableRandom random = Seeds.random();
    List<SwarmSize> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(new SwarmSize("s" + i, random.nextInt(20), random.nextInt(3)));
    }
    for (int most : new int[] {1, 7, 499, 500, 501}) {
      LargestSwarms largest = new LargestSwarms(most);
      all.forEach(largest::see);
      assertEquals(
          all.stream().sorted(LargestSwarms.LARGEST_FIRST).limit(most).toList(), largest.sorted());
    }
  }
}
