package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Authenticated;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.AuthState.Visitor;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.webtorrent.SwarmAccess.AccessRefusal;
import io.ppstp.tracker.webtorrent.protocol.MediaStream;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Who may be in which swarm: by what the operator allows, and by what credentials cover. */
class SwarmAccessTest {
  private static final String NEWS = "news main BANDWIDTH=800000";
  private static final String NEWS_HASH = MediaStream.parse(NEWS).infoHash();
  private static final String OTHER = Browser.twenty("other");
  private static final String OTHER_HEX = "6f746865722e2e2e2e2e2e2e2e2e2e2e2e2e2e2e";
  private static final AuthState ANYBODY = AuthState.Anonymous.INSTANCE;

  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private AllowedSwarms allowed = AllowedSwarms.ALL;
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

  @Test
  void withoutAListAllMayBeUsedAndWithOneWhatIsOnItAndOnlyThat() {
    assertNull(access.objectionTo(OTHER, ANYBODY));
    allowed = AllowedSwarms.of(List.of(NEWS));
    assertNull(access.objectionTo(NEWS_HASH, ANYBODY));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(OTHER, ANYBODY));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(OTHER, bearer("*")));
    allowed = AllowedSwarms.of(List.of(OTHER_HEX.toUpperCase(Locale.ROOT)));
    assertNull(access.objectionTo(OTHER, ANYBODY));
    assertEquals(AccessRefusal.NOT_ALLOWED, access.objectionTo(NEWS_HASH, ANYBODY));
  }

  @Test
  void aTokenCoversSwarmsByIdOrByTheNameOfTheirChannelWhateverPeersItIsFor() {
    assertNull(access.objectionTo(OTHER, bearer("sports", "wt:6f74686572*")));
    assertEquals(
        AccessRefusal.NOT_COVERED, access.objectionTo(NEWS_HASH, bearer("news", "sports")));
    allowed = AllowedSwarms.of(List.of(NEWS, OTHER_HEX));
    assertNull(access.objectionTo(NEWS_HASH, bearer("news")));
    assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(NEWS_HASH, bearer("sports")));
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
    assertNull(access.objectionTo(NEWS_HASH, visitor));
    allowed = AllowedSwarms.of(List.of(NEWS, OTHER_HEX));
    assertEquals(AccessRefusal.NO_CREDENTIALS, access.objectionTo(NEWS_HASH, visitor));
    assertNull(access.objectionTo(OTHER, visitor));
    assertEquals(
        AccessRefusal.NO_CREDENTIALS,
        access.objectionTo(OTHER, new AuthState.Denied(ErrorCode.AUTHENTICATION_REQUIRED)));
  }
}
