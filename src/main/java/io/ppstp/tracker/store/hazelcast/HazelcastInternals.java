package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.jet.impl.util.Util;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.MapServiceContext;
import com.hazelcast.map.impl.record.Record;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.spi.impl.NodeEngineImpl;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * With {@link MergeService} the only class that uses inner interfaces of Hazelcast's, which a test
 * pins to the versions that they were written for (5.7): the public interface tells neither where
 * backups are, nor lets a node look at what it holds without an operation.
 *
 * <p>Record stores are made for being looked at by other threads than the partition's: reads of
 * backups, which Hazelcast itself offers, do the same. A value is looked up each time, so it is the
 * one that the map holds; {@link StateValue} guards what is inside.
 */
final class HazelcastInternals implements Placement {
  private final NodeEngineImpl engine;
  private final InternalPartitionServiceImpl partitions;
  private final MapServiceContext maps;
  private final HazelcastInstance hazelcast;
  private final int backups;
  private final Keys peers;
  private final Keys swarms;
  private final Map<Address, String> names = new ConcurrentHashMap<>();

  /** The keys of one map and where they lie. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Keys(int[] partitions, Data[] keys) {}

  /** Looks at the partitions of {@code hazelcast}, of whose entries there are so many backups. */
  HazelcastInternals(HazelcastInstance hazelcast, int backups) {
    this.engine = Util.getNodeEngine(hazelcast);
    MapService service = engine.getService(MapService.SERVICE_NAME);
    this.hazelcast = hazelcast;
    this.partitions = (InternalPartitionServiceImpl) engine.getPartitionService();
    this.maps = service.getMapServiceContext();
    this.backups = backups;
    this.peers = keys(engine, StateKind.PEERS);
    this.swarms = keys(engine, StateKind.SWARMS);
  }

  private static Keys keys(NodeEngineImpl engine, StateKind<?, ?, ?> kind) {
    int[] partitions = new int[kind.shards()];
    Data[] keys = new Data[kind.shards()];
    for (int shard = 0; shard < keys.length; shard++) {
      keys[shard] = engine.getSerializationService().toData(shard);
      partitions[shard] = engine.getPartitionService().getPartitionId(keys[shard]);
    }
    return new Keys(partitions, keys);
  }

  private Keys keys(StateKind<?, ?, ?> kind) {
    return kind == StateKind.PEERS ? peers : swarms;
  }

  private InternalPartition partition(StateKind<?, ?, ?> kind, int shard) {
    return partitions.getPartition(keys(kind).partitions()[shard], false);
  }

  /** Returns what a node is called. */
  static String nameOf(Address address) {
    return address.getHost() + ':' + address.getPort();
  }

  private String nameOf(PartitionReplica replica) {
    return names.computeIfAbsent(replica.address(), HazelcastInternals::nameOf);
  }

  @Override
  public String name() {
    return nameOf(hazelcast.getCluster().getLocalMember().getAddress());
  }

  /** Returns the version of the list of members, which each change of members raises. */
  int memberListVersion() {
    return engine.getClusterService().getMemberListVersion();
  }

  /** Returns whether this member began the cluster that it is in. */
  boolean isFounder() {
    try {
      return engine.getClusterService().getMemberListJoinVersion() == 1;
    } catch (IllegalStateException e) {
      // It has left one cluster to join another.
      return false;
    }
  }

  @Override
  public UUID here() {
    return hazelcast.getCluster().getLocalMember().getUuid();
  }

  @Override
  public boolean isOwner(UUID member, int peerShard) {
    PartitionReplica owner = partition(StateKind.PEERS, peerShard).getOwnerReplicaOrNull();
    return owner != null && owner.uuid().equals(member);
  }

  @Override
  public Role role(StateKind<?, ?, ?> kind, int shard) {
    InternalPartition wanted = partition(kind, shard);
    if (wanted.isMigrating()) {
      return Role.NONE;
    }
    if (wanted.isLocal()) {
      return Role.OWNER;
    }
    UUID here = here();
    for (int i = 1; i <= backups; i++) {
      PartitionReplica replica = wanted.getReplica(i);
      if (replica != null && replica.uuid().equals(here)) {
        return Role.BACKUP;
      }
    }
    return Role.NONE;
  }

  @Override
  public @Nullable String otherOwner(StateKind<?, ?, ?> kind, int shard) {
    InternalPartition wanted = partition(kind, shard);
    PartitionReplica owner = wanted.getOwnerReplicaOrNull();
    return owner == null || wanted.isLocal() ? null : nameOf(owner);
  }

  @Override
  public List<String> backups(StateKind<?, ?, ?> kind, int shard) {
    InternalPartition wanted = partition(kind, shard);
    UUID here = here();
    List<String> nodes = new ArrayList<>(backups);
    for (int i = 1; i <= backups; i++) {
      PartitionReplica replica = wanted.getReplica(i);
      if (replica != null && !replica.uuid().equals(here)) {
        nodes.add(nameOf(replica));
      }
    }
    return nodes;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <S, C> @Nullable StateValue<S, C> value(StateKind<S, C, ?> kind, int shard) {
    Keys keys = keys(kind);
    RecordStore<? extends Record<?>> records =
        maps.getExistingRecordStore(keys.partitions()[shard], kind.map());
    Record<?> found = records == null ? null : records.getRecord(keys.keys()[shard]);
    return found != null && found.getValue() instanceof StateValue<?, ?> value
        ? (StateValue<S, C>) value
        : null;
  }
}
