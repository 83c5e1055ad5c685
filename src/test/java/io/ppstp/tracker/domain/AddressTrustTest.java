package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Step.Effect;
import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.store.CountedBudget;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of the addresses that a peer advertises others are told, and who may speak for a peer. */
class AddressTrustTest {
  private static final long T0 = 1_790_000_000_000L;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private PeerShard shard = new PeerShard();

  private <R> R apply(PeerCommand<R> command) {
    return command.apply(shard, new CountedBudget(10));
  }

  private ConnectOutcome.Granted granted(PeerCommand.Connect connect) {
    return assertInstanceOf(ConnectOutcome.Granted.class, apply(connect));
  }

  private void assertRefused(ErrorCode code, PeerCommand.Connect connect) {
    assertEquals(new ConnectOutcome.Refused(code, null), apply(connect));
  }

  private Optional<RegistrationView> look(String peerId) {
    return apply(new PeerCommand.Look(peerId));
  }

  private static final AddressRules STRICT = new AddressRules(true, true, 0);
  private static final PeerAddress V4 = address("192.0.2.7", 7);
  private static final PeerAddress V6 = address("2001:db8::7", 6);
  private static final PeerAddress VICTIM = address("198.51.100.9", 5);
  private static final PeerAddress HOME = address("10.0.0.7", 4);

