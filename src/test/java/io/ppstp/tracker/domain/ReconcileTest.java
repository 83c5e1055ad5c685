package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Registrations and lists that were found to differ come to agree. */
class ReconcileTest {
  private static final long T0 = 1_000_000_000;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final ShardUnderTest peers = new ShardUnderTest();
  private final SwarmShard lists = new SwarmShard();

  /** Lets lists follow all that is noted, and strikes it out. */
  private void follow() {
    List<ListUpdate> updates = List.copyOf(peers.shard().updates());
    updates.forEach(update -> update.forEach(lists::apply));
    peers.apply(new PeerCommand.StrikeOut(updates.stream().map(ListUpdate::stamp).toList()));
  }

  private int reconcile(long nowMs, Membership... memberships) {
    return peers.apply(new PeerCommand.Reconcile(List.of(memberships), AddressRules.OPEN, nowMs));
  }

  private @Nullable Member listed(SwarmKey swarm, String peerId) {
    return new SwarmQuery.Look(swarm, peerId).answer(lists).orElse(null);
  }

  private Membership membership(SwarmKey swarm, String peerId) {
    return new Membership(peerId, swarm, Objects.requireNonNull(listed(swarm, peerId)).stamp());
  }

  private List<Membership> registered() {
    return peers.ask(new PeerQuery.Slice(0, 100));
  }

  private List<Membership> missing(List<Membership> memberships) {
    return new SwarmQuery.FindMissing(memberships).answer(lists);
  }

  private List<Membership> orphans(Membership... members) {
    return peers.ask(new PeerQuery.FindOrphans(List.of(members)));
  }

  @Test
  void aRegisteredPeerThatAListLacksComesBackAsItsRegistrationSays() {
    long stamp =
        peers.granted(connect("p").seeder("a", "b").advertising(addresses(2)).at(T0)).stamp();
    follow();
    lists.apply(A, new MemberChange("p", stamp, null));
    assertEquals(List.of(new Membership("p", A, stamp)), missing(registered()));

    assertEquals(1, reconcile(T0 + 9, new Membership("p", A, stamp)));

    assertEquals(List.of(new Join(A, PeerMode.SEEDER)), peers.update().joins());
    assertEquals(List.of(), peers.update().leaves());
    assertNull(peers.update().departure());
    assertTrue(peers.update().stamp() >= T0 + 9);
    follow();
    assertEquals(List.of(), missing(registered()));
    Member back = Objects.requireNonNull(listed(A, "p"));
    assertEquals(PeerMode.SEEDER, back.mode());
    assertEquals(addresses(2), back.addresses());
  }

  @Test
  void whatThePeerIsToldByTheRulesIsToldInTheListThatIsMended() {
    AddressRules strict = new AddressRules(true, true, 0);
    long stamp =
        peers
            .granted(
                connect("p")
                    .leech("a")
                    .addressRules(strict)
                    .from("21.51.100.9")
                    .advertising(addresses(2))
                    .at(T0))
            .stamp();
    Listing listing = peers.update().listing();
    assertEquals(Listing.NONE, listing);
    follow();

    peers.apply(new PeerCommand.Reconcile(List.of(new Membership("p", A, stamp)), strict, T0 + 1));

    assertEquals(listing, peers.update().listing());
  }

  @Test
  void aPortThatIsTakenForGrantedIsTakenOfPeersOfRfc7846Only() {
    AddressRules port80 = new AddressRules(false, false, 80);
    for (String peerId : List.of("p", "bt:p", "wt:p")) {
      AddressRules own = peerId.equals("p") ? port80 : AddressRules.OPEN;
      long stamp =
          peers
              .granted(connect(peerId).leech("a").addressRules(own).from("21.51.100.9").at(T0))
              .stamp();
      Listing listing = peers.update().listing();
      assertEquals(peerId.equals("p"), listing.addresses().isListable());
      follow();

      List<Membership> missing = List.of(new Membership(peerId, A, stamp));
      peers.apply(new PeerCommand.Reconcile(missing, port80, T0 + 1));

      assertEquals(listing, peers.update().listing(), peerId);
      follow();
    }
  }

  @Test
  void aMemberWhoseRegistrationIsGoneIsRemoved() {
    peers.granted(connect("p").leech("a").at(T0));
    follow();
    peers.expire(T0 + TRACK_MS);
    long stamp = peers.update().stamp();
    peers.apply(new PeerCommand.StrikeOut(List.of(stamp)));
    Membership orphan = membership(A, "p");
    assertEquals(List.of(orphan), orphans(orphan));

    assertEquals(1, reconcile(T0 + TRACK_MS + 1, orphan));

    assertEquals(List.of(A), peers.update().leaves());
    assertNull(peers.update().departure(), "that was told with the departure");
    follow();
    assertNull(listed(A, "p"));
    assertEquals(0, lists.size());
  }

