package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static io.ppstp.tracker.testing.Peers.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may speak for a peer that was registered without credentials. */
class PeerClaimTest {
  private static final long T0 = 1_790_000_000_000L;
  private static final long SILENCE_MS = TRACK_MS / 3;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");
  private static final String HOME = "192.0.2.7";
  private static final String ELSEWHERE = "198.51.100.9";
  private static final SecretHash FIRST = new SecretHash(1, 2);
  private static final SecretHash SECOND = new SecretHash(3, 4);
  private static final SecretHash THIRD = new SecretHash(5, 6);
  private static final ConnectOutcome FOREIGN =
      new ConnectOutcome.Refused(RefusalCause.FOREIGN, null);

  private final ShardUnderTest peers = new ShardUnderTest();

  private static Claim claim(SecretHash proof) {
    return new Claim(64, proof, null);
  }

  private static Claim offering(SecretHash offer) {
    return new Claim(64, null, offer);
  }

  private static Origin origin(String literal, Claim claim) {
    return new Origin(IpAddress.parse(literal), false, AddressRules.OPEN, claim);
  }

  /** A request that brings no secret. */
  private static Origin from(String literal) {
    return origin(literal, new Claim(64, null, null));
  }

  private static Origin owner(String literal) {
    return new Origin(IpAddress.parse(literal), true, AddressRules.OPEN, offering(THIRD));
  }

  private static ConnectBuilder bound(String literal) {
    return connect("p").from(literal).claiming(new Claim(64, null, null));
  }

  private PeerQuery.FindAdmission find(Origin origin, long nowMs) {
    return peers.ask(new PeerQuery.Find("p", A, true, origin, nowMs));
  }

  private PeerQuery.ReportAdmission report(Origin origin, long nowMs) {
    return peers.ask(new PeerQuery.Report("p", List.of(), origin, nowMs));
  }

  private boolean observe(Origin origin, long nowMs) {
    return peers.apply(new PeerCommand.Observe("p", origin, nowMs));
  }

  private PeerCommand.Connect register() {
    PeerCommand.Connect connect =
        connect("p").from(HOME).claiming(offering(FIRST)).leech("a").at(T0);
    assertTrue(peers.granted(connect).secretGiven());
    return connect;
  }

  private void assertForeign(Origin origin, long nowMs) {
    assertEquals(RefusalCause.FOREIGN, find(origin, nowMs).refusal());
    assertEquals(RefusalCause.FOREIGN, report(origin, nowMs).refusal());
    assertFalse(observe(origin, nowMs));
  }

  @Nested
  class Addresses {

    @Test
    void nobodyFromElsewhereSpeaksForAPeer() {
      register();
      ShardSnapshot before = peers.shard().snapshot();

      assertEquals(FOREIGN, peers.apply(bound(ELSEWHERE).leave("a").at(T0 + 1)));
      assertEquals(FOREIGN, peers.apply(bound(ELSEWHERE).leave("a").seeder("a").at(T0 + 1)));
      assertEquals(FOREIGN, peers.apply(bound(ELSEWHERE).seeder("a", "b").at(T0 + 1)));
      assertForeign(from(ELSEWHERE), T0 + 1);
      assertForeign(from("2001:db8::7"), T0 + 1);

      assertEquals(before, peers.shard().snapshot());
      assertTrue(find(from(HOME), T0 + 2).allowed());
      assertTrue(report(from(HOME), T0 + 2).allowed());
      peers.granted(bound(HOME).leave("a").at(T0 + 3));
    }

    @Test
    void theRepeatOfAnotherIsForeignToo() {
      PeerCommand.Connect first = register();

      assertEquals(FOREIGN, peers.apply(repeated(first, from(ELSEWHERE), T0 + 1)));
    }

    @Test
    void whoIsNotRegisteredIsUnknownAndNotForeign() {
      assertEquals(RefusalCause.UNREGISTERED, find(from(HOME), T0).refusal());
      assertEquals(RefusalCause.UNREGISTERED, report(from(HOME), T0).refusal());
      register();
      assertFalse(peers.ask(new PeerQuery.Find("p", B, true, from(HOME), T0)).foreign());
    }

