package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.store.Shards;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state objects of this node that are open, see {@link StateValue}: those that it owns, and its
 * copies of those that others do. Thread-safe.
 */
final class OpenValues {
  private final AtomicReferenceArray<@Nullable ShardValue> shards =
      new AtomicReferenceArray<>(Shards.COUNT);
  private final Map<String, SwarmValue> swarms = new ConcurrentHashMap<>();

  /** No two nodes give an opening the same number, but by a chance of nothing. */
  private final AtomicLong lastNumber = new AtomicLong(new SecureRandom().nextLong());

  private final AtomicLong arrivals = new AtomicLong();
  private volatile LongSupplier version = () -> 0;

  /** Lets copies follow only while {@code present} tells the same as when they were opened. */
  void watch(LongSupplier present) {
    version = present;
  }

  /** Returns an open shard. */
  @Nullable ShardValue shard(int index) {
    return shards.get(index);
  }

  /** Returns an open swarm. */
  @Nullable SwarmValue swarm(String swarmId) {
    return swarms.get(swarmId);
  }

  /**
   * Opens a shard that this node owns, on the partition's thread; returns whether it was not so
   * already. Its copies have to be told the number of the {@link StateValue#opening}.
   */
  boolean own(int index, ShardValue value) {
    if (isOwned(value)) {
      return false;
    }
    open(index, value, lastNumber.incrementAndGet(), true);
    return true;
  }

  /** As {@link #own(int, ShardValue)}, of a swarm. */
  boolean own(String swarmId, SwarmValue value) {
    if (isOwned(value)) {
      return false;
    }
    open(swarmId, value, lastNumber.incrementAndGet(), true);
    return true;
  }

  /** Opens a copy for what its owner tells under {@code number}, on the partition's thread. */
  void follow(int index, ShardValue copy, long number) {
    open(index, copy, number, false);
  }

  /** As {@link #follow(int, ShardValue, long)}, of a swarm. */
  void follow(String swarmId, SwarmValue copy, long number) {
    open(swarmId, copy, number, false);
  }

  private static boolean isOwned(StateValue<?> value) {
    Opening opening = value.opening();
    return opening != null && opening.owned();
  }

  private void open(int index, ShardValue value, long number, boolean owned) {
    ShardValue before = shards.getAndSet(index, value);
    open(value, before, number, owned, () -> shards.compareAndSet(index, value, null));
  }

  private void open(String swarmId, SwarmValue value, long number, boolean owned) {
    SwarmValue before = swarms.put(swarmId, value);
    open(value, before, number, owned, () -> swarms.remove(swarmId, value));
  }

  private <V extends StateValue<?>> void open(
      V value, @Nullable V before, long number, boolean owned, Runnable whenClosed) {
    if (before != null && before != value) {
      before.close();
    }
    value.open(new Opening(number, owned, arrivals.get(), version.getAsLong(), whenClosed));
  }

  /** Returns whether {@code opening} is that of a copy that its owner may go on telling. */
  boolean isFollowing(Opening opening, long number) {
    return opening.number() == number && isFollowing(opening);
  }

  /**
   * Returns whether {@code opening} is that of a copy which was told everything: no other state can
   * have taken its place, and nothing has changed in the cluster since.
   */
  boolean isFollowing(Opening opening) {
    return !opening.owned()
        && opening.arrivals() == arrivals.get()
        && opening.version() == version.getAsLong();
  }

  /** Lets no copy follow until it is opened anew: another state may have taken its place. */
  void stateArrived() {
    arrivals.incrementAndGet();
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

  /** Returns whether this node knows of a shard who was heard of, and others do not yet. */
  boolean isUnsaved(int index) {
    ShardValue value = shards.get(index);
    return value != null && value.apply(PeerShard::isUnsaved);
  }
}