  @Test
  void aMemberOfASwarmThatThePeerHasLeftIsRemovedAndStaysElsewhere() {
    peers.granted(connect("p").seeder("a", "b").at(T0));
    follow();
    peers.granted(connect("p").leave("a").at(T0 + 1));
    peers.apply(new PeerCommand.StrikeOut(List.of(peers.update().stamp())));
    assertEquals(List.of(membership(A, "p")), orphans(membership(A, "p"), membership(B, "p")));

    assertEquals(1, reconcile(T0 + 2, membership(A, "p")));

    follow();
    assertNull(listed(A, "p"));
    assertEquals("p", Objects.requireNonNull(listed(B, "p")).id());
    assertEquals(Set.of(B), peers.swarms("p"));
  }

  /** What a lost shard once brought there may have a stamp ahead of all that is known now. */
  @Test
  void aMemberFromAHistoryThatWasLostIsRemovedWhateverItsStamp() {
    long future = T0 + 60_000;
    lists.apply(
        A,
        new MemberChange(
            "p",
            future,
            new Member("p", PeerMode.LEECH, future, addresses(1), PeerNum.NOTHING, null)));
    peers.granted(connect("q").leech("a").at(T0));
    follow();

    assertEquals(1, reconcile(T0 + 1, membership(A, "p")));

    assertTrue(peers.update().stamp() >= future);
    follow();
    assertNull(listed(A, "p"));
    assertEquals(1, lists.members());
    long next = peers.granted(connect("p").leech("a").at(T0 + 2)).stamp();
    assertTrue(next > future, "what comes after is younger");
    follow();
    assertEquals(next, Objects.requireNonNull(listed(A, "p")).stamp());
  }

  @Test
  void bothWaysInOneGo() {
    long stamp = peers.granted(connect("p").leech("a").at(T0)).stamp();
    follow();
    lists.apply(A, new MemberChange("p", stamp, null));
    lists.apply(
        B,
        new MemberChange(
            "ghost",
            T0,
            new Member("ghost", PeerMode.LEECH, T0, addresses(1), PeerNum.NOTHING, null)));

    assertEquals(2, reconcile(T0 + 1, new Membership("p", A, stamp), membership(B, "ghost")));

    assertEquals(2, peers.noted().size());
    assertTrue(peers.noted().get(0).stamp() < peers.noted().get(1).stamp());
    follow();
    assertEquals("p", Objects.requireNonNull(listed(A, "p")).id());
    assertNull(listed(B, "ghost"));
  }

  @Test
  void aPeerThatListsAreFollowingAnywayIsLeftAlone() {
    long stamp = peers.granted(connect("p").leech("a").at(T0)).stamp();
    ShardSnapshot before = peers.shard().snapshot();

    assertEquals(0, reconcile(T0 + 1, new Membership("p", A, stamp)));
    assertEquals(before, peers.shard().snapshot());
    assertEquals(List.of(), registered(), "not looked for in lists yet");

    follow();
    assertEquals(List.of(new Membership("p", A, stamp)), registered());
    peers.granted(connect("p").leave("a").at(T0 + 2));
    Membership leaving = membership(A, "p");
    assertEquals(List.of(), orphans(leaving), "about to be removed");
    assertEquals(0, reconcile(T0 + 3, leaving));
    follow();
    assertNull(listed(A, "p"));
  }

  @Test
  void whatIsRightAlreadyIsNotDisturbed() {
    StreamStats stats = new StreamStats("a", 1, 2, 3, 4);
    PeerNum status = new PeerNum(29, null, 5, 200, 600);
    peers.granted(connect("p").leech("a").advertising(addresses(2)).stating(status).at(T0));
    follow();
    lists.apply(A, new Statement("p", null, stats));
    Member before = Objects.requireNonNull(listed(A, "p"));

    reconcile(T0 + 1, membership(A, "p"));
    long stamp = peers.update().stamp();
    follow();

    assertEquals(
        new Member("p", before.mode(), stamp, before.addresses(), status, stats),
        listed(A, "p"),
        "what it stated stays");
  }

  @Test
  void aSliceVisitsEveryMembershipOnce() {
    Set<Membership> expected = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      long stamp = peers.granted(connect("p" + i).seeder("a", "b").at(T0)).stamp();
      expected.add(new Membership("p" + i, A, stamp));
      expected.add(new Membership("p" + i, B, stamp));
    }
    follow();
    Set<Membership> visited = new HashSet<>();
    for (int from = 0; from < 12; from += 3) {
      for (Membership membership : peers.ask(new PeerQuery.Slice(from, 3))) {
        assertTrue(visited.add(membership), membership::toString);
      }
    }

    assertEquals(expected, visited);
    assertEquals(List.of(), peers.ask(new PeerQuery.Slice(10, 3)));
  }
}
