package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.jet.impl.util.Util;
import io.ppstp.tracker.store.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Hazelcast's public interface does not tell where copies are, so this rests on an inner one. */
final class HazelcastReplicas implements Replicas {
  private final InternalPartitionServiceImpl partitions;
  private final int backups;
  private final int[] ofShards = new int[Shards.COUNT];

  /** Looks at the partitions of {@code hazelcast}, of whose entries there are so many copies. */
  HazelcastReplicas(HazelcastInstance hazelcast, int backups) {
    this.partitions =
        (InternalPartitionServiceImpl) Util.getNodeEngine(hazelcast).getPartitionService();
    this.backups = backups;
    for (int index = 0; index < ofShards.length; index++) {
      ofShards[index] = partitions.getPartitionId((Object) index);
    }
  }

  @Override
  public int ofShard(int index) {
    return ofShards[index];
  }

  @Override
  public int ofSwarm(String swarmId) {
    return partitions.getPartitionId(swarmId);
  }

  @Override
  public @Nullable UUID otherOwner(int partition) {
    InternalPartition wanted = partitions.getPartition(partition, false);
    PartitionReplica owner = wanted.getOwnerReplicaOrNull();
    return owner == null || wanted.isLocal() ? null : owner.uuid();
  }

  @Override
  public @Nullable List<UUID> copiesOf(int partition) {
    InternalPartition owned = partitions.getPartition(partition, false);
    if (!owned.isLocal() || owned.isMigrating()) {
      return null;
    }
    List<UUID> nodes = new ArrayList<>(backups);
    for (int i = 1; i <= backups; i++) {
      PartitionReplica replica = owned.getReplica(i);
      if (replica != null) {
        nodes.add(replica.uuid());
      }
    }
    return nodes;
  }
}
