package io.ppstp.tracker.security;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthState.Identity;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One way for a peer to prove who it is. Thread-safe. */
public interface Scheme {

  /** Returns the scheme's name for logs, in lower case. */
  String name();

  /** Returns whether {@code attempt} brings credentials for this scheme. */
  boolean claims(AuthAttempt attempt);

  /**
   * Judges an attempt that this scheme claims. Never fails for what a client sent; never blocks.
   *
   * @return completes on the caller's Vert.x context; fails only if the tracker cannot tell, which
   *     is answered with 05
   */
  Future<Verdict> judge(AuthAttempt attempt);

  /**
   * Returns whom the credentials of {@code attempt}, which this scheme claims, say they are of:
   * anything that is the same in all requests of one account and is not proved. Cheap; null if
   * credentials of this scheme cannot be guessed.
   */
  default @Nullable String account(AuthAttempt attempt) {
    return attempt.authorization();
  }

  /**
   * Returns why a request must not be answered by whatever way it comes in, or null. Never blocks.
   */
  default @Nullable Verdict objectionTo(AuthAttempt attempt) {
    return null;
  }

  /** Returns what this scheme has read from files, and can read again. */
  default List<Reloadable> reloadables() {
    return List.of();
  }

  /**
   * Returns the values of {@code WWW-Authenticate} for a request that brought nothing: at least one
   * (RFC 9110, Section 11.6.1).
   */
  List<String> challenges();

  /**
   * The authenticator's word on a request: the sender's authState, and the HTTP fields that go with
   * the answer. Immutable.
   *
   * @param challenges values of {@code WWW-Authenticate}, for an answer that refuses
   * @param outdated whether the credentials cannot have been a guess: they are too old or too new,
   *     of a key that is not known here, or were used before
   * @param receipt makes the value of {@code Authentication-Info}; null if the scheme has none
   */
  record Verdict(
      AuthState authState, List<String> challenges, boolean outdated, @Nullable Receipt receipt) {
    /** Nobody in particular, where that is enough. */
    public static final Verdict ANONYMOUS =
        new Verdict(AuthState.Anonymous.INSTANCE, List.of(), false, null);

    /** Copies {@code challenges}. */
    public Verdict {
      challenges = List.copyOf(challenges);
    }

    /** Lets a request pass as one of {@code identity}. */
    public static Verdict of(Identity identity, @Nullable Receipt receipt) {
      return new Verdict(new AuthState.Authenticated(identity), List.of(), false, receipt);
    }

    /** Refuses with {@code code} and, of the scheme that refuses, {@code challenges}. */
    public static Verdict denied(ErrorCode code, List<String> challenges) {
      return new Verdict(new AuthState.Denied(code), challenges, false, null);
    }

    /** Refuses credentials that cannot have been a guess, with {@code challenges} for new ones. */
    public static Verdict outdated(List<String> challenges) {
      return new Verdict(
          new AuthState.Denied(ErrorCode.AUTHENTICATION_REQUIRED), challenges, true, null);
    }

    /** Does not look at credentials of somebody who is locked out for {@code remaining}. */
    public static Verdict lockedOut(Duration remaining) {
      return new Verdict(new AuthState.LockedOut(remaining), List.of(), false, null);
    }

    /** Makes the {@code Authentication-Info} of a response (RFC 7615). */
    @FunctionalInterface
    public interface Receipt {
      /** Returns the field's value for a response with this body. */
      String of(byte[] responseBody);
    }
  }
}
