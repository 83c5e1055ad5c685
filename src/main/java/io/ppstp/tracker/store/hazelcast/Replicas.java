package io.ppstp.tracker.store.hazelcast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a partition and who has copies of it, by this node's present view of the cluster.
 * Thread-safe; asks no other node.
 *
 * <p>Nodes go by their member address, which outlasts a network split, other than their UUID.
 */
interface Replicas {

  /** Returns the name of this node. */
  String here();

  /** Returns a number that is another one once anything has changed in this view. */
  long version();

  /** Returns the partition of a shard. */
  int ofShard(int index);

  /** Returns the partition of a swarm. */
  int ofSwarm(String swarmId);

  /** Returns the other node that owns a partition; null if it is this one, or nobody just now. */
  @Nullable String otherOwner(int partition);

  /**
   * Returns the other nodes that are to have a copy of what this node owns; null if it does not own
   * the partition, or not for long.
   */
  @Nullable List<String> copiesOf(int partition);

  /** Returns whether this node is one of those. */
  boolean isCopyHere(int partition);
}
