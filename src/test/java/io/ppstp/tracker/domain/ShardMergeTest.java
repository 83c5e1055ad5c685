package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static io.ppstp.tracker.testing.Peers.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two copies of a shard that went apart in a network split come together again. */
class ShardMergeTest {
  private static final long T0 = 1_000_000_000;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");
  private static final SwarmKey C = new SwarmKey("c");

  private final PeerBudget budget = new CountingBudget();
  private final PeerShard common = new PeerShard();

  /** Returns a copy, as the other side of the split gets it. */
  private static PeerShard copy(PeerShard shard) {
    return new PeerShard(shard.snapshot());
  }

  /** Merges such that the newer registration of a peer stays. */
  private static ShardMerge.Result merge(PeerShard here, PeerShard there) {
    return ShardMerge.of(here.snapshot(), there.snapshot(), false, AddressRules.OPEN);
  }

  private static PeerShard merged(PeerShard here, PeerShard there) {
    return new PeerShard(merge(here, there).union());
  }

  private <R> R apply(PeerShard shard, PeerCommand<R> command) {
    return command.apply(shard, budget);
  }

  private static void hear(PeerShard shard, String peerId, long atMs) {
    shard.hear(new Heard(peerId, atMs));
  }

  private static Optional<RegistrationView> look(PeerShard shard, String peerId) {
    return new PeerQuery.Look(peerId).answer(shard);
  }

  private static Set<SwarmKey> swarmsOf(PeerShard shard, String peerId) {
    return look(shard, peerId).map(view -> view.memberships().keySet()).orElse(Set.of());
  }

  private List<ListUpdate> expire(PeerShard shard, long nowMs) {
    return apply(shard, new PeerCommand.Expire(nowMs, 9, TRACK_MS, List.of()));
  }

  /** Returns lists that follow all of the updates. */
  private static SwarmShard listsOf(PeerShard shard) {
    SwarmShard lists = new SwarmShard();
    follow(shard, lists);
    return lists;
  }

  private static void follow(PeerShard shard, SwarmShard lists) {
    shard.updates().forEach(update -> update.forEach(lists::apply));
  }

  @Test
  void theUnionHasThePeersOfBothSides() {
    apply(common, connect("before").seeder("s").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(ours, connect("ours").seeder("s").at(T0 + 1));
    apply(theirs, connect("theirs").seeder("s").at(T0 + 2));

    ShardMerge.Result merge = merge(ours, theirs);

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

    assertEquals(Set.of(C), swarmsOf(merged(ours, theirs), "p"));
    assertEquals(Set.of(C), swarmsOf(merged(theirs, ours), "p"));
  }

  private static List<String> told(ShardMerge.Result merge) {
    List<String> told = new ArrayList<>();
    for (ListUpdate update : merge.union().updates()) {
      Departure departure = update.departure();
      if (departure != null && departure.cause() != Departure.Cause.TIMED_OUT) {
        for (Departure.Ended ended : departure.ended()) {
          told.add(
              departure.peerId()
                  + " "
                  + departure.cause()
                  + " "
                  + ended.swarm().swarmId()
                  + " "
                  + ended.watchedMs());
        }
      }
    }
    return told.stream().sorted().toList();
  }

  /** What began before the split is told by the side that ended it, and by no merge. */
  @Test
  void whatBeganDuringTheSplitAndIsDroppedIsToldWhicheverSideItWasOn() {
    for (String peer : List.of("p", "q", "r", "s")) {
      apply(common, connect(peer).leech("a").at(T0));
    }
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(ours, connect("p").leech("b").leave("a").at(T0 + 5));
    apply(theirs, connect("p").leech("c").leave("a").at(T0 + 9));
    hear(ours, "p", T0 + 12);
    // q goes on one side, and to another channel on the other.
    apply(ours, connect("q").leech("b").leave("a").at(T0 + 6));
    apply(theirs, connect("q").leave("a").at(T0 + 8));
    // r does nothing on one side; of s both sides know the same.
    apply(theirs, connect("r").leech("c").leave("a").at(T0 + 7));

    List<String> expected = List.of("p MERGED b 7", "q MERGED_AWAY b 0");
    assertEquals(expected, told(merge(ours, theirs)));
    assertEquals(expected, told(merge(theirs, ours)));
    assertEquals(
        List.of(),
        told(ShardMerge.of(ours.snapshot(), theirs.snapshot(), true, AddressRules.OPEN)),
        "what nobody has acknowledged was not told");
  }

  @Test
  void whoRegisteredAnewOnOneSideIsToldOfOnTheOtherSinceThen() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    expire(theirs, T0 + TRACK_MS);
    apply(theirs, connect("p").leech("b").at(T0 + TRACK_MS + 10));
    hear(ours, "p", T0 + TRACK_MS);
    apply(ours, connect("p").leech("c").leave("a").at(T0 + TRACK_MS + 20));
    assertEquals(List.of("p MERGED b 0"), told(merge(ours, theirs)));
    assertEquals(List.of("p MERGED b 0"), told(merge(theirs, ours)));
  }

