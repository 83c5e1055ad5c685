package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Two copies of a shard that went apart in a network split come together again. */
class ShardMergeTest {
  private static final long T0 = 1_000_000_000;

  private final PeerBudget budget = new CountingBudget();
  private final PeerShard common = new PeerShard();

  /** Returns a copy, as the other side of the split gets it. */
  private static PeerShard copy(PeerShard shard) {
    return new PeerShard(shard.snapshot());
  }

  private static PeerShard merged(PeerShard here, PeerShard there) {
    return new PeerShard(here.snapshot().mergedWith(there.snapshot()).union());
  }

  private ConnectOutcome apply(PeerShard shard, PeerCommand.Connect connect) {
    return connect.apply(shard, budget);
  }

  private static Set<SwarmKey> swarmsOf(PeerShard shard, String peerId) {
    Optional<RegistrationView> peer = shard.look(peerId);
    return peer.map(view -> view.memberships().keySet()).orElse(Set.of());
  }

  @Test
  void theUnionHasThePeersOfBothSides() {
    apply(common, connect("before").seeder("s").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(ours, connect("ours").seeder("s").at(T0 + 1));
    apply(theirs, connect("theirs").seeder("s").at(T0 + 2));

    ShardSnapshot.Merge merge = ours.snapshot().mergedWith(theirs.snapshot());

    assertEquals(3, merge.union().registrations().size());
    assertEquals(1, merge.added());
    assertEquals(1, merge.dropped());
  }

  @Test
  void ofTwoRegistrationsTheNewerStays() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(ours, connect("p").leech("b").leave("a").at(T0 + 5));
    apply(theirs, connect("p").leech("c").leave("a").at(T0 + 9));

    assertEquals(Set.of(new SwarmKey("c")), swarmsOf(merged(ours, theirs), "p"));
    assertEquals(Set.of(new SwarmKey("c")), swarmsOf(merged(theirs, ours), "p"));
  }

  @Test
  void ofTwoCopiesOfOneRegistrationTheOneHeardOfLaterStays() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    ours.track("p", T0 + 7);
    theirs.track("p", T0 + 3);

