package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.store.hazelcast.ClusterState.await;
import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** State that changes its member: with a crash, with a new member, with one that leaves. */
class MoveTest {
  private static final long T0 = 1_000_000_000;
  private static final int PEERS = 600;
  private static final List<String> IDS = IntStream.range(0, PEERS).mapToObj(i -> "p" + i).toList();
  private static final List<String> SWARMS = IntStream.range(0, 12).mapToObj(i -> "s" + i).toList();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void theStateIsTheSameWhereverItLies() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(3, 4)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      ClusterState before = ClusterState.of(store.node(0), IDS, SWARMS);

      members.get(2).getLifecycleService().terminate();
      members.awaitSafe();
      assertSame(before, members.store(), "a crash");

      members.add();
      assertSame(before, members.store(), "a new member");

      members.get(0).shutdown();
      members.awaitSafe();
      assertSame(before, members.store(), "one that left");
      assertEquals(before.peers().keySet(), expireAll(members.store(), T0 + PEERS + TRACK_MS));
    }
  }

  private static void assertSame(ClusterState before, SharedStore store, String what)
      throws Exception {
    for (HazelcastStore node : store.all()) {
      assertEquals(before, ClusterState.of(node, IDS, SWARMS), what);
    }
  }

  /** Each peer expires on one of the members, and only once. */
  private static Set<String> expireAll(SharedStore store, long nowMs) throws Exception {
    Set<String> expired = new HashSet<>();
    Await.until(
        "all that are due",
        PATIENCE,
        () -> {
          List<Departure> batch = await(store.expire(nowMs, 100, TRACK_MS));
          for (Departure departure : batch) {
            assertTrue(expired.add(departure.peerId()), departure::toString);
          }
          return batch.isEmpty()
              && store.all().stream().allMatch(it -> it.figures().waitingChanges() == 0);
        });
    return expired;
  }

  /** The owner may not know yet that a peer was heard of, but asks before it lets it expire. */
  @Test
  void nobodyExpiresWhoWasHeardOfElsewhere() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(2, 2)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      Set<String> silent = new HashSet<>();
      for (String id : ClusterState.of(store.node(0), IDS, SWARMS).peers().keySet()) {
        if (random.nextInt(4) == 0) {
          silent.add(id);
        } else {
          // At both nodes, one of which has no more than a backup.
          hear(store, id, T0 + TRACK_MS / 2);
        }
      }

      assertEquals(silent, expireAll(store, T0 + PEERS + TRACK_MS));
    }
  }

  /** What a node had not passed on is lost with it, so timers run longer for a while. */
  @Test
  void aCrashLetsNobodyExpireEarly() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(3, 3)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      Set<String> present = ClusterState.of(store.node(0), IDS, SWARMS).peers().keySet();
      long heardMs = T0 + TRACK_MS / 8 - 1;
      for (String id : present) {
        hear(store, id, heardMs);
      }

      int victim = random.nextInt(3);
      members.get(victim).getLifecycleService().terminate();
      members.awaitSafe();

      Set<String> early = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        if (i != victim) {
          await(store.node(i).expire(heardMs + TRACK_MS - 1, PEERS, TRACK_MS))
              .forEach(departure -> early.add(departure.peerId()));
        }
      }
      assertEquals(Set.of(), early);
    }
  }

  private static void hear(SharedStore store, String id, long nowMs) throws Exception {
    assertTrue(
        await(store.ask(id, new PeerQuery.Report(id, List.of(), Origin.UNKNOWN, nowMs))).allowed());
  }

  private static void fill(SharedStore store, SplittableRandom random) throws Exception {
    for (int i = 0; i < PEERS; i++) {
      String id = IDS.get(i);
      ConnectBuilder connect = connect(id).additive();
      Set<String> swarms = new HashSet<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        swarms.add(SWARMS.get(random.nextInt(SWARMS.size())));
      }
      await(store.change(id, connect.seeder(swarms.toArray(String[]::new)).at(T0 + i)));
      if (random.nextInt(5) == 0) {
        await(store.change(id, connect(id).additive().leave(swarms.iterator().next()).at(T0 + i)));
      }
    }
    ClusterState.awaitListsThatFollow(store, IDS, SWARMS);
  }
}
