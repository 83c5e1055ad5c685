package io.ppstp.tracker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {

  /** Nodes of different releases share state: a peer must never change its shard. */
  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "a, 972",
    "p1, 100",
    "656164657221, 489",
    "peer-0, 913",
    "peer-1, 522",
    "e5a12c7ad2d8fab33c699d1e198d66f79fa610c3, 634",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, 879",
    "日本, 438"
  })
  void aPeerIsInTheShardThatItWasAlwaysIn(String peerId, int shard) {
    assertEquals(shard, Shards.of(peerId));
    assertEquals(1024, Shards.COUNT);
  }

  @Test
  void shardsOfRandomIdsAreEvenlyFilled() {
    SplittableRandom random = Seeds.random();

    assertEven(i -> Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()));
    assertEven(i -> Integer.toString(random.nextInt(1_000_000_000)));
  }

  @Test
  void shardsOfSerialIdsAreEvenlyFilled() {
    assertEven(Integer::toString);
    assertEven(i -> "peer-" + i);
    assertEven(i -> String.format("%012d", i));
    assertEven(i -> String.format("00:1b:44:11:%02x:%02x", i / 256, i % 256));
  }

  private static void assertEven(IntFunction<String> ids) {
    int mean = 60;
    int[] peers = new int[Shards.COUNT];
    for (int i = 0; i < mean * Shards.COUNT; i++) {
      peers[Shards.of(ids.apply(i))]++;
    }
    int fullest = Arrays.stream(peers).max().orElseThrow();

    assertTrue(fullest < 2 * mean, () -> "a shard has " + fullest + " peers, the mean is " + mean);
    assertTrue(Arrays.stream(peers).min().orElseThrow() > 0);
  }
}
