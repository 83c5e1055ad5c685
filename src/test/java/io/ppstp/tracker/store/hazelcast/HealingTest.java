package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.store.hazelcast.ClusterState.await;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Peers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What should never be wrong is found and mended all the same, and where nothing is, nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PEERS = 200;
  private static final List<String> IDS = IntStream.range(0, PEERS).mapToObj(i -> "p" + i).toList();
  private static final List<String> SWARMS = IntStream.range(0, 10).mapToObj(i -> "s" + i).toList();
  private static final int ROUNDS = 2 * (Shards.PEERS + Shards.SWARMS) / 64;

  private final TestMembers members;
  private SharedStore store;

  HealingTest() throws Exception {
    members = TestMembers.start(2, 2);
    store = members.emptyStore(PEERS);
  }

  @AfterAll
  void stop() {
    members.close();
  }

  @BeforeEach
  void fill() throws Exception {
    store = members.emptyStore(PEERS);
    for (int i = 0; i < PEERS; i++) {
      await(store.change(IDS.get(i), connect(IDS.get(i)).leech(SWARMS.get(i % 10)).at(1)));
    }
    ClusterState.awaitListsThatFollow(store, IDS, SWARMS);
  }

  @Test
  void aHealthyClusterHasNothingToMend() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      assertEquals(new MembershipCheck.Mended(0, 0), step());
      compareAll();
    }
    assertEquals(0, differing());
    assertTrue(store.all().stream().anyMatch(it -> it.replicaCheck().compared() > 0));
  }

  @Test
  void aListThatHasLostMembersGetsThemBack() throws Exception {
    change(swarm("s3"), new MemberChange("p3", Long.MAX_VALUE, null));
    change(swarm("s4"), new MemberChange("p14", Long.MAX_VALUE, null));

    awaitMended(new MembershipCheck.Mended(0, 2));
    ClusterState.awaitListsThatFollow(store, IDS, SWARMS);
  }

  @Test
  void membersWithoutARegistrationAreRemoved() throws Exception {
    change(swarm("s3"), new MemberChange("nobody", 7, Peers.member("nobody", 7)));
    change(swarm("s5"), new MemberChange("p3", 7, Peers.member("p3", 7)));

    awaitMended(new MembershipCheck.Mended(2, 0));
    ClusterState.awaitListsThatFollow(store, IDS, SWARMS);
  }

  @Test
  void aBackupThatDiffersIsGivenWhatItsOwnerHas() throws Exception {
    int shard = Shards.ofSwarm(swarm("s3"));
    for (int node = 0; node < 2; node++) {
      Placement placement = new HazelcastInternals(members.get(node), 1);
      if (placement.role(StateKind.SWARMS, shard) == Placement.Role.BACKUP) {
        change(placement, swarm("s3"), new MemberChange("p3", Long.MAX_VALUE, null));
      }
    }

    Await.until(
        "the backup is mended",
        PATIENCE,
        () -> {
          compareAll();
          return differing() == 1;
        });
    ClusterState.awaitListsThatFollow(store, IDS, SWARMS);
    for (int i = 0; i < ROUNDS; i++) {
      compareAll();
    }
    assertEquals(1, differing());
  }

  private static SwarmKey swarm(String id) {
    return new SwarmKey(id);
  }

  /** Changes a list behind the tracker's back, at the owner and at the backup. */
  private void change(SwarmKey swarm, MemberChange change) {
    for (int node = 0; node < 2; node++) {
      change(new HazelcastInternals(members.get(node), 1), swarm, change);
    }
  }

  private static void change(Placement placement, SwarmKey swarm, MemberChange change) {
    StateValue<SwarmShard, ?> value =
        Objects.requireNonNull(placement.value(StateKind.SWARMS, Shards.ofSwarm(swarm)));
    value.read(
        shard -> {
          shard.apply(swarm, change);
          return shard;
        });
  }

  private MembershipCheck.Mended step() throws Exception {
    int removed = 0;
    int restored = 0;
    for (HazelcastStore node : store.all()) {
      MembershipCheck.Mended mended = await(node.membershipCheck().step(10_000));
      removed += mended.removed();
      restored += mended.restored();
    }
    return new MembershipCheck.Mended(removed, restored);
  }

  private void awaitMended(MembershipCheck.Mended expected) throws Exception {
    int[] sum = new int[2];
    Await.until(
        "it is mended",
        PATIENCE,
        () -> {
          MembershipCheck.Mended mended = step();
          sum[0] += mended.removed();
          sum[1] += mended.restored();
          return sum[0] + sum[1] >= expected.removed() + expected.restored();
        });
    assertEquals(expected, new MembershipCheck.Mended(sum[0], sum[1]));
  }

  private void compareAll() throws Exception {
    for (HazelcastStore node : store.all()) {
      await(node.replicaCheck().step(64));
    }
  }

  private long differing() {
    return store.all().stream().mapToLong(it -> it.replicaCheck().differing()).sum();
  }
}
