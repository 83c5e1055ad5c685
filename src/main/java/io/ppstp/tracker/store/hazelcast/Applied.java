package io.ppstp.tracker.store.hazelcast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command that was applied on the spot; immutable.
 *
 * @param result what the command answered
 * @param copying what has to be done before the result counts, null if nothing
 * @param news what another node would like to know, null if nothing; it may get lost
 */
record Applied<R>(R result, @Nullable Copying copying, @Nullable News news) {

  /** Makes an answer that is no news to anybody. */
  Applied(R result, @Nullable Copying copying) {
    this(result, copying, null);
  }

  /**
   * What the copies have to be told.
   *
   * @param errand brings one copy to where the owner is
   * @param nodes names of those that have a copy, at least one
   */
  record Copying(Errand<Boolean> errand, List<String> nodes) {}

  /**
   * What a copy noted and its owner would note too.
   *
   * @param node name of the owner
   */
  record News(Errand<?> errand, String node) {}
}
