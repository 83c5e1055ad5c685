package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of the addresses that a peer advertises others are told, and who may speak for a peer. */
class AddressTrustTest {
  private static final long T0 = 1_790_000_000_000L;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final ShardUnderTest peers = new ShardUnderTest();

  private ConnectOutcome.Granted granted(PeerCommand.Connect connect) {
    return peers.granted(connect);
  }

  private PeerQuery.FindAdmission find(Origin origin, long nowMs) {
    return peers.ask(new PeerQuery.Find("p", A, true, origin, nowMs));
  }

  private PeerQuery.ReportAdmission keepAlive(Origin origin, long nowMs) {
    return peers.ask(new PeerQuery.Report("p", List.of(), origin, nowMs));
  }

  private boolean observe(Origin origin, long nowMs) {
    return peers.apply(new PeerCommand.Observe("p", origin, nowMs));
  }

  private static final AddressRules STRICT = new AddressRules(true, true, 0);

  // Public addresses: those for documentation are none.
  private static final PeerAddress V4 = address("20.0.2.7", 7);
  private static final PeerAddress V6 = address("2a00:db8::7", 6);
  private static final PeerAddress VICTIM = address("21.51.100.9", 5);
  private static final PeerAddress HOME = address("10.0.0.7", 4);

  private static PeerAddress address(String literal, int port) {
    return address(literal, port, AddressType.HOST);
  }

  private static PeerAddress address(String literal, int port, AddressType type) {
    IpAddress ip = Objects.requireNonNull(IpAddress.parse(literal));
    return new PeerAddress(ip, port, port, type, null, null, null);
  }

  private ConnectBuilder strict(String peerId, String ip) {
    return connect(peerId).addressRules(STRICT).from(ip);
  }

  private PeerAddresses all() {
    return PeerAddresses.advertised(List.of(V4, V6, VICTIM, HOME), false);
  }

  private Origin origin(String literal) {
    return new Origin(IpAddress.parse(literal), false, STRICT);
  }

  private static Map<Withheld, Integer> withheld(ConnectOutcome.Granted granted) {
    Map<Withheld, Integer> withheld = new EnumMap<>(Withheld.class);
    granted.listing().tellWithheldOf(granted.addresses(), withheld::put);
    withheld.values().removeIf(count -> count == 0);
    return withheld;
  }

  private Listing told(PeerAddress... addresses) {
    return Listing.toAnyone(PeerAddresses.advertised(List.of(addresses), false));
  }

  /** Returns a listing of which those seen at {@code observed} are told all. */
  private Listing toldAmong(Observed observed, PeerAddress... addresses) {
    return new Listing(PeerAddresses.advertised(List.of(addresses), false), observed);
  }

  private static final Observed BOTH = seenAt("20.0.2.7", "2a00:db8::7");

  private static Observed seenAt(@Nullable String v4, @Nullable String v6) {
    return new Observed(
        v4 == null ? null : IpAddress.parse(v4), v6 == null ? null : IpAddress.parse(v6));
  }

  @Test
  void nobodyIsToldAnAddressThatThePeerHasNotBeenSeenAt() {
    ConnectOutcome.Granted granted =
        granted(strict("p", "20.0.2.7").leech("a").advertising(all()).at(T0));

    assertEquals(toldAmong(seenAt("20.0.2.7", null), V4, HOME), granted.listing());
    assertEquals(all(), granted.addresses());
    assertEquals(Map.of(Withheld.UNPROVEN, 2), withheld(granted));
  }

  /** A peer behind a NAT, as ICE has its candidates (RFC 8445). */
  @Test
  void hostCandidatesOfALocalNetworkGoToNeighboursIfThereIsAProvenAddressBeside() {
    PeerAddress nat = address("20.0.2.7", 9, AddressType.REFLEXIVE);
    PeerAddress lan = address("192.168.1.5", 8);
    PeerAddress lanV6 = address("fd00::5", 7);
    PeerAddress loopback = address("127.0.0.1", 6);
    PeerAddress relay = address("21.51.100.9", 5, AddressType.PROXY);
    PeerAddress innerNat = address("100.64.0.7", 4, AddressType.REFLEXIVE);
    PeerAddress victim = address("21.51.100.8", 3);
    PeerAddresses candidates =
        PeerAddresses.advertised(
            List.of(nat, lan, lanV6, loopback, relay, innerNat, victim), false);

    ConnectOutcome.Granted proven =
        granted(strict("p", "20.0.2.7").leech("a").advertising(candidates).at(T0));
    assertEquals(toldAmong(seenAt("20.0.2.7", null), nat, lan, lanV6), proven.listing());
    assertEquals(Map.of(Withheld.UNPROVEN, 3, Withheld.RELAYED, 1), withheld(proven));

    ConnectOutcome.Granted unproven =
        granted(strict("q", "22.0.113.1").leech("a").advertising(candidates).at(T0));
    assertEquals(Listing.NONE, unproven.listing());
  }

