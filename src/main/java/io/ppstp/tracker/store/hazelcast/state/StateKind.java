package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.store.hazelcast.codec.RequestFormats;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the clustered maps have to know about one kind of state object. There are two: registrations
 * and swarms. Stateless.
 *
 * @param <S> the state object
 * @param <C> its changes
 * @param <Q> commands, from which changes come
 */
public sealed interface StateKind<S, C, Q> permits PeersKind, SwarmsKind {
  /** Returns the number of this kind, which is part of the formats. */
  int number();

  /** Returns the name of its map. */
  String map();

  /** Returns the number of its shards, which are the keys of the map. */
  int shards();

  /** Returns the type of its state objects. */
  Class<S> type();

  /** Returns a state object that holds nothing. */
  S empty();

  /** Writes a state object. */
  void writeState(DataOutput out, S state) throws IOException;

  /** Reads what {@link #writeState} wrote. */
  S readState(DataInput in) throws IOException;

  /** Returns the same number for equal content. */
  long digest(S state);

  /** Returns the formats of its commands. */
  RequestFormats<Q> commands();

  /**
   * Decides what a command comes to at the owner of a shard, and changes nothing.
   *
   * @param sender the member that sent the command
   * @return null if the command is not to be executed here
   */
  @Nullable Outcome<C> decide(NodeState here, int shard, S state, Q command, UUID sender);

  /** Makes a change so, at the owner or at a backup. */
  void apply(S state, C change);

  /** Lets this node, the owner of the shard, know what was changed there. */
  default void changed(NodeState here, int shard, C change) {}

  /** Writes a change. */
  void writeChange(DataOutput out, C change) throws IOException;

  /** Reads what {@link #writeChange} wrote. */
  C readChange(DataInput in) throws IOException;

  /**
   * What came of a command.
   *
   * @param change null if nothing changes
   */
  record Outcome<C>(Object result, @Nullable C change) {}
}
