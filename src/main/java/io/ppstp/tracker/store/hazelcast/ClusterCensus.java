package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import com.hazelcast.query.Predicates;
import io.ppstp.tracker.store.TrackerStore.Census;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts what the whole cluster holds: each node counts the partitions that it owns and leaves its
 * tally in a small map; the sum over the present members is the census. Thread-safe.
 */
public final class ClusterCensus {
  static final String TALLIES = "ppstp.tallies";

  private final HazelcastInstance hazelcast;
  private final NodeState node;
  private final IMap<Integer, ShardValue> peers;
  private final IMap<String, SwarmValue> swarms;
  private final IMap<String, long[]> tallies;
  private volatile Census latest = new Census(0, 0, 0);
  private Set<Integer> countedPartitions = Set.of();

  ClusterCensus(HazelcastInstance hazelcast, NodeState node) {
    this.hazelcast = hazelcast;
    this.node = node;
    this.peers = hazelcast.getMap(HazelcastStore.PEERS);
    this.swarms = hazelcast.getMap(HazelcastStore.SWARMS);
    this.tallies = hazelcast.getMap(TALLIES);
  }

  /** Returns the last sum. */
  public Census latest() {
    return latest;
  }

  /** Counts anew. Takes time proportional to the swarms of this node; blocks, so for a worker. */
  public synchronized void refresh() {
    Member here = hazelcast.getCluster().getLocalMember();
    Set<Integer> partitions = new HashSet<>();
    Set<Object> partitionKeys = new HashSet<>();
    for (Partition partition : hazelcast.getPartitionService().getPartitions()) {
      if (here.equals(partition.getOwner())) {
        partitions.add(partition.getPartitionId());
      }
    }
    partitionKeys.addAll(PartitionKeys.of(hazelcast, partitions));
    Map<Integer, Integer> peersByShard = count(peers, partitionKeys);
    Map<String, Integer> membersBySwarm = count(swarms, partitionKeys);
    long ownPeers = sum(peersByShard);
    if (!partitions.equals(countedPartitions)) {
      countedPartitions = partitions;
      node.budget().recounted((int) ownPeers);
    }
    long[] tally = {ownPeers, membersBySwarm.size(), sum(membersBySwarm)};
    tallies.set(here.getUuid().toString(), tally);
    latest = sumOfMembers();
  }

  private static <K, V> Map<K, Integer> count(IMap<K, V> map, Set<Object> partitionKeys) {
    if (partitionKeys.isEmpty()) {
      return Map.of();
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    Map<K, Integer> counts =
        ((IMap) map)
            .executeOnEntries(
                new CountProcessor(),
                Predicates.multiPartitionPredicate(partitionKeys, Predicates.alwaysTrue()));
    return counts;
  }

  private static long sum(Map<?, Integer> counts) {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }

  private Census sumOfMembers() {
    long[] sum = new long[3];
    for (Member member : hazelcast.getCluster().getMembers()) {
      long[] tally = tallies.get(member.getUuid().toString());
      if (tally != null) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += tally[i];
        }
      }
    }
    return new Census(sum[0], sum[1], sum[2]);
  }
}
