package io.ppstp.tracker.domain.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.domain.swarm.PeerSample.RandomPositions;
import io.ppstp.tracker.testing.ChiSquare;
import io.ppstp.tracker.testing.Seeds;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomPositionsTest {
  private final SplittableRandom random = Seeds.random();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 29, 87, 1000})
  void eachPositionIsDealtOnce(int size) {
    RandomPositions positions = new RandomPositions(random.nextLong(), size, size);
    Set<Integer> dealt = new TreeSet<>();
    for (int i = 0; i < size; i++) {
      dealt.add(positions.next());
    }

    assertEquals(new TreeSet<>(IntStream.range(0, size).boxed().toList()), dealt);
  }

  @Test
  void allOrdersAreEquallyLikely() {
    int[] orders = new int[4 * 4 * 4];
    for (int i = 0; i < 24_000; i++) {
      RandomPositions positions = new RandomPositions(random.nextLong(), 4, 3);
      orders[16 * positions.next() + 4 * positions.next() + positions.next()]++;
    }

    int[] possible = IntStream.of(orders).filter(count -> count > 0).toArray();
    assertEquals(24, possible.length);
    ChiSquare.assertUniform(possible, "orders of three out of four");
  }
}