  @Test
  void hostCandidatesThatCannotBeProvedGoToNobodyWherePrivateAddressesGoToAnyone() {
    ConnectOutcome.Granted granted =
        granted(
            connect("p")
                .addressRules(new AddressRules(true, false, 0))
                .from("20.0.2.7")
                .leech("a")
                .advertising(all())
                .at(T0));

    assertEquals(told(V4), granted.listing());
  }

  @Test
  void aPeerThatIsSeenAtNoneOfItsAddressesIsNotListed() {
    ConnectOutcome.Granted granted =
        granted(strict("p", "22.0.113.1").leech("a").advertising(all()).at(T0));

    assertEquals(Listing.NONE, granted.listing());
    assertEquals(Map.of(Withheld.UNPROVEN, 4), withheld(granted));
  }

  @Test
  void theDefaultPortServesForThoseWhoseAddressesAreWithheld() {
    ConnectOutcome.Granted granted =
        granted(
            connect("p")
                .addressRules(new AddressRules(true, true, 6881))
                .from("22.0.113.1")
                .leech("a")
                .advertising(all())
                .at(T0));

    PeerAddress told = granted.listing().addresses().all().get(0);
    assertEquals("22.0.113.1", told.ip().toString());
    assertEquals(6881, told.port());
    assertEquals(Map.of(Withheld.UNPROVEN, 4), withheld(granted));
  }

  @Test
  void aPeerThatIsSeenInBothFamiliesProvesBoth() {
    granted(strict("p", "20.0.2.7").seeder("a", "b").advertising(all()).at(T0));

    assertTrue(find(origin("2a00:db8::7"), T0 + 1).seenElsewhere());
    assertTrue(observe(origin("2a00:db8::7"), T0 + 1));

    assertEquals(toldAmong(BOTH, V4, V6, HOME), peers.update().listing());
    assertEquals(
        Set.of(new Join(A, PeerMode.SEEDER), new Join(B, PeerMode.SEEDER)),
        Set.copyOf(peers.update().joins()));
    assertEquals(PeerNum.NOTHING, peers.update().status(), "what it stated stays");
    assertTrue(peers.update().stamp() > T0);
    assertEquals(T0 + 1, peers.lastSeenMs("p"));
    // From then on there is no news in requests from either.
    assertFalse(find(origin("20.0.2.7"), T0 + 2).seenElsewhere());
    assertFalse(keepAlive(origin("2a00:db8::7"), T0 + 2).seenElsewhere());
    assertTrue(observe(origin("20.0.2.7"), T0 + 3));
    assertEquals(List.of(), peers.noted());
  }

  @Test
  void aPeerThatHasMovedIsNoLongerListedWhereItWas() {
    granted(strict("p", "20.0.2.7").seeder("a").advertising(all()).at(T0));

    assertTrue(keepAlive(origin("22.0.113.1"), T0 + 1).seenElsewhere());
    assertTrue(observe(origin("22.0.113.1"), T0 + 1));

    assertEquals(Listing.NONE, peers.update().listing());
  }

  /** Its answer was lost on the way to where it was. */
  @Test
  void aPeerThatRepeatsItsConnectFromElsewhereHasMoved() {
    PeerCommand.Connect connect =
        strict("p", "22.0.113.1").seeder("a", "b").advertising(all()).at(T0);
    granted(connect);
    assertEquals(Listing.NONE, peers.update().listing());

    ConnectOutcome.Granted repeat =
        granted(ConnectBuilder.repeated(connect, origin("20.0.2.7"), T0 + 5));

    Listing moved = toldAmong(seenAt("20.0.2.7", null), V4, HOME);
    assertTrue(repeat.repeated());
    assertEquals(moved, repeat.listing());
    assertEquals(moved, peers.update().listing());
    assertEquals(
        Set.of(new Join(A, PeerMode.SEEDER), new Join(B, PeerMode.SEEDER)),
        Set.copyOf(peers.update().joins()));
    assertTrue(peers.update().stamp() > repeat.stamp(), "lists take it for younger");
    assertEquals(PeerNum.NOTHING, peers.update().status(), "what it stated stays");
    assertEquals(T0 + 5, peers.lastSeenMs("p"));
    assertFalse(find(origin("20.0.2.7"), T0 + 6).seenElsewhere());
    // Once more from there, nothing is new.
    assertEquals(
        moved, granted(ConnectBuilder.repeated(connect, origin("20.0.2.7"), T0 + 7)).listing());
    assertEquals(List.of(), peers.noted());
    assertEquals(1, peers.budget.reserved);
  }

