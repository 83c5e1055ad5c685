package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.jet.impl.util.Util;
import io.ppstp.tracker.store.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Hazelcast's public interface does not tell where copies are, so this rests on an inner one. */
final class HazelcastReplicas implements Replicas {
  private final InternalPartitionServiceImpl partitions;
  private final Address here;
  private final Map<Address, String> names = new ConcurrentHashMap<>();
  private final int backups;
  private final int[] ofShards = new int[Shards.COUNT];

  /** Looks at the partitions of {@code hazelcast}, of whose entries there are so many copies. */
  HazelcastReplicas(HazelcastInstance hazelcast, int backups) {
    this.partitions =
        (InternalPartitionServiceImpl) Util.getNodeEngine(hazelcast).getPartitionService();
    this.here = hazelcast.getCluster().getLocalMember().getAddress();
    this.backups = backups;
    for (int index = 0; index < ofShards.length; index++) {
      ofShards[index] = partitions.getPartitionId((Object) index);
    }
  }

  /** Returns what a node is called. */
  static String nameOf(Address address) {
    return address.getHost() + ':' + address.getPort();
  }

  private String nameOf(PartitionReplica replica) {
    return names.computeIfAbsent(replica.address(), HazelcastReplicas::nameOf);
  }

  @Override
  public String here() {
    return nameOf(here);
  }

  @Override
  public long version() {
    return partitions.getPartitionStateStamp();
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
  public @Nullable String otherOwner(int partition) {
    InternalPartition wanted = partitions.getPartition(partition, false);
    PartitionReplica owner = wanted.getOwnerReplicaOrNull();
    return owner == null || wanted.isLocal() ? null : nameOf(owner);
  }

  @Override
  public @Nullable List<String> copiesOf(int partition) {
    InternalPartition owned = partitions.getPartition(partition, false);
    if (!owned.isLocal() || owned.isMigrating()) {
      return null;
    }
    List<String> nodes = new ArrayList<>(backups);
    for (int i = 1; i <= backups; i++) {
      PartitionReplica replica = owned.getReplica(i);
      if (replica != null) {
        nodes.add(nameOf(replica));
      }
    }
    return nodes;
  }

  @Override
  public boolean isCopyHere(int partition) {
    InternalPartition wanted = partitions.getPartition(partition, false);
    for (int i = 1; i <= backups; i++) {
      if (here.equals(wanted.getReplicaAddress(i))) {
        return true;
      }
    }
    return false;
  }
}