  /** On the other side its owner was not heard of, and somebody else took its ID. */
  @Test
  void whoHasProvedWhoItIsStaysWhateverOthersDidOnTheOtherSide() {
    apply(common, connect("p").authenticated().seeder("a").at(T0));
    apply(common, connect("q").authenticated().seeder("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    hear(ours, "p", T0 + TRACK_MS);
    hear(ours, "q", T0 + TRACK_MS);
    expire(theirs, T0 + TRACK_MS);
    apply(theirs, connect("p").seeder("b").at(T0 + TRACK_MS + 1));
    apply(theirs, connect("q").seeder("b").at(T0 + TRACK_MS + 1));
    apply(theirs, connect("q").leave("b").at(T0 + TRACK_MS + 2));

    for (PeerShard union : List.of(merged(ours, theirs), merged(theirs, ours))) {
      assertEquals(Set.of(A), swarmsOf(union, "p"));
      assertEquals(Set.of(A), swarmsOf(union, "q"));
    }
  }

  /** The other side was too small to acknowledge anything: what it did was seen by nobody. */
  @Test
  void ofTwoRegistrationsOursStaysIfOnlyThisSideCanHaveAcknowledgedAnything() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(ours, connect("p").leech("b").leave("a").at(T0 + 5));
    apply(theirs, connect("p").leech("c").leave("a").at(T0 + 9));
    apply(theirs, connect("only").leech("c").at(T0 + 9));

    ShardMerge.Result merge =
        ShardMerge.of(ours.snapshot(), theirs.snapshot(), true, AddressRules.OPEN);
    PeerShard united = new PeerShard(merge.union());

    assertEquals(Set.of(B), swarmsOf(united, "p"));
    assertEquals(Set.of(C), swarmsOf(united, "only"));
    assertEquals(1, merge.added());
    assertEquals(1, merge.dropped());
  }

  @Test
  void whoLeftWhereNobodyCanHaveAcknowledgedItStays() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    apply(theirs, connect("p").leave("a").at(T0 + 5));

    ShardMerge.Result merge =
        ShardMerge.of(ours.snapshot(), theirs.snapshot(), true, AddressRules.OPEN);

    assertEquals(Set.of(A), swarmsOf(new PeerShard(merge.union()), "p"));
    assertEquals(0, merge.dropped());
  }

  @Test
  void ofTwoCopiesOfOneRegistrationTheOneHeardOfLaterStays() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    hear(ours, "p", T0 + 7);
    hear(theirs, "p", T0 + 3);

