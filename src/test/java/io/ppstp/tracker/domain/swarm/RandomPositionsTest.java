package io.ppstp.tracker.domain.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.ChiSquare;
import io.ppstp.tracker.testing.Seeds;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 29, 87, 255, 256})
  void bothWaysGiveTheSameOrder(int size) {
    long seed = random.nextLong();
    int most = 1 + random.nextInt(size);
    RandomPositions inArray = new RandomPositions(seed, size, most, true);
    RandomPositions inTable = new RandomPositions(seed, size, most, false);
    for (int i = 0; i < most; i++) {
      assertEquals(inTable.next(), inArray.next());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 257})
  void eachPositionIsDealtOnceWhereOneWayGivesPlaceToTheOther(int size) {
    eachPositionIsDealtOnce(size);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allOrdersAreEquallyLikely(boolean inArray) {
    int[] orders = new int[4 * 4 * 4];
    for (int i = 0; i < 24_000; i++) {
      RandomPositions positions = new RandomPositions(random.nextLong(), 4, 3, inArray);
      orders[16 * positions.next() + 4 * positions.next() + positions.next()]++;
    }

    int[] possible = IntStream.of(orders).filter(count -> count > 0).toArray();
    assertEquals(24, possible.length);
    ChiSquare.assertUniform(possible, "orders of three out of four");
  }
}
