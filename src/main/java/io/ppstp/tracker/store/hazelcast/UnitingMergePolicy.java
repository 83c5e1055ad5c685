package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/** A merge after a network split that unites both sides and counts what it did on its node. */
abstract class UnitingMergePolicy
    implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object>,
        HazelcastInstanceAware {
  private @Nullable NodeState node;

  @Override
  public final void setHazelcastInstance(HazelcastInstance hazelcast) {
    node = NodeState.of(hazelcast);
  }

  @Override
  public final Object merge(
      MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
    Object ours = existing == null ? null : existing.getDeserializedValue();
    Object theirs = merging.getDeserializedValue();
    if (ours instanceof StateValue<?> giving) {
      giving.close();
    }
    return unite(ours, theirs, merging.getKey(), node);
  }

  /** Returns a new object with what both sides have; {@code ours} is null if there is none. */
  abstract Object unite(@Nullable Object ours, Object theirs, Object key, @Nullable NodeState here);

  @Override
  public final void writeData(ObjectDataOutput out) {}

  @Override
  public final void readData(ObjectDataInput in) {}
}