  private static PeerAddress address(String literal, int port) {
    return new PeerAddress(
        Objects.requireNonNull(IpAddress.parse(literal)),
        port,
        port,
        AddressType.HOST,
        null,
        null,
        null);
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

  private Listing told(PeerAddress... addresses) {
    return Listing.toAnyone(PeerAddresses.advertised(List.of(addresses), false));
  }

  @Test
  void nobodyIsToldAnAddressThatThePeerHasNotBeenSeenAt() {
    ConnectOutcome.Granted granted =
        granted(strict("p", "192.0.2.7").leech("a").advertising(all()).at(T0));

    assertEquals(told(V4), granted.listing());
    assertEquals(all(), granted.addresses());
    assertEquals(3, granted.listing().withheldOf(granted.addresses()));
  }

  @Test
  void aPeerThatIsSeenAtNoneOfItsAddressesIsNotListed() {
    ConnectOutcome.Granted granted =
        granted(strict("p", "203.0.113.1").leech("a").advertising(all()).at(T0));

    assertEquals(Listing.NONE, granted.listing());
    assertEquals(4, granted.listing().withheldOf(granted.addresses()));
  }

  @Test
  void theDefaultPortServesForThoseWhoseAddressesAreWithheld() {
    ConnectOutcome.Granted granted =
        granted(
            connect("p")
                .addressRules(new AddressRules(true, true, 6881))
                .from("203.0.113.1")
                .leech("a")
                .advertising(all())
                .at(T0));

    PeerAddress told = granted.listing().addresses().all().get(0);
    assertEquals("203.0.113.1", told.ip().toString());
    assertEquals(6881, told.port());
    assertEquals(4, granted.listing().withheldOf(granted.addresses()));
  }

  @Test
  void aPeerThatIsSeenInBothFamiliesProvesBoth() {
    granted(strict("p", "192.0.2.7").seeder("a", "b").advertising(all()).at(T0));

    PeerCommand.FindAdmission found =
        apply(new PeerCommand.Find("p", A, true, origin("2001:db8::7"), T0 + 1));

    Readdressing readdressing = Objects.requireNonNull(found.readdressing());
    assertEquals(told(V4, V6), readdressing.listing());
    assertEquals(Set.of(A, B), Set.copyOf(readdressing.swarms()));
    assertTrue(readdressing.stamp() > T0);
    // From then on there is no news in requests from either.
    assertNull(apply(new PeerCommand.Find("p", A, true, origin("192.0.2.7"), T0)).readdressing());
    assertNull(
        apply(new PeerCommand.Report("p", List.of(), origin("2001:db8::7"), T0)).readdressing());
  }

  @Test
  void aPeerThatHasMovedIsNoLongerListedWhereItWas() {
    granted(strict("p", "192.0.2.7").seeder("a").advertising(all()).at(T0));

    PeerCommand.ReportAdmission reported =
        apply(new PeerCommand.Report("p", List.of(A), origin("203.0.113.1"), T0 + 1));

    assertEquals(Listing.NONE, Objects.requireNonNull(reported.readdressing()).listing());
  }

  @Test
  void aConnectFromElsewhereReachesTheSwarmsThatItDoesNotName() {
    granted(strict("p", "192.0.2.7").seeder("a").advertising(all()).at(T0));

    ConnectOutcome.Granted later =
        granted(strict("p", "2001:db8::7").additive().leech("b").at(T0 + 1));

    assertEquals(told(V4, V6), later.listing());
    assertEquals(List.of(new Step(A, PeerMode.SEEDER, Effect.REFRESHED)), later.readdressed());
  }

  @Test
  void aPeerThatHasProvedWhoItIsIsBelievedAndItsPrivateAddressesStayAmongNeighbours() {
    ConnectOutcome.Granted granted =
        granted(strict("p", "203.0.113.1").authenticated().leech("a").advertising(all()).at(T0));

    assertEquals(all().all(), granted.listing().addresses().all());
    assertEquals(
        new Observed(IpAddress.parse("203.0.113.1"), null), granted.listing().confinedTo());
  }

  /** Somebody took the ID before its owner came, and left a victim's address behind. */
  @Test
  void whatAStrangerAdvertisedIsNotBelievedBecauseTheOwnerComesLater() {
    granted(strict("p", "203.0.113.66").seeder("a").advertising(all()).at(T0));

    ConnectOutcome.Granted owner =
        granted(strict("p", "203.0.113.1").authenticated().additive().seeder("b").at(T0 + 1));

    assertEquals(Listing.NONE, owner.listing());
    assertRefused(ErrorCode.FORBIDDEN_ACTION, strict("p", "203.0.113.66").leech("c").at(T0 + 2));
  }

  @Test
  void nobodyElseSpeaksForAPeerThatHasProvedWhoItIs() {
    granted(strict("p", "192.0.2.7").authenticated().seeder("a").at(T0));

    assertRefused(ErrorCode.FORBIDDEN_ACTION, strict("p", "192.0.2.7").leave("a").at(T0 + 1));
    assertFalse(apply(new PeerCommand.Find("p", A, true, origin("192.0.2.7"), T0 + 1)).allowed());
    assertFalse(
        apply(new PeerCommand.Report("p", List.of(), origin("192.0.2.7"), T0 + 1)).allowed());
    assertEquals(T0, look("p").orElseThrow().lastSeenMs());

    Origin owner = new Origin(IpAddress.parse("198.51.100.1"), true, STRICT);
    assertTrue(apply(new PeerCommand.Find("p", A, true, owner, T0 + 1)).allowed());
    granted(strict("p", "198.51.100.1").authenticated().leave("a").at(T0 + 2));
    // The registration is gone, and with it the claim.
    granted(strict("p", "192.0.2.7").seeder("a").at(T0 + 3));
  }

  @Test
  void aMoveToAnotherNodeKeepsWhereAPeerWasSeenAndThatItIsKnown() {
    granted(strict("p", "192.0.2.7").authenticated().seeder("a").advertising(all()).at(T0));
    shard = new PeerShard(shard.snapshot());

    assertFalse(apply(new PeerCommand.Find("p", A, true, origin("192.0.2.7"), T0 + 1)).allowed());
    Origin owner = new Origin(IpAddress.parse("192.0.2.7"), true, STRICT);
    assertNull(apply(new PeerCommand.Find("p", A, true, owner, T0 + 1)).readdressing());
  }
}
