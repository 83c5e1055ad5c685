package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.ppstp.tracker.tracker.PeerShard;
import io.ppstp.tracker.tracker.ShardSnapshot;
import org.jspecify.annotations.Nullable;

/** Unites the registrations of a shard after a network split: each peer keeps its newer one. */
public final class ShardMergePolicy
    implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object>,
        HazelcastInstanceAware {
  private @Nullable HazelcastInstance hazelcast;

  /** For Hazelcast, which makes it by name. */
  public ShardMergePolicy() {}

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    hazelcast = instance;
  }

  @Override
  public Object merge(
      MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
    ShardSnapshot theirs = snapshot(merging);
    ShardSnapshot ours = existing == null ? new PeerShard().snapshot() : snapshot(existing);
    ShardSnapshot.Merge merge = ours.mergedWith(theirs);
    if (hazelcast != null) {
      NodeState node = NodeState.of(hazelcast);
      node.countMerge(merge.added(), merge.dropped());
      if (merging.getKey() instanceof Integer index) {
        node.shardArrived(index);
      }
    }
    return new ShardValue(new PeerShard(merge.union()));
  }

  private static ShardSnapshot snapshot(MergingEntry<Object, Object> entry) {
    return ((ShardValue) entry.getDeserializedValue()).shard().snapshot();
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
