package io.ppstp.tracker.security;

import io.vertx.core.Future;
import java.util.List;

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

  /** Returns what this scheme has read from files, and can read again. */
  default List<Reloadable> reloadables() {
    return List.of();
  }

  /**
   * Returns the values of {@code WWW-Authenticate} for a request that brought nothing; empty if the
   * scheme needs no such field.
   */
  List<String> challenges();
}
