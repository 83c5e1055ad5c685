package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A state object as a map's value. Thread-safe: all access is under its own lock.
 *
 * <p>Whatever comes as an entry processor is applied on the thread of the partition, where
 * Hazelcast says. While the value is <em>open</em>, commands may be applied beside that by whoever
 * has them: on the owner of the entry, or on a node with a copy, what the owner tells it. It closes
 * as soon as it is written to go elsewhere, or merged, so that what is noted in an open value is
 * never noted in a stale one. An entry processor opens it anew.
 *
 * @param <S> the state object
 */
abstract class StateValue<S> implements IdentifiedDataSerializable, HazelcastInstanceAware {
  private S state;

  /** Volatile, so that nobody waits for a long write only to hear that the value is closed. */
  private volatile @Nullable Opening opening;

  /** Makes a closed value. */
  StateValue(S state) {
    this.state = state;
  }

  /** Hazelcast calls this with what has come from another node, before an entry gets it. */
  @Override
  public final void setHazelcastInstance(HazelcastInstance hazelcast) {
    NodeState.of(hazelcast).open().stateArrived();
  }

  /** Applies a command, as owner or as copy, on the partition's thread. */
  final synchronized <R> R apply(Function<S, R> command) {
    return command.apply(state);
  }

  /** Opens this until it closes. */
  final synchronized void open(Opening anew) {
    opening = anew;
  }

  /** Returns how this is open, null if it is closed. */
  final @Nullable Opening opening() {
    return opening;
  }

  /** Lets no further command in but on the partition's thread. */
  final synchronized void close() {
    Opening before = opening;
    if (before != null) {
      opening = null;
      before.whenClosed().run();
    }
  }

  /**
   * Applies a command if this is open in the way that {@code fits} asks for; null if not, or if the
   * command finds that it may not be applied.
   */
  final <R> @Nullable R applyOpen(
      Predicate<Opening> fits, BiFunction<S, Opening, @Nullable R> command) {
    if (opening == null) {
      return null;
    }
    synchronized (this) {
      Opening now = opening;
      return now == null || !fits.test(now) ? null : command.apply(state, now);
    }
  }

  @Override
  public final int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public final synchronized void writeData(ObjectDataOutput out) throws IOException {
    close();
    write(out, state);
  }

  @Override
  public final synchronized void readData(ObjectDataInput in) throws IOException {
    state = read(in);
  }

  abstract void write(ObjectDataOutput out, S written) throws IOException;

  abstract S read(ObjectDataInput in) throws IOException;
}
