package io.ppstp.tracker.store.hazelcast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command that was applied on the spot; immutable.
 *
 * @param result what the command answered
 * @param copying what has to be done before the result counts, null if nothing
 */
record Applied<R>(R result, @Nullable Copying copying) {

  /**
   * What the copies have to be told.
   *
   * @param errand brings one copy to where the owner is
   * @param nodes names of those that have a copy, at least one
   */
  record Copying(Errand<Boolean> errand, List<String> nodes) {}
}
