package io.ppstp.tracker.domain;

/**
 * What a command comes to: its answer, and the change that makes it so; immutable. A command is
 * decided once and its change applied wherever the shard is kept.
 */
public record Decision<R>(R result, ShardChange change) {

  /** Returns a decision that leaves everything as it is. */
  static <R> Decision<R> unchanged(R result) {
    return new Decision<>(result, ShardChange.NONE);
  }
}
