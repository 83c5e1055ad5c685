package io.ppstp.tracker.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Peers counted by client, against a naive twin. */
class PeersPerAddressTest {
  private static final long PERIOD_NS = 1000;
  private static final int MOST = 40;

  private record Known(long client, int weight) {}

  @Test
  void agreesWithATwin() {
    SplittableRandom random = Seeds.random();
    long[] peers = random.longs(3000).toArray();
    long[] clients = random.longs(50).toArray();
    PeersPerAddress counted = new PeersPerAddress(PERIOD_NS, 1_000_000);
    Map<Long, Known> twin = new HashMap<>();
    // All steps of one period, so that nothing is forgotten behind the twin's back.
    for (int i = 0; i < 200_000; i++) {
      long peer = peers[random.nextInt(peers.length)];
      long client = clients[random.nextInt(clients.length)];
      switch (random.nextInt(4)) {
        case 0 -> {
          boolean fits = twin.containsKey(peer) || weightOf(client, twin) < MOST;
          assertEquals(fits, counted.tryAdd(peer, client, MOST, 1));
          if (fits) {
            twin.putIfAbsent(peer, new Known(client, 1));
          }
        }
        case 1 -> {
          int weight = 1 + random.nextInt(8);
          counted.weigh(peer, weight);
          twin.computeIfPresent(peer, (id, known) -> new Known(known.client, weight));
          assertEquals(weightOf(client, twin), counted.weightOfClient(client));
        }
        case 2 -> assertEquals(twin.containsKey(peer), counted.heard(peer, 1));
        default -> {
          counted.remove(peer);
          twin.remove(peer);
        }
      }
      if (i % 100 == 0) {
        assertEquals(twin.size(), counted.size());
        assertEquals(
            twin.values().stream().map(Known::client).distinct().count(), counted.clients());
      }
    }
  }

  private static long weightOf(long client, Map<Long, Known> twin) {
    return twin.values().stream()
        .filter(known -> known.client == client)
        .mapToLong(Known::weight)
        .sum();
  }

  @Test
  void aPeerThatIsForgottenTakesItsWeightWithIt() {
    PeersPerAddress counted = new PeersPerAddress(PERIOD_NS, 1_000_000);
    long client = 77L << 40;
    assertTrue(counted.tryAdd(1, client, 1, 1));
    counted.weigh(1, 1_000_000);
    assertEquals(65_535, counted.weightOfClient(client), "as much as can be said");
    assertTrue(counted.heard(1, PERIOD_NS + 1), "and still so after it was heard of");
    assertEquals(65_535, counted.weightOfClient(client));
    assertFalse(counted.tryAdd(2, client, 1000, PERIOD_NS + 1));

    assertTrue(counted.tryAdd(2, client, 1000, 4 * PERIOD_NS));
    assertEquals(1, counted.weightOfClient(client));
  }

  @Test
  void forgetsThoseWhoAreSilentAndOnlyThem() {
    SplittableRandom random = Seeds.random();
    PeersPerAddress counted = new PeersPerAddress(PERIOD_NS, 1_000_000);
    long[] peers = random.longs(5000).toArray();
    long[] heardNs = new long[peers.length];
    long now = 1;
    for (int i = 0; i < 100_000; i++) {
      now += random.nextInt(2);
      int one = random.nextInt(peers.length);
      boolean known = counted.heard(peers[one], now);
      long silentNs = now - heardNs[one];
      if (heardNs[one] > 0 && silentNs <= PERIOD_NS) {
        assertTrue(known, "heard of within the period");
      }
      if (silentNs > 2 * PERIOD_NS) {
        assertFalse(known, "silent for two periods");
      }
      counted.tryAdd(peers[one], 5, Integer.MAX_VALUE, now);
      heardNs[one] = now;
    }
    counted.tryAdd(peers[0], 5, 1, now + 3 * PERIOD_NS);
    assertEquals(1, counted.size(), "all were silent, and made room");
    assertEquals(1, counted.clients());
  }

  @Test
  void isBoundedAndTakesFewBytesPerPeer() {
    SplittableRandom random = Seeds.random();
    long before = used();
    PeersPerAddress counted = new PeersPerAddress(PERIOD_NS, 1_000_000);
    for (int i = 0; i < 2_000_000; i++) {
      assertTrue(counted.tryAdd(random.nextLong(), random.nextLong(), 10, 1));
    }
    long bytes = used() - before;
    System.out.printf(
        "PeersPerAddressTest: %d peers of %d clients: %d bytes each%n",
        counted.size(), counted.clients(), bytes / counted.size());
    assertTrue(counted.size() <= 1_000_000);
    assertEquals(counted.size(), counted.clients());
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
