package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Swarm;
import org.jspecify.annotations.Nullable;

/**
 * Unites the members of a swarm after a network split; of each peer the younger membership stays.
 * Members whose registration did not survive are found by the check for orphans.
 */
public final class SwarmMergePolicy extends UnitingMergePolicy {
  /** For Hazelcast, which makes it by name. */
  public SwarmMergePolicy() {}

  @Override
  Object unite(@Nullable Object ours, Object theirs, Object key, @Nullable NodeState here) {
    SwarmValue mine = ours == null ? new SwarmValue() : (SwarmValue) ours;
    Swarm other = new Swarm(((SwarmValue) theirs).apply(Swarm::members));
    Swarm.Merge merge = mine.apply(swarm -> swarm.mergedWith(other));
    if (here != null) {
      here.countMerge(merge.added(), merge.dropped());
    }
    return new SwarmValue(merge.union());
  }
}