    assertEquals(T0 + 7, look(merged(ours, theirs), "p").orElseThrow().lastSeenMs());
    assertEquals(T0 + 7, look(merged(theirs, ours), "p").orElseThrow().lastSeenMs());
  }

  @Test
  void whoLeftOnOneSideDoesNotComeBackFromTheOther() {
    apply(common, connect("p").leech("a").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 5);
    apply(ours, leave);
    hear(theirs, "p", T0 + 9);

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

    assertEquals(Set.of(B), swarmsOf(merged(ours, theirs), "p"));
    assertEquals(Set.of(B), swarmsOf(merged(theirs, ours), "p"));
  }

  @Test
  void whatOurListsHaveStillToFollowTheyFollowAfterwards() {
    apply(common, connect("p").leech("a").at(T0));
    apply(common, connect("q").leech("a").at(T0 + 5));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    List<ListUpdate> noted = List.copyOf(ours.updates());
    List<ListUpdate> left = expire(ours, T0 + TRACK_MS);
    assertEquals(1, left.size());
    expire(theirs, T0 + TRACK_MS);

    List<ListUpdate> all = new ArrayList<>(noted);
    all.addAll(left);
    assertEquals(all, List.copyOf(merged(ours, theirs).updates()));
  }

  // What the registrations of the other side mean for the lists of this

  @Test
  void whoeverComesFromTheOtherSideIsListedAsItIsRegisteredThere() {
    PeerShard theirs = copy(common);
    AddressRules strict = new AddressRules(true, true, 0);
    apply(
        theirs, connect("p").seeder("a", "b").advertising(addresses(1)).from("21.51.100.1").at(T0));

    PeerShard open = merged(common, theirs);
    PeerShard proof =
        new PeerShard(ShardMerge.of(common.snapshot(), theirs.snapshot(), false, strict).union());

    Member listed = new SwarmQuery.Look(A, "p").answer(listsOf(open)).orElseThrow();
    assertEquals(PeerMode.SEEDER, listed.mode());
    assertEquals(addresses(1), listed.addresses());
    Member unproved = new SwarmQuery.Look(B, "p").answer(listsOf(proof)).orElseThrow();
    assertEquals(PeerAddresses.NONE, unproved.addresses());
  }

  @Test
  void aBitTorrentClientWithoutAPortHasNoneOnThisSideEither() {
    PeerShard theirs = copy(common);
    apply(theirs, connect("bt:p").leech("a").from("21.51.100.1").at(T0));

    AddressRules port80 = new AddressRules(false, false, 80);
    PeerShard merged =
        new PeerShard(ShardMerge.of(common.snapshot(), theirs.snapshot(), false, port80).union());

    Member member = new SwarmQuery.Look(A, "bt:p").answer(listsOf(merged)).orElseThrow();
    assertEquals(PeerAddresses.NONE, member.addresses());
  }

  @Test
  void whoHasMovedOnAtTheOtherSideLeavesTheListsOfThis() {
    apply(common, connect("p").seeder("a", "b").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    SwarmShard lists = listsOf(ours);
    apply(theirs, connect("p").leave("a").at(T0 + 5));

    follow(merged(ours, theirs), lists);

    assertEquals(Map.of("b", Map.of("p", PeerMode.SEEDER)), modes(lists));
  }

  @Test
  void whoHasEndedAtTheOtherSideLeavesTheListsOfThis() {
    apply(common, connect("p").seeder("a", "b").at(T0));
    PeerShard ours = copy(common);
    PeerShard theirs = copy(common);
    SwarmShard lists = listsOf(ours);
    apply(theirs, connect("p").leave("a", "b").at(T0 + 5));

    follow(merged(ours, theirs), lists);

    assertEquals(Map.of(), modes(lists));
  }

  @Test
  void timersRunOnAfterwards() {
    PeerShard theirs = new PeerShard();
    for (int i = 0; i < 10; i++) {
      PeerShard home = i % 2 == 0 ? common : theirs;
      apply(home, connect("p" + i).leech("a").at(T0 + i));
    }
    PeerShard united = merged(common, theirs);

    for (int i = 0; i < 10; i++) {
      long due = T0 + i + TRACK_MS;
      assertEquals(due, united.nextDueMs(TRACK_MS));
      List<ListUpdate> expired = expire(united, due);
      assertEquals(List.of("p" + i), expired.stream().map(ListUpdate::peerId).toList());
    }
  }

  @Test
  void stampsGoOnAboveThoseOfBothSides() {
    PeerShard theirs = copy(common);
    apply(common, connect("p").leech("a").at(T0));
    apply(theirs, connect("q").leech("a").at(T0 + 100));
    PeerShard united = merged(common, theirs);
    long noted = united.updates().stream().mapToLong(ListUpdate::stamp).max().orElseThrow();
    assertTrue(noted > T0 + 100);

    ConnectOutcome next = apply(united, connect("r").leech("a").at(T0));

    assertTrue(assertInstanceOf(ConnectOutcome.Granted.class, next).stamp() > noted);
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

      ShardMerge.Result there = merge(ours, theirs);
      ShardMerge.Result here = merge(theirs, ours);

      Map<String, RegistrationSnapshot> union = byPeer(there.union());
      assertEquals(there.union().registrations().size(), union.size());
      assertEquals(memberships(union), memberships(byPeer(here.union())));
      assertEquals(
          ours.size() + theirs.size() - union.size(), there.dropped(), "what gave way is counted");
      assertNewest(union, byPeer(ours.snapshot()), byPeer(theirs.snapshot()), there.union());
      PeerShard united = new PeerShard(there.union());
      ShardMerge.Result again = merge(united, theirs);
      assertEquals(memberships(union), memberships(byPeer(again.union())));
      assertEquals(there.union().updates(), again.union().updates(), "nothing twice");
    }
  }

  /** However far our lists had come, and whichever side is preferred. */
  @Test
  void ourListsFollowAnyMergeToWhereTheRegistrationsAre() {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 500; round++) {
      PeerShard ours = new PeerShard();
      live(ours, random, T0);
      PeerShard theirs = copy(ours);
      live(ours, random, T0 + 20_000);
      live(theirs, random, T0 + 20_001 + 2L * random.nextInt(-2500, 2500));
      SwarmShard lists = new SwarmShard();
      followSome(ours, lists, random);

      boolean preferOurs = random.nextBoolean();
      PeerShard united =
          new PeerShard(
              ShardMerge.of(ours.snapshot(), theirs.snapshot(), preferOurs, AddressRules.OPEN)
                  .union());
      follow(united, lists);

      assertEquals(modes(united), modes(lists));
    }
  }

  /** Lists have followed the oldest updates, some of which are struck out already. */
  private void followSome(PeerShard shard, SwarmShard lists, SplittableRandom random) {
    List<ListUpdate> updates = List.copyOf(shard.updates());
    int followed = random.nextInt(updates.size() + 1);
    updates.subList(0, followed).forEach(update -> update.forEach(lists::apply));
    apply(
        shard,
        new PeerCommand.StrikeOut(
            updates.subList(0, random.nextInt(followed + 1)).stream()
                .map(ListUpdate::stamp)
                .toList()));
  }

  private static Map<String, Map<String, PeerMode>> modes(PeerShard shard) {
    Map<String, Map<String, PeerMode>> modes = new TreeMap<>();
    byPeer(shard.snapshot())
        .forEach(
            (id, it) ->
                it.memberships()
                    .forEach(
                        (swarm, there) ->
                            modes
                                .computeIfAbsent(swarm.swarmId(), first -> new TreeMap<>())
                                .put(id, there.mode())));
    return modes;
  }

  private static Map<String, Map<String, PeerMode>> modes(SwarmShard lists) {
    Map<String, Map<String, PeerMode>> modes = new TreeMap<>();
    lists.forEach(
        swarm ->
            swarm
                .members()
                .forEach(
                    member ->
                        modes
                            .computeIfAbsent(swarm.id(), first -> new TreeMap<>())
                            .put(member.id(), member.mode())));
    return modes;
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

  private static Map<String, Map<SwarmKey, Participation>> memberships(
      Map<String, RegistrationSnapshot> peers) {
    Map<String, Map<SwarmKey, Participation>> memberships = new HashMap<>();
    peers.forEach((id, it) -> memberships.put(id, it.memberships()));
    return memberships;
  }

  /** Peers come and go for a while; the two sides never at the same instant. */
  private void live(PeerShard shard, SplittableRandom random, long fromMs) {
    long nowMs = fromMs;
    List<String> swarms = List.of("a", "b", "c");
    for (int i = random.nextInt(60); i > 0; i--) {
      nowMs += 2 + 2 * random.nextInt(50);
      ConnectBuilder connect = connect("p" + random.nextInt(8));
      String swarm = Objects.requireNonNull(swarms.get(random.nextInt(swarms.size())));
      apply(
          shard,
          (random.nextBoolean() ? connect.leave(swarm) : connect.additive().leech(swarm))
              .at(nowMs));
      hear(shard, "p" + random.nextInt(8), nowMs);
    }
  }
}