    /** Privacy addresses (RFC 8981) change within a day, and the prefix stays. */
    @ParameterizedTest
    @CsvSource({
      "2001:db8:1:2::7, 2001:db8:1:2:aaaa::9, 64, true",
      "2001:db8:1:2::7, 2001:db8:1:3::7, 64, false",
      "2001:db8:1:2::7, 2001:db8:1:3::7, 48, true",
      "2001:db8:1:2::7, 2001:db8:1:2::8, 128, false",
      "2001:db8:1:2::7, 192.0.2.7, 64, false",
      "192.0.2.7, 192.0.2.8, 64, false",
      "::ffff:192.0.2.7, ::ffff:192.0.2.8, 64, false",
      "64:ff9b::c000:207, 64:ff9b::c000:208, 64, false",
      "2001:0:4136:e378:8000:63bf:3fff:fdd2, 2001:0:4136:e378:8000:63bf:3fff:fdd3, 64, false",
    })
    void aClientIsAnAddressOrAPrefix(String first, String second, int bits, boolean same) {
      Claim claim = new Claim(bits, null, null);
      peers.granted(connect("p").from(first).claiming(claim).leech("a").at(T0));

      assertTrue(find(origin(first, claim), T0 + 1).allowed());
      assertEquals(same, find(origin(second, claim), T0 + 1).allowed());
      assertEquals(same, observe(origin(second, claim), T0 + 2));
      assertEquals(same, find(origin(second, claim), T0 + 3).allowed());
    }

    @Test
    void whereRegistrationsAreOpenAnybodySpeaksForAPeer() {
      peers.granted(connect("p").from(HOME).seeder("a").at(T0));

      assertTrue(find(origin(ELSEWHERE, Claim.OPEN), T0 + 1).seenElsewhere());
      assertTrue(observe(origin(ELSEWHERE, Claim.OPEN), T0 + 1));
      peers.granted(connect("p").from("203.0.113.1").leave("a").at(T0 + 2));
    }
  }

  @Nested
  class SilentPeers {

    @Test
    void aSilentPeersIdCanBeRegisteredAnewFromElsewhere() {
      peers.granted(bound(HOME).seeder("a", "b").advertising(addresses(1)).at(T0));
      assertEquals(
          FOREIGN, peers.apply(bound(ELSEWHERE).leech("a").at(T0 + SILENCE_MS - 1)), "not yet");
      long nowMs = T0 + SILENCE_MS;
      assertForeign(from(ELSEWHERE), nowMs);

      ConnectOutcome.Granted granted = peers.granted(bound(ELSEWHERE).leech("a").at(nowMs));

      assertTrue(granted.registered());
      assertFalse(granted.repeated());
      Departure replaced = granted.replaced();
      assertEquals(Departure.Cause.REPLACED, replaced == null ? null : replaced.cause());
      assertEquals(Set.of(A, B), replaced == null ? null : Set.copyOf(replaced.swarms()));
      // Lists let go of all that was, and then take in what is.
      assertEquals(2, peers.noted().size());
      assertEquals(Set.of(A, B), Set.copyOf(peers.noted().get(0).leaves()));
      assertEquals(List.of(new Join(A, PeerMode.LEECH)), peers.noted().get(1).joins());
      assertTrue(peers.noted().get(0).stamp() < peers.noted().get(1).stamp());
      assertEquals(granted.stamp(), peers.noted().get(1).stamp());
      assertEquals(PeerAddresses.NONE, granted.addresses());
      assertEquals(Set.of(A), peers.swarms("p"));
      assertEquals(1, peers.budget.reserved);
      assertEquals(1, peers.budget.memberships);
      assertForeign(from(HOME), nowMs + 1);
    }

    @Test
    void whoWasHeardOfIsNotSilent() {
      register();
      assertTrue(find(from(HOME), T0 + SILENCE_MS).allowed());

      assertEquals(FOREIGN, peers.apply(bound(ELSEWHERE).leech("a").at(T0 + SILENCE_MS + 1)));
    }

    /** It is no repeat: another registers what the first one had. */
    @Test
    void theSameMessageFromElsewhereBeginsAnewToo() {
      PeerCommand.Connect first = register();
      peers.failOver();

      ConnectOutcome.Granted granted =
          peers.granted(repeated(first, from(ELSEWHERE), T0 + SILENCE_MS));

      assertTrue(granted.registered());
      assertFalse(granted.repeated());
      assertTrue(granted.stamp() > T0 + SILENCE_MS);
    }