  @Test
  void theRepeatOfALastLeaveFromElsewhereBringsNobodyBack() {
    granted(strict("p", "192.0.2.7").seeder("a").at(T0));
    PeerCommand.Connect leave = strict("p", "192.0.2.7").leave("a").at(T0 + 1);
    granted(leave);

    assertTrue(granted(ConnectBuilder.repeated(leave, origin("203.0.113.1"), T0 + 2)).repeated());

    assertEquals(List.of(), peers.noted());
    assertEquals(0, peers.shard().size());
  }

  /** Where it is seen is noted, but no list has to follow. */
  @Test
  void aMoveThatShowsNowhereReachesNoList() {
    granted(connect("p").seeder("a").from("20.0.2.7").advertising(all()).at(T0));
    Origin moved = new Origin(IpAddress.parse("22.0.113.1"), false, AddressRules.OPEN);

    assertTrue(observe(moved, T0 + 1));
    assertEquals(List.of(), peers.noted());
    assertFalse(find(moved, T0 + 2).seenElsewhere());
  }

  @Test
  void whoIsNotRegisteredIsNotObserved() {
    ShardSnapshot before = peers.shard().snapshot();

    assertFalse(observe(origin("22.0.113.1"), T0));
    assertEquals(before, peers.shard().snapshot());
  }

  @Test
  void aConnectFromElsewhereReachesTheSwarmsThatItDoesNotName() {
    granted(strict("p", "20.0.2.7").seeder("a").advertising(all()).at(T0));

    ConnectOutcome.Granted later =
        granted(strict("p", "2a00:db8::7").additive().leech("b").at(T0 + 1));

    assertEquals(toldAmong(BOTH, V4, V6, HOME), later.listing());
    assertEquals(toldAmong(BOTH, V4, V6, HOME), peers.update().listing());
    assertEquals(
        List.of(new Join(B, PeerMode.LEECH), new Join(A, PeerMode.SEEDER)), peers.update().joins());
  }

  @Test
  void aPeerThatHasProvedWhoItIsIsBelievedAndItsPrivateAddressesStayAmongNeighbours() {
    ConnectOutcome.Granted granted =
        granted(strict("p", "22.0.113.1").authenticated().leech("a").advertising(all()).at(T0));

    assertEquals(all().all(), granted.listing().addresses().all());
    assertEquals(new Observed(IpAddress.parse("22.0.113.1"), null), granted.listing().confinedTo());
  }

  @Test
  void nobodyElseSpeaksForAPeerThatHasProvedWhoItIs() {
    granted(strict("p", "20.0.2.7").authenticated().seeder("a").at(T0));

    assertEquals(
        new ConnectOutcome.Refused(RefusalCause.FOREIGN, null),
        peers.apply(strict("p", "20.0.2.7").leave("a").at(T0 + 1)));
    assertFalse(find(origin("20.0.2.7"), T0 + 1).allowed());
    assertFalse(keepAlive(origin("20.0.2.7"), T0 + 1).allowed());
    assertFalse(observe(origin("22.0.113.66"), T0 + 1));
    assertEquals(T0, peers.lastSeenMs("p"));

    Origin owner = new Origin(IpAddress.parse("21.51.100.1"), true, STRICT);
    assertTrue(find(owner, T0 + 1).allowed());
    assertTrue(observe(owner, T0 + 1));
    granted(strict("p", "21.51.100.1").authenticated().leave("a").at(T0 + 2));
    // The registration is gone, and with it the claim.
    granted(strict("p", "20.0.2.7").seeder("a").at(T0 + 3));
  }

  @Test
  void aMoveToAnotherNodeKeepsWhereAPeerWasSeenAndThatItIsKnown() {
    granted(strict("p", "20.0.2.7").authenticated().seeder("a").advertising(all()).at(T0));
    peers.failOver();

    assertFalse(find(origin("20.0.2.7"), T0 + 1).allowed());
    Origin owner = new Origin(IpAddress.parse("20.0.2.7"), true, STRICT);
    assertFalse(find(owner, T0 + 1).seenElsewhere());
    assertTrue(find(owner, T0 + 1).allowed());
  }
}
