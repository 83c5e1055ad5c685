package io.ppstp.tracker.security.bearer;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where the keys of an issuer come from. Thread-safe. */
interface KeySource {

  /** Returns the keys that are in force, null as long as there have never been any. */
  @Nullable KeySet current();

  /**
   * Has a look whether there are newer keys, unless it is too early for one more look. Never
   * blocks.
   *
   * @return completes when {@link #current} is as new as it gets, on any thread; never fails
   */
  Future<Void> lookAgain();

  /** Returns whether the last look was in vain, so that there may be keys that nobody knows of. */
  boolean isOutdated();
}
