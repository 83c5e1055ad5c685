package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a change of a registration means for the lists of swarms. */
class ListUpdateTest {
  private static final long T0 = 1_000_000_000;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");
  private static final SwarmKey C = new SwarmKey("c");
  private static final PeerNum STATUS = new PeerNum(29, null, 5, 200, 600);

  private final ShardUnderTest peers = new ShardUnderTest();

  private static Join leech(SwarmKey swarm) {
    return new Join(swarm, PeerMode.LEECH);
  }

  private static Join seeder(SwarmKey swarm) {
    return new Join(swarm, PeerMode.SEEDER);
  }

  @Test
  void aConnectLetsListsNameThePeerWhereAndAsItStatedItself() {
    ConnectOutcome.Granted granted =
        peers.granted(
            connect("p").seeder("a", "b").advertising(addresses(2)).stating(STATUS).at(T0));

    assertEquals(
        new ListUpdate(
            "p",
            granted.stamp(),
            List.of(seeder(A), seeder(B)),
            Listing.toAnyone(addresses(2)),
            STATUS,
            List.of(),
            null),
        peers.update());
    assertEquals(List.of(peers.update()), List.copyOf(peers.shard().updates()));
  }

  @Test
  void eachListGetsItsChangeWithTheStampOfTheWhole() {
    peers.granted(connect("p").leech("a").at(T0));
    long stamp = peers.granted(connect("p").leech("b").leave("a").at(T0 + 1)).stamp();

    Map<String, MemberChange> changes = new TreeMap<>();
    peers.update().forEach((swarm, change) -> changes.put(swarm.swarmId(), change));

    Member member =
        new Member("p", PeerMode.LEECH, stamp, PeerAddresses.NONE, PeerNum.NOTHING, null);
    assertEquals(
        Map.of(
            "a", new MemberChange("p", stamp, null),
            "b", new MemberChange("p", stamp, member)),
        changes);
    assertEquals(2, peers.update().lists());
  }

  @Test
  void aSwitchBringsThePeerIntoOneListAndTakesItOutOfAnother() {
    peers.granted(connect("p").leech("a").at(T0));
    peers.granted(connect("p").leech("b").leave("a").at(T0 + 1));

    assertEquals(List.of(leech(B)), peers.update().joins());
    assertEquals(List.of(A), peers.update().leaves());
    assertNull(peers.update().departure());
  }

  @Test
  void aChangeOfModeIsOneChangeOfTheList() {
    peers.granted(connect("p").leech("a").at(T0));
    peers.granted(connect("p").leave("a").seeder("a").at(T0 + 1));

    assertEquals(List.of(seeder(A)), peers.update().joins());
    assertEquals(List.of(), peers.update().leaves());
  }

  @Test
  void aRefreshRenewsTheMember() {
    peers.granted(connect("p").leech("a").at(T0));
    peers.granted(connect("p").leech("a").stating(STATUS).at(T0 + 1));

    assertEquals(List.of(leech(A)), peers.update().joins());
    assertEquals(STATUS, peers.update().status());
  }

  @Test
  void stepsThatFailReachNoList() {
    peers.granted(connect("p").additive().maxSwarms(1).seeder("a").at(T0));
    peers.granted(connect("p").additive().maxSwarms(1).seeder("b").leave("c").leech("a").at(T0));

    assertEquals(List.of(leech(A)), peers.update().joins());
    assertEquals(List.of(), peers.update().leaves());
  }

  @Test
  void whatIsRefusedReachesNoList() {
    peers.granted(connect("p").leech("a").at(T0));
    peers.refused(connect("p").leech("b").at(T0 + 1));

    assertEquals(List.of(), peers.noted());
    assertEquals(1, peers.shard().updates().size());
  }

  @Test
  void theLastLeaveTakesThePeerOutOfItsLists() {
    peers.granted(connect("p").seeder("a", "b").at(T0));
    peers.granted(connect("p").leave("a", "b").at(T0 + 1));

    assertEquals(Set.of(A, B), Set.copyOf(peers.update().leaves()));
    assertEquals(List.of(), peers.update().joins());
    assertNull(peers.update().departure(), "the peer's own doing");
  }

  /** The answer to the CONNECT tells of it, so that nobody else has to. */
  @Test
  void aTerminationTakesThePeerOutOfItsListsAndIsToldWithTheAnswer() {
    peers.granted(connect("p").seeder("a", "b").at(T0));
    Departure departure = peers.refused(connect("p").seeder("c").at(T0 + 1)).departure();

    assertEquals(Set.of(A, B), Set.copyOf(peers.update().leaves()));
    assertNull(peers.update().departure());
    List<Ended> ended = peers.update().leaves().stream().map(it -> new Ended(it, 1)).toList();
    assertEquals(new Departure("p", T0 + 1, ended, Departure.Cause.TERMINATED), departure);
  }

  // Where the peer is

