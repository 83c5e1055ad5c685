package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import io.ppstp.tracker.domain.PeerBudget;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.store.CountedBudget;
import io.ppstp.tracker.store.Shards;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * What entry processors and merge policies find on the node that they run on: its budget, when each
 * shard is next due, and what merges did. Never travels. Thread-safe.
 */
final class NodeState {
  private static final String CONTEXT_KEY = "ppstp.node";

  private final Timers timers;
  private final CountedBudget budget;
  private final OpenValues open = new OpenValues();
  private final AtomicLongArray nextDueMs = new AtomicLongArray(Shards.COUNT);
  private final LongAdder merged = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  NodeState(Timers timers, int maximumPeers) {
    this.timers = timers;
    this.budget = new CountedBudget(maximumPeers);
  }

  /**
   * Puts this where {@link #of} finds it, in the context of an instance or of its configuration.
   */
  void attachTo(Map<String, Object> userContext) {
    userContext.put(CONTEXT_KEY, this);
  }

  /** Returns the state of the node that {@code hazelcast} is. */
  static NodeState of(HazelcastInstance hazelcast) {
    Object state = hazelcast.getUserContext().get(CONTEXT_KEY);
    if (state instanceof NodeState node) {
      return node;
    }
    throw new IllegalStateException("this member holds no tracker state");
  }

  /** Counts registrations in the shards that this node owns, against this node's share. */
  CountedBudget budget() {
    return budget;
  }

  /** Returns the timers by which shards become due. */
  Timers timers() {
    return timers;
  }

  /** Returns the state objects of this node that commands may be applied to on the spot. */
  OpenValues open() {
    return open;
  }

  /** Applies a command to a shard that this node owns, or has a copy of, at a budget's charge. */
  <R> R apply(int index, ShardValue value, PeerCommand<R> command, PeerBudget charged) {
    return value.apply(shard -> applyTo(index, shard, command, charged));
  }

  /** Applies a command to a shard that the caller guards. */
  <R> R applyTo(int index, PeerShard shard, PeerCommand<R> command, PeerBudget charged) {
    R result = command.apply(shard, charged);
    shardChanged(index, shard);
    return result;
  }

  /** Notes when a shard is due after a command, on its owner and on its backups. */
  void shardChanged(int index, PeerShard shard) {
    nextDueMs.set(index, shard.nextDueMs(timers));
  }

  /** Returns whether a shard may have something to expire. */
  boolean mayBeDue(int index, long nowMs) {
    return nextDueMs.get(index) <= nowMs;
  }

  /** Lets a shard be looked at that came here from another node. */
  void shardArrived(int index) {
    nextDueMs.set(index, 0);
  }

  /** Closes a shard that went to another node. */
  void shardLeft(int index) {
    open.close(index);
  }

  void countMerge(int addedEntries, int droppedEntries) {
    merged.add(addedEntries);
    dropped.add(droppedEntries);
  }

  long merged() {
    return merged.sum();
  }

  long dropped() {
    return dropped.sum();
  }
}
