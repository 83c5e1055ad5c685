package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Leeches;
import io.ppstp.tracker.testing.LiveHeap;
import java.util.Locale;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** What the heap retains of a LEECH with one IPv4 address in one swarm, everything counted. */
class MemoryPerPeerTest {
  private static final int PEERS = 1_000_000;
  private static final int SWARMS = 1_000;
  private static final int MOST_BYTES = 340;

  /** As {@code limits.memberships} reckons when it is not set. */
  private static final int MOST_BYTES_PER_SWARM = 600;

  @Test
  void aPeerTakesFewBytesOfTheHeap() throws JMException {
    // Once before, so that the classes that take part are loaded.
    Leeches.join(new LocalStore(PEERS), 0, 1_000, SWARMS);
    LiveHeap before = LiveHeap.now();
    TrackerStore store = new LocalStore(PEERS);
    assertEquals(PEERS, Leeches.join(store, 0, PEERS, SWARMS));
    LiveHeap after = LiveHeap.now();

    double perPeer = (after.bytes() - before.bytes()) / (double) PEERS;
    System.out.printf(
        Locale.ROOT, "%.1f bytes per peer at %d peers in %d swarms%n", perPeer, PEERS, SWARMS);
    after.print(12);
    assertEquals(
        new TrackerStore.Census(PEERS, SWARMS, PEERS), store.census().toCompletableFuture().join());
    assertTrue(perPeer <= MOST_BYTES, () -> perPeer + " bytes per peer");
  }

  /** What a seeder adds to the heap with each swarm that nobody else is in. */
  @Test
  void aSwarmOfItsOwnTakesFewBytesToo() throws JMException {
    int swarms = 500_000;
    int perPeer = 1_000;
    seed(new LocalStore(PEERS), 0, 1, perPeer);
    LiveHeap before = LiveHeap.now();
    TrackerStore store = new LocalStore(PEERS);
    seed(store, 0, swarms / perPeer, perPeer);
    LiveHeap after = LiveHeap.now();

    double perSwarm = (after.bytes() - before.bytes()) / (double) swarms;
    System.out.printf(Locale.ROOT, "%.1f bytes per swarm at %d swarms%n", perSwarm, swarms);
    after.print(12);
    assertEquals(swarms, store.census().toCompletableFuture().join().swarms());
    assertTrue(perSwarm <= MOST_BYTES_PER_SWARM, () -> perSwarm + " bytes per swarm");
  }

  private static void seed(TrackerStore store, int from, int to, int swarmsOfEach) {
    for (int peer = from; peer < to; peer++) {
      ConnectBuilder connect = ConnectBuilder.connect("seeder-" + peer);
      for (int swarm = 0; swarm < swarmsOfEach; swarm++) {
        // As long as a SHA-256 in hexadecimal digits.
        connect.seeder("%056d%08d".formatted(peer, swarm));
      }
      store.change("seeder-" + peer, connect.maxSwarms(swarmsOfEach).at(1_790_000_000_000L));
    }
  }
}
