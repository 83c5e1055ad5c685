package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.tracker.PeerCommand;
import io.ppstp.tracker.tracker.SwarmCommand;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A light command on its way to the node that owns the state object; immutable.
 *
 * @param <R> what it answers
 */
sealed interface Errand<R> {

  /** Applies the command; null if it has to come as an entry processor. */
  @Nullable R run(OpenValues open);

  /** Writes what {@link #read} reads. */
  void write(DataOutput out) throws IOException;

  /** Writes what {@link #run} answered. */
  void writeResult(DataOutput out, Object result) throws IOException;

  /** Reads what {@link #writeResult} wrote for the same errand. */
  R readResult(DataInput in) throws IOException;

  /** An errand to a peer shard. */
  record ToShard<R>(int index, PeerCommand.Light<R> command) implements Errand<R> {
    @Override
    public @Nullable R run(OpenValues open) {
      return open.onShard(index, command);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeBoolean(true);
      out.writeInt(index);
      PeerCommandFormats.ALL.writeCommand(out, command);
    }

    @Override
    public void writeResult(DataOutput out, Object result) throws IOException {
      PeerCommandFormats.ALL.writeResult(out, command, result);
    }

    @Override
    @SuppressWarnings("unchecked")
    public R readResult(DataInput in) throws IOException {
      return (R) PeerCommandFormats.ALL.readResult(in, command);
    }
  }

  /** An errand to a swarm. */
  record ToSwarm<R>(String swarmId, SwarmCommand.Light<R> command) implements Errand<R> {
    @Override
    public @Nullable R run(OpenValues open) {
      return open.onSwarm(swarmId, command);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeBoolean(false);
      Wire.string(out, swarmId);
      SwarmCommandFormats.ALL.writeCommand(out, command);
    }

    @Override
    public void writeResult(DataOutput out, Object result) throws IOException {
      SwarmCommandFormats.ALL.writeResult(out, command, result);
    }

    @Override
    @SuppressWarnings("unchecked")
    public R readResult(DataInput in) throws IOException {
      return (R) SwarmCommandFormats.ALL.readResult(in, command);
    }
  }

  /**
   * Reads an errand.
   *
   * @throws IOException if its command is none that goes on errands
   */
  static Errand<?> read(DataInput in) throws IOException {
    if (in.readBoolean()) {
      int index = in.readInt();
      if (PeerCommandFormats.ALL.readCommand(in) instanceof PeerCommand.Light<?> command) {
        return new ToShard<>(index, command);
      }
    } else {
      String swarmId = Wire.string(in);
      if (SwarmCommandFormats.ALL.readCommand(in) instanceof SwarmCommand.Light<?> command) {
        return new ToSwarm<>(swarmId, command);
      }
    }
    throw new IOException("a command that is not light");
  }
}
