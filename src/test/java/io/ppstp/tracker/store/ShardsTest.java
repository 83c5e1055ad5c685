package io.ppstp.tracker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {

  /** Nodes of different releases share state: a peer or a swarm must never change its shard. */
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
  void anIdIsInTheShardThatItWasAlwaysIn(String id, int shard) {
    assertEquals(1024, Shards.PEERS);
    assertEquals(128, Shards.SWARMS);
    assertEquals(shard, Shards.ofPeer(id));
    assertEquals(shard / 8, Shards.ofSwarm(new SwarmKey(id)));
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
    assertEven(ids, Shards.PEERS, Shards::ofPeer);
    assertEven(ids, Shards.SWARMS, id -> Shards.ofSwarm(new SwarmKey(id)));
  }

  private static void assertEven(
      IntFunction<String> ids, int shards, ToIntFunction<String> shardOf) {
    int mean = 60;
    int[] filled = new int[shards];
    for (int i = 0; i < mean * shards; i++) {
      filled[shardOf.applyAsInt(ids.apply(i))]++;
    }
    int fullest = Arrays.stream(filled).max().orElseThrow();

    assertTrue(fullest < 2 * mean, () -> "a shard has " + fullest + " IDs, the mean is " + mean);
    assertTrue(Arrays.stream(filled).min().orElseThrow() > 0);
  }
}
