package io.ppstp.tracker.membership;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.rules.RuleSet;
import io.ppstp.tracker.security.AuthState;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says who may be in which swarm: it must be one that the operator allows, and one that the
 * sender's credentials cover, for as long as these are good. Thread-safe.
 *
 * <p>It is asked with every message, for a socket may outlast both. A token covers a swarm by the
 * ID that the swarm has in the store ({@code wt:} or {@code bt:} and 40 digits), or by the name of
 * a channel that the swarm is allowed as. Peer IDs are not looked at: what a client calls itself is
 * drawn anew each time, and by what the store knows it is this node's to say.
 */
public final class SwarmAccess {
  private final Supplier<AllowedSwarms> allowed;
  private final Supplier<RuleSet> rules;
  private final InstantSource wallClock;

  /** Makes it where operators have no rules. */
  public SwarmAccess(Supplier<AllowedSwarms> allowed, InstantSource wallClock) {
    this(allowed, () -> RuleSet.NONE, wallClock);
  }

  /**
   * Makes it of what may change while the tracker runs.
   *
   * @param rules of operators
   * @param wallClock the true time of day, which credentials are dated by
   */
  public SwarmAccess(
      Supplier<AllowedSwarms> allowed, Supplier<RuleSet> rules, InstantSource wallClock) {
    this.allowed = allowed;
    this.rules = rules;
    this.wallClock = wallClock;
  }

  /** Why a swarm may not be used, in words for who has asked. */
  public enum AccessRefusal {
    /** The operator refuses all who come from there. */
    REFUSED("this tracker does not serve your network"),
    /** The operator has closed it. */
    CLOSED("this swarm is closed"),
    /** The operator does not list it. */
    NOT_ALLOWED("this tracker does not serve this swarm"),
    /** It is not for everybody. */
    NO_CREDENTIALS("this swarm needs credentials"),
    /** Without good ones nobody is answered, whatever the swarm. */
    DENIED("the credentials are missing or not good"),
    /** They are good for other swarms. */
    NOT_COVERED("the credentials do not cover this swarm"),
    /** They were good. */
    EXPIRED("the credentials have expired");

    private final String text;

    AccessRefusal(String text) {
      this.text = text;
    }

    /** Returns the words. */
    public String text() {
      return text;
    }
  }

  /** Returns whether {@code sender} may use whatever swarm it names. */
  public boolean isOpenTo(Requester sender) {
    return sender.authState() == AuthState.Anonymous.INSTANCE
        && allowed.get().isAll()
        && rules.get() == RuleSet.NONE;
  }

  /**
   * Returns why {@code requester} may not use a swarm, or null if it may.
   *
   * @param hash of the swarm, in hexadecimal, in lower case
   */
  public @Nullable AccessRefusal objectionTo(String hash, Requester requester) {
    AllowedSwarms now = allowed.get();
    AuthState sender = requester.authState();
    if (rules.get().refuses(requester.ip())) {
      return AccessRefusal.REFUSED;
    }
    if (!now.include(hash)) {
      return AccessRefusal.NOT_ALLOWED;
    }
    List<String> names = now.namesOf(hash);
    if (names.stream().anyMatch(rules.get()::closes)) {
      return AccessRefusal.CLOSED;
    }
    if (sender.untilMs() <= wallClock.millis()) {
      return AccessRefusal.EXPIRED;
    }
    if (sender.permitsSwarm(names)) {
      return null;
    }
    if (sender instanceof AuthState.Denied) {
      return AccessRefusal.DENIED;
    }
    return sender.isAuthenticated() ? AccessRefusal.NOT_COVERED : AccessRefusal.NO_CREDENTIALS;
  }
}
