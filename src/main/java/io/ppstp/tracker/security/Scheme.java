package io.ppstp.tracker.security;

import io.vertx.core.Future;
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
}
