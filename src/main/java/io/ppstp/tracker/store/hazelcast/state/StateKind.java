package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.codec.ChangeFormat;
import io.ppstp.tracker.store.hazelcast.codec.PeerFormats;
import io.ppstp.tracker.store.hazelcast.codec.RequestFormats;
import io.ppstp.tracker.store.hazelcast.codec.StateDigest;
import io.ppstp.tracker.store.hazelcast.codec.StateFormat;
import io.ppstp.tracker.store.hazelcast.codec.SwarmFormats;
import io.ppstp.tracker.store.hazelcast.codec.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What the clustered maps have to know about one kind of state object. There are two: registrations
 * and swarms. Immutable.
 *
 * @param <S> the state object
 * @param <C> its changes
 * @param <Q> commands, from which changes come
 */
public final class StateKind<S, C, Q> {
  private static final int PEERS_NUMBER = 1;
  private static final int SWARMS_NUMBER = 2;

  /** The registrations. */
  public static final StateKind<PeerShard, ShardChange, PeerCommand<?>> PEERS =
      new StateKind<>(
          new Shape(PEERS_NUMBER, "ppstp.peers", Shards.PEERS),
          new States<>(PeerShard.class, PeerShard::new, PeerShard::apply, StateDigest::of),
          new Format<>(StateFormat::peers, StateFormat::peers),
          new Format<>(ChangeFormat::peers, ChangeFormat::peers),
          PeerFormats.COMMANDS,
          new OwnerDecisions.OfPeers());

  /** The swarms. */
  public static final StateKind<SwarmShard, SwarmChange, SwarmChange> SWARMS =
      new StateKind<>(
          new Shape(SWARMS_NUMBER, "ppstp.swarms", Shards.SWARMS),
          new States<>(SwarmShard.class, SwarmShard::new, SwarmShard::apply, StateDigest::of),
          new Format<>(StateFormat::swarms, StateFormat::swarms),
          new Format<>(ChangeFormat::swarms, ChangeFormat::swarms),
          SwarmFormats.CHANGES,
          new OwnerDecisions.OfSwarms());

  private final Shape shape;
  private final States<S, C> states;
  private final Format<S> stateFormat;
  private final Format<C> changeFormat;
  private final RequestFormats<Q> commands;
  private final OwnerDecisions<S, C, Q> decisions;

  /**
   * The map of a kind.
   *
   * @param number of the kind, which is part of the formats
   */
  private record Shape(int number, String map, int shards) {}

  /** What can be done with state objects. */
  private record States<S, C>(
      Class<S> type, Supplier<S> empty, BiConsumer<S, C> apply, ToLongFunction<S> digest) {}

  /** How something is written and read. */
  private record Format<T>(Wire.Writer<T> writer, Wire.Reader<T> reader) {}

  private StateKind(
      Shape shape,
      States<S, C> states,
      Format<S> stateFormat,
      Format<C> changeFormat,
      RequestFormats<Q> commands,
      OwnerDecisions<S, C, Q> decisions) {
    this.shape = shape;
    this.states = states;
    this.stateFormat = stateFormat;
    this.changeFormat = changeFormat;
    this.commands = commands;
    this.decisions = decisions;
  }

  /**
   * Returns the kind of a number.
   *
   * @throws IOException if it is none that this release knows
   */
  static StateKind<?, ?, ?> of(int number) throws IOException {
    return switch (number) {
      case PEERS_NUMBER -> PEERS;
      case SWARMS_NUMBER -> SWARMS;
      default -> throw new IOException("state of kind " + number + "; update this node");
    };
  }

  /** Returns the number of this kind, which is part of the formats. */
  public int number() {
    return shape.number();
  }

  /** Returns the name of its map. */
  public String map() {
    return shape.map();
  }

  /** Returns the number of its shards, which are the keys of the map. */
  public int shards() {
    return shape.shards();
  }

  /** Returns the type of its state objects. */
  public Class<S> type() {
    return states.type();
  }

  /** Returns a state object that holds nothing. */
  public S empty() {
    return states.empty().get();
  }

  /** Returns the same number for equal content. */
  public long digest(S state) {
    return states.digest().applyAsLong(state);
  }

  /** Makes a change so, at the owner or at a backup. */
  public void apply(S state, C change) {
    states.apply().accept(state, change);
  }

  /** Writes a state object. */
  public void writeState(DataOutput out, S state) throws IOException {
    stateFormat.writer().write(out, state);
  }

  /** Reads what {@link #writeState} wrote. */
  public S readState(DataInput in) throws IOException {
    return stateFormat.reader().read(in);
  }

  /** Writes a change. */
  public void writeChange(DataOutput out, C change) throws IOException {
    changeFormat.writer().write(out, change);
  }

  /** Reads what {@link #writeChange} wrote. */
  public C readChange(DataInput in) throws IOException {
    return changeFormat.reader().read(in);
  }

  /** Returns the formats of its commands. */
  public RequestFormats<Q> commands() {
    return commands;
  }

  /** Returns what its commands come to at the owner of a shard. */
  OwnerDecisions<S, C, Q> decisions() {
    return decisions;
  }
}
