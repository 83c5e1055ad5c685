package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Leeches;
import io.ppstp.tracker.testing.LiveHeap;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * What each of two replicas retains of a LEECH with one IPv4 address in one swarm. Both members are
 * in this JVM, so that its heap holds everything twice. What a node holds once, such as the empty
 * shards, is there before the first count: at a million peers it is a byte each.
 */
class MemoryPerReplicaTest {
  private static final int REPLICAS = 2;
  private static final int ALREADY = 10_000;
  private static final int PEERS = 60_000;
  private static final int SWARMS = 60;
  private static final int MOST_BYTES = 500;

  @Test
  void aPeerTakesFewBytesOfTheHeapOfEachReplica() throws Exception {
    try (TestMembers members = TestMembers.start(REPLICAS, REPLICAS)) {
      SharedStore store = members.emptyStore(Integer.MAX_VALUE);
      assertEquals(ALREADY, Leeches.join(store, 0, ALREADY, SWARMS));
      awaitNothingNoted(members);
      LiveHeap before = LiveHeap.now();
      assertEquals(PEERS, Leeches.join(store, ALREADY, ALREADY + PEERS, SWARMS));
      awaitNothingNoted(members);
      LiveHeap after = LiveHeap.now();

      double perPeer = (after.bytes() - before.bytes()) / (double) PEERS / REPLICAS;
      System.out.printf(
          Locale.ROOT, "%.1f bytes per peer and replica, %d peers more%n", perPeer, PEERS);
      after.print(14);
      assertTrue(perPeer <= MOST_BYTES, () -> perPeer + " bytes per peer and replica");
    }
  }

  /** What is noted for lists goes once they have followed, and is remembered a little longer. */
  private static void awaitNothingNoted(TestMembers members) throws Exception {
    Placement placement = new HazelcastInternals(members.get(0), REPLICAS - 1);
    Await.until(
        "lists have followed and notes are struck out",
        Duration.ofSeconds(60),
        () -> {
          for (int shard = 0; shard < Shards.PEERS; shard++) {
            StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, shard);
            if (value != null && !value.read(state -> state.updates().isEmpty())) {
              return false;
            }
          }
          return true;
        });
    long endNs =
        System.nanoTime() + ShardUpdates.REMEMBERED_NS + TestMembers.LIST_INTERVAL.toNanos();
    Await.until("they are forgotten", Duration.ofSeconds(60), () -> System.nanoTime() > endNs);
  }
}
