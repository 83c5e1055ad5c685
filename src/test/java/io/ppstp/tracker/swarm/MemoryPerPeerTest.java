package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Leeches;
import io.ppstp.tracker.testing.LiveHeap;
import java.util.Locale;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** What the heap retains of a LEECH with one IPv4 address in one swarm, everything counted. */
class MemoryPerPeerTest {
  private static final int PEERS = 1_000_000;
  private static final int SWARMS = 1_000;
  private static final int MOST_BYTES = 400;

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
}