  @Test
  void whatThePeerAdvertisesCountsMoreThanWhereItIsSeen() {
    AddressRules port80 = new AddressRules(false, false, 80);
    peers.granted(
        connect("p")
            .leech("a")
            .addressRules(port80)
            .from("192.0.2.7")
            .advertising(addresses(2))
            .at(T0));
    assertEquals(addresses(2), peers.update().listing().addresses());

    peers.granted(connect("q").leech("a").addressRules(port80).from("192.0.2.7").at(T0));
    PeerAddresses told = peers.update().listing().addresses();
    assertEquals("192.0.2.7", told.all().get(0).ip().toString());
    assertEquals(80, told.all().get(0).port());
  }

  @Test
  void aConnectWithoutAddressesKeepsTheKnownOnes() {
    peers.granted(connect("p").seeder("a", "b").advertising(addresses(2)).at(T0));

    ConnectOutcome.Granted later =
        peers.granted(connect("p").additive().leech("c").from("192.0.2.3").at(T0 + 1));

    assertEquals(addresses(2), later.addresses());
    assertEquals(addresses(2), peers.update().listing().addresses());
    assertEquals(List.of(leech(C)), peers.update().joins(), "the others know it");
  }

  @Test
  void newAddressesReachAllSwarmsThatTheRequestDoesNotName() {
    peers.granted(connect("p").seeder("a", "b").advertising(addresses(2)).at(T0));

    ConnectOutcome.Granted later =
        peers.granted(connect("p").additive().leech("c").advertising(addresses(3)).at(T0 + 1));

    assertEquals(addresses(3), later.addresses());
    assertEquals(addresses(3), peers.update().listing().addresses());
    assertEquals(leech(C), peers.update().joins().get(0));
    assertEquals(Set.of(leech(C), seeder(A), seeder(B)), Set.copyOf(peers.update().joins()));
    assertEquals(3, peers.update().joins().size());
  }

  @Test
  void newAddressesDoNotBringThePeerBackToWhereItLeaves() {
    peers.granted(connect("p").seeder("a", "b").advertising(addresses(2)).at(T0));
    peers.granted(connect("p").additive().leave("a").advertising(addresses(3)).at(T0 + 1));

    assertEquals(List.of(seeder(B)), peers.update().joins());
    assertEquals(List.of(A), peers.update().leaves());
  }

  @Test
  void aFindAnswersWithThePeersOwnAddresses() {
    peers.granted(connect("p").leech("a").advertising(addresses(2)).at(T0));

    assertEquals(
        new PeerQuery.FindAdmission(null, addresses(2), false),
        peers.ask(new PeerQuery.Find("p", A, true, Origin.UNKNOWN, T0)));
  }

  // What is still to follow

  @Test
  void updatesAreKeptOldestFirstThroughAFailOverUntilTheyAreStruckOut() {
    List<ListUpdate> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      peers.granted(connect("p" + i).leech("a").at(T0));
      all.add(peers.update());
    }
    peers.failOver();
    assertEquals(all, List.copyOf(peers.shard().updates()));

    List<Long> some = List.of(all.get(3).stamp(), 77L, all.get(1).stamp());
    assertEquals(List.of(all.get(3), all.get(1)), peers.apply(new PeerCommand.StrikeOut(some)));
    assertEquals(List.of(), peers.apply(new PeerCommand.StrikeOut(some)));
    peers.failOver();
    assertEquals(List.of(all.get(0), all.get(2), all.get(4)), List.copyOf(peers.shard().updates()));
  }

  @Test
  void aChangeCanStrikeOutWhatListsHaveFollowedBesides() {
    peers.granted(connect("p").leech("a").at(T0));
    long followed = peers.update().stamp();
    PeerShard shard = new PeerShard(peers.shard().snapshot());

    ShardChange change = connect("q").leech("a").at(T0 + 1).decide(shard, peers.budget).change();
    shard.apply(change.strikingOut(List.of(followed)));

    assertEquals(change.noted(), List.copyOf(shard.updates()));
    assertEquals(2, shard.size());
  }

  @Test
  void whoeverLetsListsFollowAtOnceNeedNotNoteIt() {
    PeerCommand.Connect connect = connect("p").leech("a").at(T0);
    ShardChange change = connect.decide(peers.shard(), peers.budget).change();
    PeerShard shard = new PeerShard();
    shard.apply(change.withNothingNoted());

    assertEquals(List.of(), List.copyOf(shard.updates()));
    assertEquals(1, shard.size());
    assertTrue(shard.snapshot().lastStamp() >= change.noted().get(0).stamp());
    assertFalse(change.noted().isEmpty());
    assertEquals(
        List.of("p"),
        connect("q").leech("a").at(T0 + TRACK_MS).apply(shard, peers.budget)
                instanceof ConnectOutcome.Granted
            ? new PeerCommand.Expire(T0 + TRACK_MS, 9, TRACK_MS, List.of())
                .apply(shard, peers.budget).stream().map(ListUpdate::peerId).toList()
            : List.of());
  }
}
