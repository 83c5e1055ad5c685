package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.spi.merge.MergingEntry;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.PeerBudget;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.store.Shards;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The policies that Hazelcast calls after a network split, with entries as it hands them over. */
class MergePolicyTest {
  private static final long T0 = 1_000_000_000;

  private final NodeState node = new NodeState(TIMERS, 1);

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

  /** Merges what another side of a split has into what a node has. */
  static Object merge(
      UnitingMergePolicy policy, NodeState node, Object key, Object ours, Object theirs) {
    policy.setHazelcastInstance(Contexts.holding(node));
    return policy.merge(new Entry(key, theirs), new Entry(key, ours));
  }

  private static ShardValue shard(String... peerIds) {
    PeerShard shard = new PeerShard();
    for (String id : peerIds) {
      connect(id).leech("s").at(T0).apply(shard, PeerBudget.UNCOUNTED);
    }
    return new ShardValue(shard);
  }

  private static SwarmValue swarm(Member... members) {
    return new SwarmValue(new Swarm(Arrays.asList(members)));
  }

  private ShardMergePolicy shardPolicy() {
    ShardMergePolicy policy = new ShardMergePolicy();
    policy.setHazelcastInstance(Contexts.holding(node));
    return policy;
  }

  @Test
  void shardsAreUnitedInANewObjectAndCounted() {
    ShardValue ours = shard("a", "b");
    ShardValue theirs = shard("b", "c", "d");

    ShardValue union = (ShardValue) shardPolicy().merge(new Entry(7, theirs), new Entry(7, ours));

    assertEquals(4, union.apply(PeerShard::size));
    assertNotSame(ours, union);
    assertEquals(2, ours.apply(PeerShard::size));
    assertEquals(2, node.merged());
    assertEquals(1, node.dropped());
  }

  @Test
  void aShardThatIsNewHereIsTakenOver() {
    ShardValue union = (ShardValue) shardPolicy().merge(new Entry(7, shard("a")), null);

    assertEquals(1, union.apply(PeerShard::size));
    assertEquals(1, node.merged());
    assertEquals(0, node.dropped());
  }

  /** Its peers may have been due for long when the split heals. */
  @Test
  void aMergedShardIsLookedAtForExpirySoon() {
    PeerShard later = new PeerShard();
    connect("p").leech("s").at(T0).apply(later, PeerBudget.UNCOUNTED);
    int index = Shards.of("p");
    node.shardChanged(index, later);
    assertTrue(!node.mayBeDue(index, T0));

    shardPolicy().merge(new Entry(index, shard("q")), new Entry(index, shard("p")));

    assertTrue(node.mayBeDue(index, T0));
  }

  @Test
  void swarmsAreUnitedInANewObjectAndCounted() {
    SwarmValue ours = swarm(member("a", 1), member("b", 5));
    SwarmValue theirs = swarm(member("a", 3), member("b", 4), member("c", 1));
    SwarmMergePolicy policy = new SwarmMergePolicy();
    policy.setHazelcastInstance(Contexts.holding(node));

    SwarmValue union = (SwarmValue) policy.merge(new Entry("s", theirs), new Entry("s", ours));

    List<Long> stamps =
        union.apply(Swarm::members).stream()
            .sorted(Comparator.comparing(Member::id))
            .map(Member::stamp)
            .toList();
    assertEquals(List.of(3L, 5L, 1L), stamps);
    assertEquals(2, ours.apply(Swarm::size));
    assertEquals(1, node.merged());
    assertEquals(2, node.dropped());
  }
}
