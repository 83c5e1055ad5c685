package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the node that has the state object; immutable.
 *
 * @param <R> what it answers
 */
sealed interface Errand<R> {

  /** Applies the command; null if it has to come as an entry processor. */
  @Nullable Applied<R> run(ShortWay here);

  /** Writes what {@link #read} reads. */
  void write(DataOutput out) throws IOException;

  /** Writes what {@link #run} answered. */
  void writeResult(DataOutput out, Object result) throws IOException;

  /** Reads what {@link #writeResult} wrote for the same errand. */
  R readResult(DataInput in) throws IOException;

  /** An errand to the owner of a peer shard. */
  record ToShard<R>(int index, PeerCommand<R> command) implements Errand<R> {
    private static final int KIND = 0;

    @Override
    public @Nullable Applied<R> run(ShortWay here) {
      return here.onShard(index, command);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
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

  /** An errand to the owner of a swarm. */
  record ToSwarm<R>(String swarmId, SwarmCommand<R> command) implements Errand<R> {
    private static final int KIND = 1;

    @Override
    public @Nullable Applied<R> run(ShortWay here) {
      return here.onSwarm(swarmId, command);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
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

  /** An errand to a copy: it is told what its owner did, and answers only that it has done so. */
  sealed interface ToCopy extends Errand<Boolean> {
    @Override
    default void writeResult(DataOutput out, Object result) {}

    @Override
    default Boolean readResult(DataInput in) {
      return true;
    }
  }

  /**
   * What a copy of a peer shard is told.
   *
   * @param number of the owner's opening
   */
  record ShardCopy(int index, long number, PeerCommand<?> command) implements ToCopy {
    private static final int KIND = 2;

    @Override
    public @Nullable Applied<Boolean> run(ShortWay here) {
      return here.onShardCopy(index, number, command) ? new Applied<>(true, null) : null;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      out.writeInt(index);
      out.writeLong(number);
      PeerCommandFormats.ALL.writeCommand(out, command);
    }
  }

  /**
   * What a copy of a swarm is told.
   *
   * @param number of the owner's opening
   */
  record SwarmCopy(String swarmId, long number, SwarmCommand<?> command) implements ToCopy {
    private static final int KIND = 3;

    @Override
    public @Nullable Applied<Boolean> run(ShortWay here) {
      return here.onSwarmCopy(swarmId, number, command) ? new Applied<>(true, null) : null;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      Wire.string(out, swarmId);
      out.writeLong(number);
      SwarmCommandFormats.ALL.writeCommand(out, command);
    }
  }

  /**
   * Reads an errand.
   *
   * @throws IOException if it is of a kind that is not known here
   */
  static Errand<?> read(DataInput in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case ToShard.KIND -> new ToShard<>(in.readInt(), PeerCommandFormats.ALL.readCommand(in));
      case ToSwarm.KIND -> new ToSwarm<>(Wire.string(in), SwarmCommandFormats.ALL.readCommand(in));
      case ShardCopy.KIND ->
          new ShardCopy(in.readInt(), in.readLong(), PeerCommandFormats.ALL.readCommand(in));
      case SwarmCopy.KIND ->
          new SwarmCopy(Wire.string(in), in.readLong(), SwarmCommandFormats.ALL.readCommand(in));
      default -> throw new IOException("errand of kind " + kind + "; update this node");
    };
  }
}
