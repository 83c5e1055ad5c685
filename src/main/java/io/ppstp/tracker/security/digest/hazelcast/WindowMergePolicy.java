package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/** Unites the windows of a nonce after a network split: what either side has seen was used. */
public final class WindowMergePolicy
    implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object> {
  /** For Hazelcast, which makes it by name. */
  public WindowMergePolicy() {}

  @Override
  public Object merge(
      MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
    WindowValue theirs = (WindowValue) merging.getDeserializedValue();
    WindowValue united = new WindowValue();
    united.unite(theirs);
    if (existing != null) {
      united.unite((WindowValue) existing.getDeserializedValue());
    }
    return united;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
