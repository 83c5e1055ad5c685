package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.Partition;
import io.ppstp.tracker.store.Shards;
import java.util.ArrayList;
import java.util.List;

/**
 * Which shards this node looks after: those whose partition it owns just now. Confined to one
 * thread at a time; asks no other node.
 */
final class OwnedShards {
  private final HazelcastInstance hazelcast;
  private final Partition[] partitions = new Partition[Shards.COUNT];
  private final boolean[] owned = new boolean[Shards.COUNT];

  OwnedShards(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = hazelcast.getPartitionService().getPartition(i);
    }
  }

  /** Returns the owned shards, and tells {@code node} of those that have come or gone. */
  synchronized List<Integer> refresh(NodeState node) {
    Member here = hazelcast.getCluster().getLocalMember();
    List<Integer> indexes = new ArrayList<>(Shards.COUNT);
    for (int i = 0; i < partitions.length; i++) {
      boolean isOwner = here.equals(partitions[i].getOwner());
      if (isOwner && !owned[i]) {
        node.shardArrived(i);
      }
      if (!isOwner && owned[i]) {
        node.shardLeft(i);
      }
      owned[i] = isOwner;
      if (isOwner) {
        indexes.add(i);
      }
    }
    return indexes;
  }
}
