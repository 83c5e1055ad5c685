package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Leeches;
import io.ppstp.tracker.testing.LiveHeap;
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
      LiveHeap before = LiveHeap.now();
      assertEquals(PEERS, Leeches.join(store, ALREADY, ALREADY + PEERS, SWARMS));
      LiveHeap after = LiveHeap.now();

      double perPeer = (after.bytes() - before.bytes()) / (double) PEERS / REPLICAS;
      System.out.printf(
          Locale.ROOT, "%.1f bytes per peer and replica, %d peers more%n", perPeer, PEERS);
      after.print(14);
      assertTrue(perPeer <= MOST_BYTES, () -> perPeer + " bytes per peer and replica");
    }
  }
}
