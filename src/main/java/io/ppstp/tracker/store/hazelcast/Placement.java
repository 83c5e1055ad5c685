package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.hazelcast.state.NodeState;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where shards are, by this node's present view of the cluster, and what of them is here.
 * Thread-safe; asks no other node.
 *
 * <p>Nodes go by their member address, which outlasts a network split, other than their UUID.
 */
interface Placement extends NodeState.Owners {

  /** What this node is to a shard. */
  enum Role {
    OWNER,
    BACKUP,
    /** Neither, or not for long: the shard is on the move. */
    NONE
  }

  /** Returns the name of this node. */
  String name();

  /** Returns what this node is to a shard. */
  Role role(StateKind<?, ?, ?> kind, int shard);

  /** Returns the other node that owns a shard; null if it is this one, or nobody just now. */
  @Nullable String otherOwner(StateKind<?, ?, ?> kind, int shard);

  /** Returns the other nodes that are to have a backup of a shard. */
  List<String> backups(StateKind<?, ?, ?> kind, int shard);

  /**
   * Returns what the map holds of a shard on this node at this moment, as owner or as backup; null
   * if nothing. Not to be kept: a migration may put another value in its place.
   */
  <S, C> @Nullable StateValue<S, C> value(StateKind<S, C, ?> kind, int shard);
}
