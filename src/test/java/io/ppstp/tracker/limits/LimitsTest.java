package io.ppstp.tracker.limits;

import static io.ppstp.tracker.limits.IpPrefixTest.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.limits.ConnectionCounts.ConnectionHold;
import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.limits.Lockouts.CredentialTrial;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.testing.LiveHeap;
import io.ppstp.tracker.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** What a client may have, and what it costs to keep account of a million of them. */
class LimitsTest {
  private static final Client NEAR = new Client(ip("127.0.0.1"), false);
  private static final Client ONE = new Client(ip("192.0.2.1"), false);
  private static final Client OTHER = new Client(ip("192.0.2.2"), false);
  private static final Duration TRACK = Duration.ofMinutes(3);

  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 1000);

  private Limits limits(int ipv4Bits) {
    LimitRules rules =
        new LimitRules(
            CidrList.parse(List.of("127.0.0.0/8", "::1")),
            ipv4Bits,
            new LimitRules.Connections(5, 2, Duration.ofSeconds(1), Duration.ofHours(1)),
            new Rate(10, 20),
            new Rate(5, 5),
            new Rate(2, 4),
            3,
            new LimitRules.LockOut(3, Duration.ofMinutes(1), Duration.ofMinutes(5)),
            LimitRules.Ipv6.SLASH_64);
    return new Limits(rules, nowNs::get, 7, TRACK, 1_000_000);
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }

  @Test
  void requestsOfOneClientAreBoundedAndTheWaitIsTold() {
    Limits limits = limits(32);
    for (int i = 0; i < 20; i++) {
      assertEquals(Duration.ZERO, limits.request(ONE));
      assertEquals(Duration.ZERO, limits.request(NEAR));
    }
    assertEquals(Duration.ofMillis(100), limits.request(ONE));
    assertEquals(Duration.ZERO, limits.request(OTHER));
    assertEquals(Duration.ZERO, limits.request(NEAR), "exempt");
    assertEquals(1, limits.hits(Limit.REQUESTS));
    assertEquals(2, limits.occupancy().requests());

    pass(Duration.ofMillis(100));
    assertEquals(Duration.ZERO, limits.request(ONE));
    assertFalse(limits.request(ONE).isZero());
    pass(Duration.ofSeconds(10));
    assertEquals(0, limits.occupancy().requests());
  }

  @Test
  void nobodyIsExemptThroughAProxy() {
    Limits limits = limits(32);
    Client forged = new Client(NEAR.ip(), true);
    for (int i = 0; i < 20; i++) {
      limits.request(forged);
    }
    assertFalse(limits.request(forged).isZero());
    assertTrue(limits.request(NEAR).isZero());
  }

  @Test
  void aClientIsAPrefix() {
    Limits limits = limits(24);
    for (int i = 0; i < 20; i++) {
      limits.request(ONE);
      limits.request(new Client(ip("2001:db8::" + i), false));
    }
    assertFalse(limits.request(OTHER).isZero());
    assertFalse(limits.request(new Client(ip("2001:db8::ffff:1:2:3"), false)).isZero());
    assertTrue(limits.request(new Client(ip("2001:db8:0:1::"), false)).isZero());
  }

  private Limits networks() {
    LimitRules plain = limits(32).rules();
    LimitRules rules =
        new LimitRules(
            plain.exempt(),
            plain.ipv4Bits(),
            plain.connections(),
            plain.requests(),
            plain.identityRequests(),
            plain.registrations(),
            plain.peersPerAddress(),
            plain.lockOut(),
            new LimitRules.Ipv6(56, 48, 3));
    return new Limits(rules, nowNs::get, 7, TRACK, 1_000_000);
  }

  /** An address in the /56 of this number, of which 2001:db8:0::/48 has 256. */
  private static Client v6(int number) {
    return new Client(ip("2001:db8:0:%x::1".formatted(number << 8)), false);
  }

  private static final Client ELSEWHERE = new Client(ip("2001:db8:1::1"), false);

  @Test
  void aNetworkOfManyClientsHasABoundToo() {
    Limits limits = networks();
    for (int i = 0; i < 60; i++) {
      assertTrue(limits.request(v6(i)).isZero());
    }
    assertFalse(limits.request(v6(60)).isZero(), "three times twenty");
    assertEquals(1, limits.hits(Limit.REQUESTS));
    assertTrue(limits.request(ELSEWHERE).isZero());
    pass(Duration.ofMillis(34));
    assertTrue(limits.request(v6(60)).isZero(), "three times ten a second");

    for (int i = 0; i < 20; i++) {
      limits.request(ELSEWHERE);
    }
    assertFalse(limits.request(ELSEWHERE).isZero(), "one client has its own bound");
    for (int i = 0; i < 100; i++) {
      assertTrue(limits.request(new Client(ip("2001:db8:1:100::1"), false)).isZero() || i >= 20);
    }
    assertTrue(
        limits.request(new Client(ip("2001:db8:1:200::1"), false)).isZero(),
        "what one client was refused did not count for its network");
  }

  @Test
  void aNetworkHasABoundOnConnections() {
    Limits limits = networks();
    List<ConnectionHold> held = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      held.add(Objects.requireNonNull(limits.tryConnect(v6(i))));
    }
    assertNull(limits.tryConnect(v6(6)));
    assertNotNull(limits.tryConnect(ELSEWHERE));
    held.get(0).release();
    held.get(0).release();
    assertNotNull(limits.tryConnect(v6(6)));
    assertNull(limits.tryConnect(v6(7)), "released once");
  }

  @Test
  void aNetworkHasABoundOnPeers() {
    Limits limits = networks();
    for (int i = 0; i < 9; i++) {
      granted(limits, "p" + i, v6(i));
    }
    assertNull(limits.tryRegister("p9", v6(9)));
    assertEquals(1, limits.hits(Limit.PEERS_PER_ADDRESS));
    granted(limits, "p3", v6(3)).known();
    granted(limits, "q", ELSEWHERE);
    limits.left("p3");
    granted(limits, "p9", v6(9)).refused();
    granted(limits, "p10", v6(10));
    assertNull(limits.tryRegister("p11", v6(11)));
    assertEquals(10, limits.occupancy().peers());
    for (int i = 0; i < 100; i++) {
      assertNull(limits.tryRegister("p" + (100 + i), v6(i + 20)));
    }
    assertEquals(102, limits.hits(Limit.PEERS_PER_ADDRESS), "nothing of it was kept");
  }

  @Test
  void aNetworkIsLockedOutForGuessesFromAllOverIt() {
    Lockouts lockouts = networks().lockouts();
    lockouts.trial(v6(200), "alice").proved();
    for (int i = 0; i < 8; i++) {
      assertFalse(failed(lockouts, v6(i)));
    }
    assertTrue(failed(lockouts, v6(8)), "the ninth");
    assertEquals(Duration.ofMinutes(5), lockouts.remaining(v6(99)));
    assertEquals(Duration.ZERO, lockouts.remaining(ELSEWHERE));
    for (int i = 0; i < 9; i++) {
      assertTrue(lockouts.trial(v6(10 + i), "guessed").remaining().isZero());
    }
    assertFalse(lockouts.trial(v6(40), "guessed").remaining().isZero(), "no more from anywhere");
    assertTrue(lockouts.trial(v6(200), "alice").remaining().isZero(), "who is known passes");
  }

  @Test
  void identitiesHaveTheirOwnBound() {
    Limits limits = limits(32);
    for (int i = 0; i < 5; i++) {
      assertTrue(limits.identityRequest("digest alice").isZero());
    }
    assertEquals(Duration.ofMillis(200), limits.identityRequest("digest alice"));
    assertTrue(limits.identityRequest("digest bob").isZero());
  }

  @Test
  void failuresLockOutForAWhileAndAreToldOnce() {
    Lockouts lockouts = limits(32).lockouts();
    assertFalse(failed(lockouts, ONE));
    assertFalse(failed(lockouts, ONE));
    assertEquals(Duration.ZERO, lockouts.remaining(ONE));
    assertTrue(failed(lockouts, ONE), "the third");
    assertFalse(failed(lockouts, ONE), "known already");
    assertEquals(Duration.ofMinutes(5), lockouts.remaining(ONE));
    assertEquals(Duration.ZERO, lockouts.remaining(OTHER), "nobody is locked out from elsewhere");
    assertEquals(1, lockouts.count());

    pass(Duration.ofMinutes(5));
    assertEquals(Duration.ZERO, lockouts.remaining(ONE));
    assertFalse(failed(lockouts, ONE), "starts anew");
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(30));
      assertFalse(failed(lockouts, OTHER), "now and then is no attack");
      assertFalse(failed(lockouts, NEAR));
      assertFalse(failed(lockouts, NEAR));
    }
    assertFalse(failed(Lockouts.NONE, ONE));
  }

  private static boolean failed(Lockouts lockouts, Client client) {
    return lockouts.trial(client, "guessed").failed();
  }

  private static void lockOut(Limits limits, Client client) {
    for (int i = 0; i < 3; i++) {
      failed(limits.lockouts(), client);
    }
    assertFalse(limits.lockouts().remaining(client).isZero());
  }

  @Test
  void aLockedOutClientIsToldForHowLong() {
    Limits limits = limits(32);
    lockOut(limits, ONE);
    pass(Duration.ofMinutes(1));
    for (int i = 0; i < 3; i++) {
      assertFalse(failed(limits.lockouts(), ONE), "three more are looked at");
    }
    assertEquals(Duration.ofMinutes(4), limits.lockouts().trial(ONE, "guessed").remaining());
    assertEquals(1, limits.hits(Limit.LOCK_OUT));
    assertEquals(Duration.ZERO, limits.lockouts().trial(OTHER, "guessed").remaining());
    assertEquals(Duration.ZERO, limits.request(ONE), "without credentials it may ask");
  }

  @Test
  void goodCredentialsPassWhileTheirAddressIsLockedOut() {
    Limits limits = limits(32);
    Lockouts lockouts = limits.lockouts();
    lockouts.trial(ONE, "alice").proved();
    lockOut(limits, ONE);

    for (int i = 0; i < 100; i++) {
      CredentialTrial newcomer = lockouts.trial(ONE, "newcomer " + i);
      assertTrue(newcomer.remaining().isZero(), "what is good costs nothing");
      newcomer.proved();
      CredentialTrial expired = lockouts.trial(ONE, "late " + i);
      assertTrue(expired.remaining().isZero(), "nor does what is no guess");
      expired.undecided();
    }
    for (int i = 0; i < 3; i++) {
      assertTrue(lockouts.trial(ONE, "spray " + i).remaining().isZero());
    }
    assertFalse(lockouts.trial(ONE, "spray 3").remaining().isZero(), "by whatever name");
    for (int i = 0; i < 10; i++) {
      CredentialTrial known = lockouts.trial(ONE, "alice");
      assertTrue(known.remaining().isZero(), "on a budget of its own");
      known.proved();
    }
    for (int i = 0; i < 3; i++) {
      assertFalse(lockouts.trial(ONE, "alice").failed());
    }
    assertFalse(lockouts.trial(ONE, "alice").remaining().isZero(), "a guess at it is bounded too");
    assertTrue(lockouts.trial(ONE, "newcomer 7").remaining().isZero(), "and harms nobody else");

    pass(Duration.ofMinutes(4));
    assertTrue(lockouts.trial(ONE, "alice").remaining().isZero(), "budgets refill");
  }

  @Test
  void connectionsAreBoundedInAllAndPerClient() {
    Limits limits = limits(32);
    List<ConnectionHold> held = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      held.add(Objects.requireNonNull(limits.tryConnect()));
    }
    assertNull(limits.tryConnect());
    held.get(0).release();
    held.get(0).release();
    assertNotNull(limits.tryConnect());
    assertNull(limits.tryConnect(), "released once");

    ConnectionHold first = Objects.requireNonNull(limits.tryConnect(ONE));
    assertNotNull(limits.tryConnect(ONE));
    assertNull(limits.tryConnect(ONE));
    assertNotNull(limits.tryConnect(OTHER));
    for (int i = 0; i < 100; i++) {
      assertNotNull(limits.tryConnect(NEAR));
    }
    first.release();
    assertNotNull(limits.tryConnect(ONE));
    assertEquals(1, limits.hits(Limit.CONNECTIONS_PER_ADDRESS));
  }

  private static RegistrationPermit granted(Limits limits, String peer, Client client) {
    return Objects.requireNonNull(limits.tryRegister(peer, client), peer);
  }

  @Test
  void registrationsOfOneClientAreBoundedInRateAndInNumber() {
    Limits limits = limits(32);
    granted(limits, "a", ONE);
    granted(limits, "b", ONE);
    granted(limits, "c", ONE);
    assertNull(limits.tryRegister("d", ONE), "three peers and no more");
    assertEquals(1, limits.hits(Limit.PEERS_PER_ADDRESS));
    granted(limits, "a", ONE).known();
    granted(limits, "d", OTHER);

    limits.left("b");
    granted(limits, "d2", ONE);
    assertEquals(4, limits.occupancy().peers());
    limits.left("c");
    assertNull(limits.tryRegister("e", ONE), "four at once, two a second");
    assertEquals(1, limits.hits(Limit.REGISTRATIONS));
    pass(Duration.ofMillis(500));
    granted(limits, "e", ONE);
    assertEquals(2, limits.occupancy().peerClients());
  }

  @Test
  void whatCameToNothingCostsNothing() {
    Limits limits = limits(32);
    for (int i = 0; i < 100; i++) {
      granted(limits, "refused " + i, ONE).refused();
      granted(limits, "exempt " + i, NEAR);
    }
    for (int i = 0; i < 50; i++) {
      granted(limits, "known", ONE).known();
    }
    assertEquals(1, limits.occupancy().peers());
    granted(limits, "known", ONE).ended();
    assertEquals(0, limits.occupancy().peers());
    assertEquals(0, limits.occupancy().peerClients());
  }

  @Test
  void aPeerThatIsRegisteredByAnotherCountsAsItsOwn() {
    Limits limits = limits(32);
    granted(limits, "a", ONE);
    granted(limits, "b", ONE);
    granted(limits, "c", ONE);
    granted(limits, "c", OTHER);

    limits.replaced("c", OTHER, 1);

    assertEquals(3, limits.occupancy().peers());
    assertEquals(2, limits.occupancy().peerClients());
    granted(limits, "d", ONE);
    limits.replaced("d", NEAR, 1);
    assertEquals(3, limits.occupancy().peers(), "who is exempt has none");
  }

  @Test
  void silentPeersCountNoMore() {
    Limits limits = limits(32);
    granted(limits, "a", ONE);
    granted(limits, "b", ONE);
    granted(limits, "c", ONE);
    for (int i = 0; i < 10; i++) {
      pass(TRACK.minusSeconds(1));
      limits.heard("a", ONE);
      limits.heard("b", ONE);
    }
    granted(limits, "d", ONE);
    assertNull(limits.tryRegister("e", ONE), "a and b are still there");
    pass(TRACK.multipliedBy(2));
    granted(limits, "e", ONE);
    assertEquals(1, limits.occupancy().peers());
  }

  @Test
  void otherRulesHoldAtOnce() {
    Limits limits = limits(32);
    for (int i = 0; i < 20; i++) {
      limits.request(ONE);
    }
    assertFalse(limits.request(ONE).isZero());
    limits.replace(LimitRules.NONE);
    for (int i = 0; i < 1000; i++) {
      assertTrue(limits.request(ONE).isZero());
      assertNotNull(limits.tryConnect());
      granted(limits, "p" + i, ONE);
      assertFalse(failed(limits.lockouts(), ONE));
    }
  }

  @Test
  void aMillionSpoofedPrefixesTakeNoMemoryAndCoverNobody() throws JMException {
    SplittableRandom random = Seeds.random();
    Limits limits = limits(32);
    byte[] address = new byte[16];
    for (int i = 0; i < 20; i++) {
      assertTrue(limits.request(ONE).isZero());
    }
    lockOut(limits, ONE);
    spoof(limits, random, address, 10_000);
    long before = LiveHeap.now().bytes();
    long startNs = System.nanoTime();
    spoof(limits, random, address, 1_000_000);
    long tookNs = System.nanoTime() - startNs;
    long grownBytes = LiveHeap.now().bytes() - before;

    System.out.printf(
        "LimitsTest: a million spoofed prefixes: %+d bytes retained, %d ns each, %s%n",
        grownBytes, tookNs / 1_000_000, limits.occupancy());
    assertTrue(grownBytes < 1_000_000, () -> "grown by " + grownBytes);
    assertFalse(limits.lockouts().remaining(ONE).isZero(), "still locked out");
    limits.replace(withoutLockOut(limits.rules()));
    assertFalse(limits.request(ONE).isZero(), "still over its rate");
  }

  private static LimitRules withoutLockOut(LimitRules rules) {
    return new LimitRules(
        rules.exempt(),
        rules.ipv4Bits(),
        rules.connections(),
        rules.requests(),
        rules.identityRequests(),
        rules.registrations(),
        rules.peersPerAddress(),
        LimitRules.NONE.lockOut(),
        LimitRules.Ipv6.SLASH_64);
  }

  /** Each prefix asks, fails to authenticate, and tries to register a peer, which is refused. */
  private static void spoof(Limits limits, SplittableRandom random, byte[] address, int count) {
    for (int i = 0; i < count; i++) {
      random.nextBytes(address);
      address[0] = 0x20;
      Client client = new Client(IpAddress.ofBytes(address), false);
      limits.request(client);
      failed(limits.lockouts(), client);
      RegistrationPermit permit = limits.tryRegister("spoof", client);
      if (permit != null) {
        permit.refused();
      }
    }
  }
}
