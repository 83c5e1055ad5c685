package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A state object as a map's value. Thread-safe: all access is under its own lock.
 *
 * <p>Commands that must not be lost come as entry processors, on the thread of the partition. On
 * the node that owns the entry, light commands may be applied beside that by whoever has them,
 * while the value is <em>open</em>. An owner opens it with each processor that it applies; it
 * closes as soon as it is written to go elsewhere, or treated as a copy, or merged, so that what is
 * noted in an open value is never noted in a stale one.
 *
 * @param <S> the state object
 */
abstract class StateValue<S> implements IdentifiedDataSerializable {
  private S state;
  private @Nullable Runnable whenClosed;

  StateValue(S state) {
    this.state = state;
  }

  /** Applies a command, as owner or as copy, on the partition's thread. */
  final synchronized <R> R apply(Function<S, R> command) {
    return command.apply(state);
  }

  /** Opens this for light commands until it closes, which {@code closed} is told. */
  final synchronized void open(Runnable closed) {
    whenClosed = closed;
  }

  /** Lets no further light command in. */
  final synchronized void close() {
    Runnable closed = whenClosed;
    if (closed != null) {
      whenClosed = null;
      closed.run();
    }
  }

  /** Applies a light command; null if this is closed, or if the command finds that it is not. */
  final synchronized <R> @Nullable R applyLightly(Function<S, @Nullable R> command) {
    return whenClosed == null ? null : command.apply(state);
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
