package io.ppstp.tracker.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.membership.SwarmAccess.AccessRefusal;
import io.ppstp.tracker.protocol.ErrorCode;
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
    assertNull(access.objectionTo(OTHER, ANYBODY));
    assertTrue(access.isOpenTo(ANYBODY));
    assertFalse(access.isOpenTo(bearer("*")));
    allowed = channels(Map.of(NEWS, List.of("news")));
    assertNull(access.objectionTo(NEWS, ANYBODY));
    assertFalse(access.isOpenTo(ANYBODY));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(OTHER, ANYBODY));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(OTHER, bearer("*")));
    allowed =
        AllowedSwarms.ofHashes(TorrentIds::webTorrent, List.of(OTHER.toUpperCase(Locale.ROOT)));
    assertNull(access.objectionTo(OTHER, ANYBODY));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(NEWS, ANYBODY));
  }

  @Test
  void aTokenCoversSwarmsByIdOrByTheNameOfTheirChannelWhateverPeersItIsFor() {
    assertNull(access.objectionTo(OTHER, bearer("sports", "wt:6f746865*")));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(NEWS, bearer("news", "sports")));
    allowed = channels(Map.of(NEWS, List.of("news"), OTHER, List.of()));
    assertNull(access.objectionTo(NEWS, bearer("news")));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(NEWS, bearer("sports")));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(OTHER, bearer("news")));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(OTHER, bearer()));
  }

  @Test
  void aTokenThatRunsOutCoversNothingAnyMore() {
    AuthState token = bearer("*");
    clock.advance(59_999);
    assertNull(access.objectionTo(OTHER, token));
    clock.advance(1);
    assertEquals(AccessRefusal.EXPIRED, access.objectionTo(OTHER, token));
  }

  @Test
  void swarmsCanBeClosedByTheNameOfTheirChannelToo() {
    AuthState visitor = new Visitor(new Permissions(List.of("new*")));
    assertNull(access.objectionTo(NEWS, visitor));
    allowed = channels(Map.of(NEWS, List.of("news"), OTHER, List.of()));
    assertEquals(AccessRefusal.NO_CREDENTIALS, access.objectionTo(NEWS, visitor));
    assertNull(access.objectionTo(OTHER, visitor));
    assertEquals(
        AccessRefusal.DENIED,
        access.objectionTo(OTHER, new AuthState.Denied(ErrorCode.AUTHENTICATION_REQUIRED)));
  }
}
