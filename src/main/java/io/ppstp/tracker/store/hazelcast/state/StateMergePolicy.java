package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardMerge;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import org.jspecify.annotations.Nullable;

/**
 * Unites both sides of a shard of registrations after a network split, in a new value, as {@link
 * ShardMerge} says, and counts on its node what that did. Lists of swarms stay those of the larger
 * side: they are an index, and follow the registrations by the updates that the merge notes.
 */
public final class StateMergePolicy
    implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object>,
        HazelcastInstanceAware {
  private @Nullable NodeState node;

  /** For Hazelcast, which makes it by name. */
  public StateMergePolicy() {}

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcast) {
    node = NodeState.of(hazelcast);
  }

  @Override
  public Object merge(
      MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
    StateValue<?, ?> theirs = (StateValue<?, ?>) merging.getDeserializedValue();
    StateValue<?, ?> ours =
        existing == null ? null : (StateValue<?, ?>) existing.getDeserializedValue();
    if (theirs.kind() == StateKind.PEERS) {
      return peers(ours, theirs, 1 + Math.max(theirs.version(), versionOf(ours)));
    }
    return ours == null ? new StateValue<>(StateKind.SWARMS) : ours;
  }

  private static long versionOf(@Nullable StateValue<?, ?> value) {
    return value == null ? 0 : value.version();
  }

  private StateValue<?, ?> peers(
      @Nullable StateValue<?, ?> ours, StateValue<?, ?> theirs, long version) {
    NodeState here = node;
    ShardMerge.Result merge =
        ShardMerge.of(
            ours == null
                ? new PeerShard().snapshot()
                : ours.read(state -> StateKind.PEERS.type().cast(state).snapshot()),
            theirs.read(state -> StateKind.PEERS.type().cast(state).snapshot()),
            here != null && here.smallerSideRefuses(),
            here == null ? AddressRules.OPEN : here.addressRules());
    if (here != null) {
      here.countMerge(merge.added(), merge.dropped());
    }
    return new StateValue<>(StateKind.PEERS, new PeerShard(merge.union()), version);
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
