package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.tracker.PeerShard;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
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
    if (before != null && before != value) {
      before.close();
    }
    Runnable whenClosed = () -> shards.compareAndSet(index, value, null);
    value.open(new Opening(number, owned, arrivals.get(), whenClosed));
  }

  private void open(String swarmId, SwarmValue value, long number, boolean owned) {
    SwarmValue before = swarms.put(swarmId, value);
    if (before != null && before != value) {
      before.close();
    }
    Runnable whenClosed = () -> swarms.remove(swarmId, value);
    value.open(new Opening(number, owned, arrivals.get(), whenClosed));
  }

  /**
   * Returns whether {@code opening} is that of a copy that its owner may go on telling. A state
   * that came here since may have taken the place of any copy; each is then opened anew first.
   */
  boolean isFollowing(Opening opening, long number) {
    return !opening.owned() && opening.number() == number && opening.arrivals() == arrivals.get();
  }

  /** Lets no copy follow until it is opened anew: a state has come here from another node. */
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

  /** Returns whether a shard's copies are to be told who was heard of. */
  boolean isUnsaved(int index) {
    ShardValue value = shards.get(index);
    return value != null && value.apply(PeerShard::isUnsaved);
  }
}
