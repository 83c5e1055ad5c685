package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.store.hazelcast.ClusterState.await;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hazelcast.config.Config;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.ppstp.tracker.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sides of a split that come together keep what each of them has acknowledged. */
class MergeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MEMBERS = 3;
  private static final int PEERS = 2000;

  /** So many that one of them is merged before what the tracker has, whatever the order. */
  private static final int FAILING_MAPS = 8;

  private static final int FAILING_ENTRIES = 5;

  /** Fails, as a merge does whose backup does not answer. */
  public static final class FailingPolicy
      implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object> {
    /** For Hazelcast, which makes it by name. */
    public FailingPolicy() {}

    @Override
    public Object merge(
        MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
      throw new IllegalStateException("as the test wants it");
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
  }

  private static void addFailingMaps(Config config) {
    for (int i = 0; i < FAILING_MAPS; i++) {
      config
          .getMapConfig("failing-" + i)
          .setMergePolicyConfig(new MergePolicyConfig(FailingPolicy.class.getName(), 1));
    }
  }

  private static void fillFailingMaps(TestMembers members, int node) {
    for (int i = 0; i < FAILING_MAPS; i++) {
      for (int entry = 0; entry < FAILING_ENTRIES; entry++) {
        members.get(node).getMap("failing-" + i).set(entry, node);
      }
    }
  }

  private static void register(HazelcastStore store, int node) throws Exception {
    List<CompletionStage<?>> all = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      String id = node + "-" + i;
      all.add(store.change(id, connect(id).leech("s" + i % 100).at(1)));
    }
    for (CompletionStage<?> one : all) {
      await(one);
    }
  }

  /** A merge of maps that ended at the first failure would lose whatever it had not sent. */
  @Test
  void whatCannotBeMergedKeepsNothingElseFromIt() throws Exception {
    try (TestMembers members = TestMembers.startApart(MEMBERS, MergeTest::addFailingMaps)) {
      SharedStore store = members.store();
      for (int node = 0; node < MEMBERS; node++) {
        register(store.node(node), node);
        fillFailingMaps(members, node);
      }

      members.mergeAll();
      members.awaitSafe();

      long all = (long) MEMBERS * PEERS;
      boolean unused = Await.holdsWithin(PATIENCE, () -> await(store.census()).peers() == all);
      assertEquals(all, await(store.census()).peers());
    }
  }
}