    assertEquals(T0 + 7, merged(ours, theirs).look("p").orElseThrow().lastSeenMs());
    assertEquals(T0 + 7, merged(theirs, ours).look("p").orElseThrow().lastSeenMs());
  }

  @Test
  void whoLeftOnOneSideDoesNotComeBackFromTheOther() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 5);
    apply(ours, leave);
    theirs.track("p", T0 + 9);

    for (PeerShard united : List.of(merged(ours, theirs), merged(theirs, ours))) {
      assertEquals(0, united.size());
      ConnectOutcome again = apply(united, repeated(leave, T0 + 10));
      assertTrue(assertInstanceOf(ConnectOutcome.Granted.class, again).repeated());
    }
  }

  @Test
  void whoLeftOnOneSideAndCameAnewOnTheOtherStays() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(ours, connect("p").leave("a").at(T0 + 5));
    apply(theirs, connect("p").leave("a").at(T0 + 6));
    apply(theirs, connect("p").leech("b").at(T0 + 7));

    assertEquals(Set.of(new SwarmKey("b")), swarmsOf(merged(ours, theirs), "p"));
    assertEquals(Set.of(new SwarmKey("b")), swarmsOf(merged(theirs, ours), "p"));
  }

  @Test
  void whatOneSideHasNotFinishedIsFinishedAfterwards() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    List<Departure> left = ours.expire(T0 + TIMERS.trackMs(), 9, TIMERS, budget);
    assertEquals(1, left.size());
    theirs.expire(T0 + TIMERS.trackMs(), 9, TIMERS, budget);
    theirs.forget(theirs.snapshot().departures());

    assertEquals(left, merged(theirs, ours).forget(left));
  }

  @Test
  void timersRunOnAfterwards() {
    PeerShard theirs = new PeerShard();
    for (int i = 0; i < 10; i++) {
      PeerShard home = i % 2 == 0 ? common : theirs;
      apply(home, connect("p" + i).leech("a").at(T0 + i));
      home.track("p" + i, T0 + i);
    }
    PeerShard united = merged(common, theirs);

    for (int i = 0; i < 10; i++) {
      long due = T0 + i + TIMERS.trackMs();
      assertEquals(due, united.nextDueMs(TIMERS));
      List<Departure> expired = united.expire(due, 9, TIMERS, budget);
      assertEquals(List.of("p" + i), expired.stream().map(Departure::peerId).toList());
      united.forget(expired);
    }
  }

  @Test
  void stampsGoOnAboveThoseOfBothSides() {
    PeerShard theirs = copy(common);
    apply(common, connect("p").leech("a").at(T0));
    apply(theirs, connect("q").leech("a").at(T0 + 100));
    PeerShard united = merged(common, theirs);

    ConnectOutcome next = apply(united, connect("r").leech("a").at(T0));

    assertTrue(assertInstanceOf(ConnectOutcome.Granted.class, next).stamp() > T0 + 100);
  }

  @Test
  void anyTwoHistoriesUniteTheSameFromEitherSideAndNothingTwice() {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 500; round++) {
      PeerShard ours = new PeerShard();
      live(ours, random, T0);
      PeerShard theirs = copy(ours);
      live(ours, random, T0 + 20_000);
      live(theirs, random, T0 + 20_001 + 2L * random.nextInt(-2500, 2500));

      ShardSnapshot.Merge there = ours.snapshot().mergedWith(theirs.snapshot());
      ShardSnapshot.Merge here = theirs.snapshot().mergedWith(ours.snapshot());

      Map<String, RegistrationSnapshot> union = byPeer(there.union());
      assertEquals(there.union().registrations().size(), union.size());
      assertEquals(memberships(union), memberships(byPeer(here.union())));
      assertEquals(there.union().lastStamp(), here.union().lastStamp());
      assertEquals(
          ours.size() + theirs.size() - union.size(), there.dropped(), "what gave way is counted");
      assertNewest(union, byPeer(ours.snapshot()), byPeer(theirs.snapshot()), there.union());
      ShardSnapshot.Merge again = there.union().mergedWith(theirs.snapshot());
      assertEquals(memberships(union), memberships(byPeer(again.union())));
      assertEquals(
          new HashSet<>(there.union().departures()), new HashSet<>(again.union().departures()));
    }
  }

  private static void assertNewest(
      Map<String, RegistrationSnapshot> union,
      Map<String, RegistrationSnapshot> ours,
      Map<String, RegistrationSnapshot> theirs,
      ShardSnapshot merged) {
    Set<String> ended = new HashSet<>();
    merged.terminated().forEach(it -> ended.add(it.peerId()));
    Set<String> all = new HashSet<>(ours.keySet());
    all.addAll(theirs.keySet());
    for (String id : all) {
      RegistrationSnapshot stays = union.get(id);
      if (stays == null) {
        assertTrue(ended.contains(id), id);
        continue;
      }
      for (Map<String, RegistrationSnapshot> side : List.of(ours, theirs)) {
        RegistrationSnapshot it = side.get(id);
        assertTrue(it == null || it.lastConnect().stamp() <= stays.lastConnect().stamp(), id);
      }
    }
  }

  private static Map<String, RegistrationSnapshot> byPeer(ShardSnapshot snapshot) {
    Map<String, RegistrationSnapshot> byPeer = new HashMap<>();
    snapshot.registrations().forEach(it -> byPeer.put(it.peerId(), it));
    return byPeer;
  }

  private static Map<String, Map<SwarmKey, PeerMode>> memberships(
      Map<String, RegistrationSnapshot> peers) {
    Map<String, Map<SwarmKey, PeerMode>> memberships = new HashMap<>();
    peers.forEach((id, it) -> memberships.put(id, it.memberships()));
    return memberships;
  }

  /** Peers come and go for a while; the two sides never at the same instant. */
  private void live(PeerShard shard, SplittableRandom random, long fromMs) {
    long nowMs = fromMs;
    List<String> swarms = new ArrayList<>(List.of("a", "b", "c"));
    for (int i = random.nextInt(60); i > 0; i--) {
      nowMs += 2 + 2 * random.nextInt(50);
      ConnectBuilder connect = connect("p" + random.nextInt(8));
      String swarm = swarms.get(random.nextInt(swarms.size()));
      apply(
          shard,
          (random.nextBoolean() ? connect.leave(swarm) : connect.additive().leech(swarm))
              .at(nowMs));
      shard.track("p" + random.nextInt(8), nowMs);
    }
  }
}
