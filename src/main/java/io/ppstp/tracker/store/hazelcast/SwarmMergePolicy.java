package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.ppstp.tracker.tracker.Swarm;
import org.jspecify.annotations.Nullable;

/**
 * Unites the members of a swarm after a network split; of each peer the younger membership stays.
 * Members whose registration did not survive are found by the check for orphans.
 */
public final class SwarmMergePolicy
    implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object>,
        HazelcastInstanceAware {
  private @Nullable HazelcastInstance hazelcast;

  /** For Hazelcast, which makes it by name. */
  public SwarmMergePolicy() {}

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    hazelcast = instance;
  }

  @Override
  public Object merge(
      MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
    Swarm ours = existing == null ? new Swarm() : swarm(existing);
    Swarm.Merge merge = ours.mergedWith(swarm(merging));
    if (hazelcast != null) {
      NodeState.of(hazelcast).countMerge(merge.added(), merge.dropped());
    }
    return new SwarmValue(merge.union());
  }

  private static Swarm swarm(MergingEntry<Object, Object> entry) {
    return ((SwarmValue) entry.getDeserializedValue()).swarm();
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
