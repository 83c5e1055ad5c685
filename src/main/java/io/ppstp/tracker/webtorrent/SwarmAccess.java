package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says who may be in which swarm: it must be one that the operator allows, and one that the
 * sender's credentials cover, for as long as these are good. Thread-safe.
 *
 * <p>It is asked with every message, for a socket may outlast both. A token covers a swarm by the
 * ID that the swarm has in the store ({@code wt:} and 40 digits), or by the name of a channel that
 * the swarm is allowed as. Peer IDs are not looked at: what a page calls itself is drawn anew each
 * time, and by what the store knows it is this node's to say.
 */
public final class SwarmAccess {
  private final Supplier<AllowedSwarms> allowed;
  private final InstantSource wallClock;

  /**
   * Makes it of what may change while the tracker runs.
   *
   * @param wallClock the true time of day, which credentials are dated by
   */
  public SwarmAccess(Supplier<AllowedSwarms> allowed, InstantSource wallClock) {
    this.allowed = allowed;
    this.wallClock = wallClock;
  }

  /** Why a swarm may not be used, in words for who has asked. */
  enum AccessRefusal {
    NOT_ALLOWED("this tracker does not serve this swarm"),
    NO_CREDENTIALS("this swarm needs credentials"),
    NOT_COVERED("the credentials do not cover this swarm"),
    EXPIRED("the credentials have expired");

    private final String text;

    AccessRefusal(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** Returns why {@code sender} may not use the swarm {@code infoHash}, or null if it may. */
  @Nullable AccessRefusal objectionTo(String infoHash, AuthState sender) {
    AllowedSwarms now = allowed.get();
    if (now.isAll() && sender == AuthState.Anonymous.INSTANCE) {
      return null;
    }
    String hash = Bytes20.hex(infoHash);
    if (!now.include(hash)) {
      return AccessRefusal.NOT_ALLOWED;
    }
    if (sender.untilMs() <= wallClock.millis()) {
      return AccessRefusal.EXPIRED;
    }
    if (sender.permitsSwarm(now.namesOf(hash))) {
      return null;
    }
    return sender.isAuthenticated() ? AccessRefusal.NOT_COVERED : AccessRefusal.NO_CREDENTIALS;
  }
}
