package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.PartitionService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** Finds, for each partition, a key that lies in it: what partition predicates ask for. */
final class PartitionKeys {
  private static final Map<HazelcastInstance, Map<Integer, Integer>> KEYS = new WeakHashMap<>();

  private PartitionKeys() {}

  static synchronized Set<Integer> of(HazelcastInstance hazelcast, Set<Integer> partitions) {
    Map<Integer, Integer> keys = KEYS.computeIfAbsent(hazelcast, PartitionKeys::find);
    Set<Integer> wanted = new HashSet<>();
    for (int partition : partitions) {
      Integer key = keys.get(partition);
      if (key != null) {
        wanted.add(key);
      }
    }
    return wanted;
  }

  private static Map<Integer, Integer> find(HazelcastInstance hazelcast) {
    PartitionService service = hazelcast.getPartitionService();
    int count = service.getPartitions().size();
    Map<Integer, Integer> keys = new HashMap<>();
    for (int key = 0; keys.size() < count; key++) {
      keys.putIfAbsent(service.getPartition(key).getPartitionId(), key);
    }
    return keys;
  }
}