    @Test
    void whatIsInvalidForANewPeerLeavesTheSilentOneAlone() {
      register();
      ShardSnapshot before = peers.shard().snapshot();

      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.UNREGISTERED, null),
          peers.apply(bound(ELSEWHERE).leave("a").at(T0 + SILENCE_MS)));

      assertEquals(before, peers.shard().snapshot());
    }

    @Test
    void aSilentPeerThatHasProvedWhoItIsStays() {
      peers.granted(bound(HOME).authenticated().seeder("a").at(T0));

      assertEquals(FOREIGN, peers.apply(bound(HOME).leech("a").at(T0 + TRACK_MS)));
    }

    @Test
    void aFullTrackerLetsThePlaceChangeHands() {
      register();
      peers.budget.limit = 1;
      peers.budget.mostMemberships = 1;

      assertTrue(peers.granted(bound(ELSEWHERE).leech("b").at(T0 + SILENCE_MS)).registered());
      assertEquals(1, peers.budget.reserved);
      assertEquals(1, peers.budget.memberships);
    }

    /** What the one before had was another client's. */
    @Test
    void whoHasNoRoomForMoreMembershipsDoesNotGetThoseOfAnother() {
      peers.granted(bound(HOME).seeder("a", "b").at(T0));
      ShardSnapshot before = peers.shard().snapshot();

      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.CLIENT_LIMIT, null),
          peers.apply(bound(ELSEWHERE).seeder("a", "b").at(T0 + SILENCE_MS).within(1)));

      assertEquals(before, peers.shard().snapshot());
      assertEquals(2, peers.budget.memberships);
    }
  }

  @Nested
  class GivenSecrets {

    @Test
    void whoBringsTheSecretIsThePeerWhereverItIs() {
      register();

      assertTrue(find(origin(ELSEWHERE, claim(FIRST)), T0 + 1).seenElsewhere());
      assertTrue(observe(origin(ELSEWHERE, claim(FIRST)), T0 + 1));

      // From then on it is there, and where it was it is not.
      assertTrue(find(from(ELSEWHERE), T0 + 2).allowed());
      assertForeign(from(HOME), T0 + 2);
      assertTrue(report(origin(HOME, claim(FIRST)), T0 + 3).seenElsewhere());
      assertForeign(origin("203.0.113.1", claim(SECOND)), T0 + 3);
    }

    @Test
    void aConnectWithTheSecretMovesThePeerAsWell() {
      register();

      ConnectOutcome.Granted moved =
          peers.granted(
              connect("p").from(ELSEWHERE).claiming(claim(FIRST)).leave("a").leech("b").at(T0 + 1));

      assertFalse(moved.registered());
      assertFalse(moved.secretGiven());
      assertNull(moved.replaced());
      assertTrue(report(from(ELSEWHERE), T0 + 2).allowed());
      assertForeign(from(HOME), T0 + 2);
    }

    @Test
    void aPeerOfBothFamiliesIsInBothOnceItHasProvedIt() {
      register();
      assertTrue(observe(origin("2001:db8::7", claim(FIRST)), T0 + 1));

      assertTrue(find(from(HOME), T0 + 2).allowed());
      assertTrue(find(from("2001:db8::8"), T0 + 2).allowed());
    }

    @Test
    void aConnectOfAPeerThatIsRegisteredGivesNone() {
      register();

      ConnectOutcome.Granted later =
          peers.granted(
              connect("p").from(HOME).claiming(offering(SECOND)).leave("a").leech("b").at(T0 + 1));

      assertFalse(later.secretGiven());
      assertForeign(origin(ELSEWHERE, claim(SECOND)), T0 + 2);
      assertTrue(report(origin(ELSEWHERE, claim(FIRST)), T0 + 2).allowed());
    }

    /** The peer may go by the answer to the first or to the second, for both may still come. */
    @Test
    void aRepeatGivesAnotherAndBothHold() {
      PeerCommand.Connect first = register();

      ConnectOutcome.Granted repeat =
          peers.granted(repeated(first, origin(HOME, offering(SECOND)), T0 + 5));

      assertTrue(repeat.repeated());
      assertTrue(repeat.secretGiven());
      assertEquals(List.of(), peers.noted());
      assertEquals(T0 + 5, peers.lastSeenMs("p"));
      peers.failOver();
      assertTrue(find(origin(ELSEWHERE, claim(FIRST)), T0 + 6).allowed());
      assertTrue(find(origin(ELSEWHERE, claim(SECOND)), T0 + 6).allowed());

      peers.granted(repeated(first, origin(HOME, offering(THIRD)), T0 + 7));
      assertForeign(origin(ELSEWHERE, claim(FIRST)), T0 + 8);
      assertTrue(find(origin(ELSEWHERE, claim(SECOND)), T0 + 8).allowed());
      assertTrue(find(origin(ELSEWHERE, claim(THIRD)), T0 + 8).allowed());
    }

    /** The store may carry a command out twice. */
    @Test
    void theSameCommandTwiceGivesOneSecret() {
      PeerCommand.Connect first = register();
      peers.granted(repeated(first, origin(HOME, offering(SECOND)), T0 + 5));

      assertTrue(
          peers.granted(repeated(first, origin(HOME, offering(SECOND)), T0 + 5)).secretGiven());

      assertTrue(find(origin(ELSEWHERE, claim(FIRST)), T0 + 6).allowed());
    }

    @Test
    void aNewRegistrationForgetsTheSecretsOfTheOld() {
      register();

      peers.granted(bound(ELSEWHERE).leech("a").at(T0 + SILENCE_MS));

      assertForeign(origin("203.0.113.1", claim(FIRST)), T0 + SILENCE_MS + 1);
    }

    @Test
    void noneIsGivenToWhomItIsNoUse() {
      assertFalse(
          peers
              .granted(
                  connect("q")
                      .from(HOME)
                      .authenticated()
                      .claiming(offering(FIRST))
                      .leech("a")
                      .at(T0))
              .secretGiven());
      assertFalse(
          peers
              .granted(
                  connect("r").from(HOME).claiming(new Claim(0, null, FIRST)).leech("a").at(T0))
              .secretGiven());
    }
  }

  /** Somebody took the ID before its owner came, and left a victim's address behind. */
  @Nested
  class Owners {

    @Test
    void theOwnerTakesThePlaceOfWhoeverHasNotProvedAnything() {
      peers.granted(bound(HOME).seeder("a", "b").advertising(addresses(1)).at(T0));

      ConnectOutcome.Granted granted =
          peers.granted(bound(ELSEWHERE).authenticated().leech("b").at(T0 + 1));

      assertTrue(granted.registered());
      assertEquals(PeerAddresses.NONE, granted.addresses());
      assertEquals(Listing.NONE, granted.listing());
      assertEquals(Set.of(A, B), Set.copyOf(peers.noted().get(0).leaves()));
      assertEquals(Set.of(B), peers.swarms("p"));
      assertEquals(1, peers.budget.reserved);
      assertEquals(
          new Observed(IpAddress.parse(ELSEWHERE), null),
          peers.shard().snapshot().registrations().get(0).observed());
      assertForeign(from(HOME), T0 + 2);
      assertForeign(from(ELSEWHERE), T0 + 2);
    }

    @Test
    void theOwnerConnectsFirst() {
      register();

      assertForeign(owner(HOME), T0 + 1);

      assertTrue(peers.granted(bound(HOME).authenticated().leech("a").at(T0 + 2)).registered());
      assertTrue(find(owner(HOME), T0 + 3).allowed());
    }

    /** Neither what it did nor what its messages said is the owner's. */
    @Test
    void theSameMessageWithCredentialsIsNoRepeat() {
      PeerCommand.Connect first = register();

      ConnectOutcome.Granted granted = peers.granted(repeated(first, owner(HOME), T0 + 1));

      assertFalse(granted.repeated());
      assertTrue(granted.registered());
      assertFalse(granted.secretGiven());
    }

    @Test
    void aLastLeaveIsNotTakenForTheOwners() {
      register();
      PeerCommand.Connect leave = bound(HOME).leave("a").at(T0 + 1);
      peers.granted(leave);

      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.UNREGISTERED, null),
          peers.apply(repeated(leave, owner(HOME), T0 + 2)));
      assertTrue(peers.granted(repeated(leave, from(HOME), T0 + 3)).repeated());
    }

    @Test
    void theOwnerComesInWhereRegistrationsAreOpenToo() {
      peers.granted(connect("p").from(HOME).seeder("a").at(T0));

      assertTrue(peers.granted(connect("p").authenticated().leech("b").at(T0 + 1)).registered());
      assertEquals(Set.of(B), peers.swarms("p"));
    }
  }
}
