package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.RegistrationView;
import io.ppstp.tracker.domain.Step;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** State that changes its member: with a crash, with a new member, with one that leaves. */
class MoveTest {
  private static final long T0 = 1_000_000_000;
  private static final int PEERS = 600;
  private static final int SWARMS = 12;

  /** All that can be seen of the state. */
  private record State(Map<String, RegistrationView> peers, Map<String, Member> members) {}

  @Test
  void theStateIsTheSameWhereverItLies() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(3, 4)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      State before = stateOf(store);

      members.get(2).getLifecycleService().terminate();
      members.awaitSafe();
      assertSame(before, members.store(), "a crash");

      members.add();
      assertSame(before, members.store(), "a new member");

      members.get(0).shutdown();
      members.awaitSafe();
      assertSame(before, members.store(), "one that left");
      assertTimersRunOn(members.store(), before);
    }
  }

  /** Who was heard of, lightly and at whichever node, was heard of after a crash too. */
  @Test
  void copiesKnowBeforeLongWhoWasHeardOf() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(3, 3)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      Map<String, Long> heardOf = new HashMap<>();
      for (String id : stateOf(store).peers().keySet()) {
        long nowMs = T0 + PEERS + random.nextInt(1000);
        await(store.onPeer(id, new PeerCommand.Report(id, List.of(), Origin.UNKNOWN, nowMs)));
        heardOf.put(id, nowMs);
      }
      for (int turn = 0; turn < HazelcastStore.SAVE_TURNS; turn++) {
        await(store.expire(T0, 100, TIMERS));
      }
      State before = stateOf(store);
      before.peers().forEach((id, peer) -> assertEquals(heardOf.get(id), peer.lastSeenMs(), id));

      members.get(1).getLifecycleService().terminate();
      members.awaitSafe();
      assertSame(before, members.store(), "a crash");
    }
  }

  /** What the copies cannot be told by letter, they are told the long way before it counts. */
  @Test
  void nothingThatCountsIsLostWithLetters() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(2, 2)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      members.postOf(members.get(1)).loses = true;
      List<CompletionStage<ConnectOutcome>> connecting = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        PeerCommand.Connect connect = connect("late" + i).seeder("s0").at(T0 + PEERS + i);
        connecting.add(store.node(0).onPeer(connect.peerId(), connect));
      }
      Await.until(
          "the long way",
          Duration.ofSeconds(60),
          () -> {
            store.node(0).giveUpOverdue();
            return connecting.stream().allMatch(it -> it.toCompletableFuture().isDone());
          });
      for (CompletionStage<ConnectOutcome> connected : connecting) {
        assertInstanceOf(ConnectOutcome.Granted.class, await(connected));
      }

      members.get(0).getLifecycleService().terminate();
      members.awaitSafe();
      SharedStore left = members.store();
      for (int i = 0; i < 50; i++) {
        String id = "late" + i;
        assertTrue(await(left.onPeer(id, new PeerCommand.Look(id))).isPresent(), id);
      }
    }
  }

  /** The owner may not know yet that a peer was heard of, but asks before it lets it expire. */
  @Test
  void nobodyExpiresWhoWasHeardOfElsewhere() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(2, 2)) {
      SharedStore store = members.emptyStore(PEERS);
      fill(store, random);
      long lateMs = T0 + TIMERS.trackMs() / 2;
      Set<String> present = stateOf(store).peers().keySet();
      Set<String> silent = new HashSet<>();
      for (String id : present) {
        if (random.nextInt(4) == 0) {
          silent.add(id);
        } else {
          // At both nodes, one of which has no more than a copy.
          await(store.onPeer(id, new PeerCommand.Report(id, List.of(), Origin.UNKNOWN, lateMs)));
        }
      }

      Set<String> expired = new HashSet<>();
      List<Departure> batch;
      do {
        batch = await(store.expire(T0 + PEERS + TIMERS.trackMs(), 100, TIMERS));
        batch.forEach(departure -> expired.add(departure.peerId()));
      } while (!batch.isEmpty());
      assertEquals(silent, expired);
    }
  }

  private static void assertSame(State before, SharedStore store, String what) throws Exception {
    State now = stateOf(store);
    assertEquals(before.peers(), now.peers(), what);
    assertEquals(before.members(), now.members(), what);
    Set<String> swarms = new HashSet<>();
    before.members().keySet().forEach(key -> swarms.add(key.substring(0, key.indexOf('/'))));
    assertEquals(
        new Census(before.peers().size(), swarms.size(), before.members().size()),
        await(store.census()),
        what);
  }

  /** Each peer expires on one of the members that are left, and only once. */
  private static void assertTimersRunOn(SharedStore store, State before) throws Exception {
    Set<String> expired = new HashSet<>();
    List<Departure> batch;
    do {
      batch = await(store.expire(T0 + PEERS + TIMERS.trackMs(), 100, TIMERS));
      for (Departure departure : batch) {
        assertTrue(expired.add(departure.peerId()), departure::toString);
      }
      assertEquals(Set.copyOf(batch), Set.copyOf(await(store.forget(batch))));
    } while (!batch.isEmpty());
    assertEquals(before.peers().keySet(), expired);
  }

  private static void fill(SharedStore store, SplittableRandom random) throws Exception {
    for (int i = 0; i < PEERS; i++) {
      String id = "p" + i;
      ConnectBuilder connect = connect(id).additive();
      Set<String> swarms = new HashSet<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        swarms.add("s" + random.nextInt(SWARMS));
      }
      carryOut(store, connect.seeder(swarms.toArray(String[]::new)).at(T0 + i));
      if (random.nextInt(5) == 0) {
        carryOut(store, connect(id).additive().leave(swarms.iterator().next()).at(T0 + i));
      }
    }
  }

  private static void carryOut(SharedStore store, PeerCommand.Connect connect) throws Exception {
    String id = connect.peerId();
    ConnectOutcome.Granted granted = (ConnectOutcome.Granted) await(store.onPeer(id, connect));
    for (Step step : granted.steps()) {
      if (step.joins()) {
        await(
            store.onSwarm(step.swarm(), new SwarmCommand.Join(member(id, granted.stamp()), null)));
      } else {
        await(store.onSwarm(step.swarm(), new SwarmCommand.Leave(id, granted.stamp())));
      }
    }
    await(store.onPeer(id, new PeerCommand.Track(id, connect.nowMs())));
  }

  private static State stateOf(SharedStore store) throws Exception {
    Map<String, CompletionStage<Optional<RegistrationView>>> peers = new HashMap<>();
    for (int i = 0; i < PEERS; i++) {
      peers.put("p" + i, store.onPeer("p" + i, new PeerCommand.Look("p" + i)));
    }
    Map<String, RegistrationView> registrations = new HashMap<>();
    for (Map.Entry<String, CompletionStage<Optional<RegistrationView>>> peer : peers.entrySet()) {
      await(peer.getValue()).ifPresent(view -> registrations.put(peer.getKey(), view));
    }
    Map<String, Member> members = new HashMap<>();
    for (int i = 0; i < SWARMS; i++) {
      String swarm = "s" + i;
      List<Member> all =
          new ArrayList<>(
              await(store.onSwarm(new SwarmKey(swarm), new SwarmCommand.Slice(0, 2 * PEERS))));
      all.forEach(it -> members.put(swarm + "/" + it.id(), it));
    }
    return new State(registrations, members);
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
