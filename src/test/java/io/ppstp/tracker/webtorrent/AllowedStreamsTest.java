package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.membership.SwarmAccess.AccessRefusal;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Authenticated;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import io.ppstp.tracker.webtorrent.protocol.MediaStream;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What an operator writes, by hash or by name, is what browsers may use. */
class AllowedStreamsTest {
  private static final String NEWS = "news main BANDWIDTH=800000";
  private static final String HASH = Bytes20.hex(MediaStream.parse(NEWS).infoHash());
  private static final String OTHER = "0123456789abcdef0123456789abcdef01234567";

  private static SwarmAccess access(String... written) {
    return new SwarmAccess(() -> AllowedStreams.of(List.of(written)), new FakeClock(0));
  }

  private static AuthState holderOf(String swarms) {
    Permissions covered = new Permissions(List.of(swarms));
    return new Authenticated(new Identity("alice", "bearer", covered, covered));
  }

  @Test
  void streamsByNameAndHashesInAnyCaseAreSwarms() {
    SwarmAccess both = access(NEWS, OTHER.toUpperCase(Locale.ROOT));
    assertNull(both.objectionTo(HASH, by(AuthState.Anonymous.INSTANCE)));
    assertNull(both.objectionTo(OTHER, by(AuthState.Anonymous.INSTANCE)));
    assertEquals(
        AccessRefusal.NOT_ALLOWED,
        access(OTHER).objectionTo(HASH, by(AuthState.Anonymous.INSTANCE)));
  }

  @Test
  void aSwarmHasTheNameOfItsChannelAlsoBesideItsHash() {
    for (SwarmAccess access : List.of(access(NEWS, HASH), access(HASH, NEWS, NEWS))) {
      assertNull(access.objectionTo(HASH, by(holderOf("news"))));
      assertNull(access.objectionTo(HASH, by(holderOf("wt:" + HASH))));
      assertEquals(AccessRefusal.NOT_COVERED, access.objectionTo(HASH, by(holderOf("sports"))));
    }
    assertEquals(AccessRefusal.NOT_COVERED, access(HASH).objectionTo(HASH, by(holderOf("news"))));
  }

  private static Requester by(AuthState sender) {
    return new Requester(IpAddress.ofBytes(new byte[] {(byte) 192, 0, 2, 1}), 1, sender);
  }
}
