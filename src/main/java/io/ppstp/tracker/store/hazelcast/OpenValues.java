package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.tracker.PeerCommand;
import io.ppstp.tracker.tracker.PeerShard;
import io.ppstp.tracker.tracker.SwarmCommand;
import io.ppstp.tracker.tracker.Timers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state objects that this node owns and that are open, see {@link StateValue}: light commands
 * are applied to them on the spot, without an operation of Hazelcast's. Thread-safe.
 */
final class OpenValues {
  /** Of a track timer, how much the copies of a shard may lag behind. */
  private static final int LAG_DIVISOR = 2;

  private final AtomicReferenceArray<@Nullable ShardValue> shards =
      new AtomicReferenceArray<>(Shards.COUNT);
  private final Map<String, SwarmValue> swarms = new ConcurrentHashMap<>();
  private final long mostLagMs;
  private volatile BooleanSupplier mayServe = () -> true;

  OpenValues(Timers timers) {
    mostLagMs = Math.min(timers.trackMs() / LAG_DIVISOR, Integer.MAX_VALUE);
  }

  /** Applies nothing any more while {@code mayServe} says no. */
  void serveWhile(BooleanSupplier mayServe) {
    this.mayServe = mayServe;
  }

  /** Opens a shard, on the partition's thread of its owner. */
  void open(int index, ShardValue value) {
    ShardValue before = shards.getAndSet(index, value);
    if (before != value) {
      if (before != null) {
        before.close();
      }
      value.open(() -> shards.compareAndSet(index, value, null));
    }
  }

  /** Opens a swarm, on the partition's thread of its owner. */
  void open(String swarmId, SwarmValue value) {
    if (swarms.get(swarmId) == value) {
      return;
    }
    SwarmValue before = swarms.put(swarmId, value);
    if (before != null) {
      before.close();
    }
    value.open(() -> swarms.remove(swarmId, value));
  }

  /** Closes a shard. */
  void close(int index) {
    ShardValue value = shards.get(index);
    if (value != null) {
      value.close();
    }
  }

  /** Closes all, because a network split heals and this node's state goes to the others. */
  void closeAll() {
    for (int index = 0; index < shards.length(); index++) {
      close(index);
    }
    List.copyOf(swarms.values()).forEach(StateValue::close);
  }

  /** Applies a command; null if it has to come as an entry processor. */
  <R> @Nullable R onShard(int index, PeerCommand.Light<R> command) {
    ShardValue value = shards.get(index);
    return value == null || !mayServe.getAsBoolean()
        ? null
        : value.applyLightly(shard -> command.applyLightly(shard, mostLagMs));
  }

  /** Applies a command; null if it has to come as an entry processor. */
  <R> @Nullable R onSwarm(String swarmId, SwarmCommand.Light<R> command) {
    SwarmValue value = swarms.get(swarmId);
    return value == null || !mayServe.getAsBoolean() ? null : value.applyLightly(command::apply);
  }

  /** Returns whether a shard's copies are to be told who was heard of. */
  boolean isUnsaved(int index) {
    ShardValue value = shards.get(index);
    return value != null && value.apply(PeerShard::isUnsaved);
  }
}
