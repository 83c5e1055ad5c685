package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.codec.DomainFormat;
import io.ppstp.tracker.store.hazelcast.codec.PeerFormats;
import io.ppstp.tracker.store.hazelcast.codec.RequestFormats;
import io.ppstp.tracker.store.hazelcast.codec.SwarmFormats;
import io.ppstp.tracker.store.hazelcast.codec.Wire;
import io.ppstp.tracker.store.hazelcast.state.NodeState.HeardPeers;
import io.ppstp.tracker.store.hazelcast.state.StateValue.Fingerprint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node asks another about the state there; immutable. None changes anything, but that an
 * answer may mean that a peer was heard of.
 *
 * @param <R> the answer
 */
public sealed interface Question<R> {

  /** Writes what {@link #read} reads. */
  void write(DataOutput out) throws IOException;

  /** Writes an answer. */
  void writeAnswer(DataOutput out, R answer) throws IOException;

  /** Reads what {@link #writeAnswer} wrote for the same question. */
  R readAnswer(DataInput in) throws IOException;

  /** A question to the state object of one shard. */
  sealed interface OfShard<Q, R> extends Question<R> {
    /** Returns the number of this kind of question, which is part of the format. */
    int kind();

    /** Returns the shard. */
    int shard();

    /** Returns what is asked there. */
    Q query();

    /** Returns the formats of such queries. */
    RequestFormats<Q> formats();

    @Override
    default void write(DataOutput out) throws IOException {
      out.writeByte(kind());
      out.writeShort(shard());
      formats().writeRequest(out, query());
    }

    @Override
    default void writeAnswer(DataOutput out, R answer) throws IOException {
      formats().writeResult(out, query(), answer);
    }

    @Override
    @SuppressWarnings("unchecked")
    default R readAnswer(DataInput in) throws IOException {
      return (R) formats().readResult(in, query());
    }
  }

  /** A question to a shard of registrations, of which only the owner says no. */
  record Peers<R>(int shard, PeerQuery<R> query) implements OfShard<PeerQuery<?>, R> {
    private static final int KIND = 1;
    private static final PeerShard EMPTY = new PeerShard();

    /** Answers from the value of the shard, null if there is none; notes who was heard of. */
    public R answer(@Nullable StateValue<PeerShard, ?> value, HeardPeers heard) {
      R answer = value == null ? query.answer(EMPTY) : value.read(query::answer);
      Heard peer = query.heard(answer);
      if (peer != null) {
        heard.note(shard, peer);
      }
      return answer;
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public RequestFormats<PeerQuery<?>> formats() {
      return PeerFormats.QUERIES;
    }
  }

  /** A question to a shard of swarms, which an owner or a backup may answer. */
  record Swarms<R>(int shard, SwarmQuery<R> query) implements OfShard<SwarmQuery<?>, R> {
    private static final int KIND = 2;
    private static final SwarmShard EMPTY = new SwarmShard();

    /** Answers from the value of the shard, null if there is none. */
    public R answer(@Nullable StateValue<SwarmShard, ?> value) {
      return value == null ? query.answer(EMPTY) : value.read(query::answer);
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public RequestFormats<SwarmQuery<?>> formats() {
      return SwarmFormats.QUERIES;
    }
  }

  /** Who of a shard's peers a node has heard of, as far as their owner may not know. */
  record HeardOf(int shard) implements Question<List<Heard>> {
    private static final int KIND = 3;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      out.writeShort(shard);
    }

    @Override
    public void writeAnswer(DataOutput out, List<Heard> answer) throws IOException {
      Wire.list(out, answer, DomainFormat::heard);
    }

    @Override
    public List<Heard> readAnswer(DataInput in) throws IOException {
      return Wire.list(in, DomainFormat::heard);
    }
  }

  /** What a node has as a shard's backup. */
  record FingerprintOf(StateKind<?, ?, ?> kind, int shard) implements Question<Fingerprint> {
    private static final int KIND = 4;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      out.writeByte(kind.number());
      out.writeShort(shard);
    }

    @Override
    public void writeAnswer(DataOutput out, Fingerprint answer) throws IOException {
      out.writeLong(answer.version());
      out.writeLong(answer.digest());
    }

    @Override
    public Fingerprint readAnswer(DataInput in) throws IOException {
      return new Fingerprint(in.readLong(), in.readLong());
    }
  }

  /** How much each shard holds that a node owns. */
  record Counts() implements Question<List<ShardCount>> {
    private static final int KIND = 5;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
    }

    @Override
    public void writeAnswer(DataOutput out, List<ShardCount> answer) throws IOException {
      Wire.list(out, answer, (to, count) -> count.write(to));
    }

    @Override
    public List<ShardCount> readAnswer(DataInput in) throws IOException {
      return Wire.list(in, ShardCount::read);
    }
  }

  /**
   * The largest swarms of those that a node owns, the largest first.
   *
   * @param most how many at most
   */
  record Largest(int most) implements Question<List<SwarmSize>> {
    private static final int KIND = 6;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      out.writeShort(most);
    }

    @Override
    public void writeAnswer(DataOutput out, List<SwarmSize> answer) throws IOException {
      Wire.list(out, answer, SwarmFormats::size);
    }

    @Override
    public List<SwarmSize> readAnswer(DataInput in) throws IOException {
      return Wire.list(in, SwarmFormats::size);
    }
  }

  /**
   * How much a shard holds.
   *
   * @param items registrations or swarms
   * @param members of swarms, 0 for registrations
   * @param version changes so far
   */
  record ShardCount(StateKind<?, ?, ?> kind, int shard, int items, long members, long version) {
    private void write(DataOutput out) throws IOException {
      out.writeByte(kind.number());
      out.writeShort(shard);
      out.writeInt(items);
      out.writeLong(members);
      out.writeLong(version);
    }

    private static ShardCount read(DataInput in) throws IOException {
      StateKind<?, ?, ?> kind = StateKind.of(in.readByte());
      return new ShardCount(
          kind, readShard(in, kind.shards()), in.readInt(), in.readLong(), in.readLong());
    }
  }

  /**
   * Reads a question.
   *
   * @throws IOException if it is none that this release knows
   */
  static Question<?> read(DataInput in) throws IOException {
    int number = in.readByte();
    return switch (number) {
      case Peers.KIND ->
          new Peers<>(readShard(in, Shards.PEERS), PeerFormats.QUERIES.readRequest(in));
      case Swarms.KIND ->
          new Swarms<>(readShard(in, Shards.SWARMS), SwarmFormats.QUERIES.readRequest(in));
      case HeardOf.KIND -> new HeardOf(readShard(in, Shards.PEERS));
      case FingerprintOf.KIND -> {
        StateKind<?, ?, ?> kind = StateKind.of(in.readByte());
        yield new FingerprintOf(kind, readShard(in, kind.shards()));
      }
      case Counts.KIND -> new Counts();
      case Largest.KIND -> new Largest(in.readUnsignedShort());
      default -> throw new IOException("question " + number + "; update this node");
    };
  }

  private static int readShard(DataInput in, int shards) throws IOException {
    int shard = in.readUnsignedShort();
    if (shard >= shards) {
      throw new IOException("there is no shard " + shard);
    }
    return shard;
  }
}
