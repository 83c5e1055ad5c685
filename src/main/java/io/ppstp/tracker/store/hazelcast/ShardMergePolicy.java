package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardSnapshot;
import org.jspecify.annotations.Nullable;

/** Unites the registrations of a shard after a network split: each peer keeps its newer one. */
public final class ShardMergePolicy extends UnitingMergePolicy {
  /** For Hazelcast, which makes it by name. */
  public ShardMergePolicy() {}

  @Override
  Object unite(@Nullable Object ours, Object theirs, Object key, @Nullable NodeState here) {
    ShardValue mine = ours == null ? new ShardValue() : (ShardValue) ours;
    ShardSnapshot other = ((ShardValue) theirs).apply(PeerShard::snapshot);
    ShardSnapshot.Merge merge = mine.apply(PeerShard::snapshot).mergedWith(other);
    if (here != null) {
      here.countMerge(merge.added(), merge.dropped());
      here.shardArrived((Integer) key);
    }
    return new ShardValue(new PeerShard(merge.union()));
  }
}
