package io.ppstp.tracker.store.hazelcast.state;

import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.hazelcast.spi.merge.MergingEntry;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The policy that Hazelcast calls after a network split, with entries as it hands them over. */
class MergePolicyTest {
  private static final long T0 = 1_000_000_000;

  private final NodeState node = new NodeState(1, false, AddressRules.OPEN);

  private record Entry(Object getKey, Object getDeserializedValue)
      implements MergingEntry<Object, Object> {
    @Override
    public Object getRawKey() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object getRawValue() {
      throw new UnsupportedOperationException();
    }
  }

  private static StateValue<PeerShard, ShardChange> shard(long version, String... peerIds) {
    PeerShard shard = new PeerShard();
    for (String id : peerIds) {
      connect(id).leech("s").at(T0).apply(shard, PeerBudget.UNLIMITED);
    }
    return new StateValue<>(StateKind.PEERS, shard, version);
  }

  private Object merge(Object theirs, @Nullable Object ours) {
    StateMergePolicy policy = new StateMergePolicy();
    policy.setHazelcastInstance(Contexts.holding(node));
    return policy.merge(new Entry(7, theirs), ours == null ? null : new Entry(7, ours));
  }

  @SuppressWarnings("unchecked")
  private static StateValue<PeerShard, ShardChange> peers(Object value) {
    return (StateValue<PeerShard, ShardChange>) value;
  }

  @Test
  void registrationsAreUnitedInANewValueAndCountedAndListsAreToFollow() {
    StateValue<PeerShard, ShardChange> ours = shard(5, "a", "b");
    StateValue<PeerShard, ShardChange> union = peers(merge(shard(9, "b", "c", "d"), ours));

    assertEquals(4, union.read(PeerShard::size));
    assertNotSame(ours, union);
    assertEquals(2, ours.read(PeerShard::size));
    assertEquals(10, union.version());
    assertEquals(2, node.merged());
    assertEquals(1, node.dropped());
    List<String> noted =
        union.read(state -> state.updates().stream().map(ListUpdate::peerId).sorted().toList());
    // Two had been noted by this side before, and are to follow still.
    assertEquals(List.of("a", "b", "c", "d"), noted);
  }

  @Test
  void aShardThatIsNewHereIsTakenOver() {
    StateValue<PeerShard, ShardChange> union = peers(merge(shard(1, "a"), null));

    assertEquals(1, union.read(PeerShard::size));
    assertEquals(1, node.merged());
    assertEquals(0, node.dropped());
  }

  @Test
  void listsStayThoseOfThisSide() {
    StateValue<SwarmShard, SwarmChange> ours = new StateValue<>(StateKind.SWARMS);
    StateValue<SwarmShard, SwarmChange> theirs = new StateValue<>(StateKind.SWARMS);

    assertSame(ours, merge(theirs, ours));
    assertNotSame(theirs, merge(theirs, null));
  }
}
