package io.ppstp.tracker.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.membership.SwarmAccess.AccessRefusal;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.rules.Rule;
import io.ppstp.tracker.rules.Rule.Kind;
import io.ppstp.tracker.rules.RuleSet;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Authenticated;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.AuthState.Visitor;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.testing.FakeClock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may be in which swarm: by what the operator allows, and by what credentials cover. */
class SwarmAccessTest {
  private static final String NEWS = "6e657773".repeat(5);
  private static final String OTHER = "6f746865".repeat(5);
  private static final AuthState ANYBODY = AuthState.Anonymous.INSTANCE;

  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private AllowedSwarms allowed = AllowedSwarms.ofHashes(TorrentIds::webTorrent, List.of());
  private final SwarmAccess access = new SwarmAccess(() -> allowed, clock);

  private AuthState bearer(String... swarms) {
    return new Authenticated(
        new Identity(
            "alice",
            "bearer",
            new Permissions(List.of("alice")),
            new Permissions(List.of(swarms)),
            clock.millis() + 60_000));
  }

  private static AllowedSwarms channels(Map<String, List<String>> byHash) {
    return new AllowedSwarms(TorrentIds::webTorrent, byHash);
  }

  @Test
  void withoutAListAllMayBeUsedAndWithOneWhatIsOnItAndOnlyThat() {
    assertNull(access.objectionTo(OTHER, by(ANYBODY)));
    assertTrue(access.isOpenTo(by(ANYBODY)));
    assertFalse(access.isOpenTo(by(bearer("*"))));
    allowed = channels(Map.of(NEWS, List.of("news")));
    assertNull(access.objectionTo(NEWS, by(ANYBODY)));
    assertFalse(access.isOpenTo(by(ANYBODY)));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(OTHER, by(ANYBODY)));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(OTHER, by(bearer("*"))));
    allowed =
        AllowedSwarms.ofHashes(TorrentIds::webTorrent, List.of(OTHER.toUpperCase(Locale.ROOT)));
    assertNull(access.objectionTo(OTHER, by(ANYBODY)));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(NEWS, by(ANYBODY)));
  }

  @Test
  void aTokenCoversSwarmsByIdOrByTheNameOfTheirChannelWhateverPeersItIsFor() {
    assertNull(access.objectionTo(OTHER, by(bearer("sports", "wt:6f746865*"))));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(NEWS, by(bearer("news", "sports"))));
    allowed = channels(Map.of(NEWS, List.of("news"), OTHER, List.of()));
    assertNull(access.objectionTo(NEWS, by(bearer("news"))));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(NEWS, by(bearer("sports"))));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(OTHER, by(bearer("news"))));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(OTHER, by(bearer())));
  }

  @Test
  void aTokenThatRunsOutCoversNothingAnyMore() {
    AuthState token = bearer("*");
    clock.advance(59_999);
    assertNull(access.objectionTo(OTHER, by(token)));
    clock.advance(1);
    assertEquals(AccessRefusal.EXPIRED, access.objectionTo(OTHER, by(token)));
  }

  @Test
  void swarmsCanBeClosedByTheNameOfTheirChannelToo() {
    AuthState visitor = new Visitor(new Permissions(List.of("new*")));
    assertNull(access.objectionTo(NEWS, by(visitor)));
    allowed = channels(Map.of(NEWS, List.of("news"), OTHER, List.of()));
    assertEquals(AccessRefusal.NO_CREDENTIALS, access.objectionTo(NEWS, by(visitor)));
    assertNull(access.objectionTo(OTHER, by(visitor)));
    assertEquals(
        AccessRefusal.DENIED,
        access.objectionTo(OTHER, by(new AuthState.Denied(ErrorCode.AUTHENTICATION_REQUIRED))));
  }

  @Test
  void operatorsCloseSwarmsByAnyOfTheirNamesAndRefuseNetworks() {
    allowed = channels(Map.of(NEWS, List.of("news"), OTHER, List.of()));
    for (String name : List.of("news", "ne*", "wt:" + NEWS)) {
      SwarmAccess closing = new SwarmAccess(() -> allowed, () -> rule(Kind.CLOSE, name), clock);
      assertEquals(AccessRefusal.CLOSED, closing.objectionTo(NEWS, by(bearer("*"))), name);
      assertNull(closing.objectionTo(OTHER, by(ANYBODY)), name);
    }
    allowed = AllowedSwarms.ofHashes(TorrentIds::webTorrent, List.of());
    SwarmAccess refusing =
        new SwarmAccess(() -> allowed, () -> rule(Kind.REFUSE, "192.0.2.0/24"), clock);
    assertFalse(refusing.isOpenTo(by(ANYBODY)));
    assertEquals(AccessRefusal.REFUSED, refusing.objectionTo(OTHER, by(ANYBODY)));
  }

  private static RuleSet rule(Kind kind, String what) {
    return RuleSet.of(List.of(new Rule("1", kind, what, "alice", "why", 0, 1)));
  }

  private static Requester by(AuthState sender) {
    return new Requester(IpAddress.ofBytes(new byte[] {(byte) 192, 0, 2, 1}), 1, sender);
  }
}
