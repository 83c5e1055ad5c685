package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.member;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerList;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When light commands may be applied to a state object, and when they must take the long way. */
class OpenValuesTest {
  private static final long T0 = 1_000_000_000;
  private static final int INDEX = 7;
  private static final PeerCommand.Find FIND =
      new PeerCommand.Find("p", new SwarmKey("s"), true, Origin.UNKNOWN, T0 + 1);
  private static final SwarmCommand.Find LIST =
      new SwarmCommand.Find("q", PeerNum.NOTHING, new Draw(29, PeerNum.NOTHING, 1, false, null));

  private final NodeState node = new NodeState(TIMERS, 10);
  private final OpenValues open = node.open();
  private final FakeReplicas replicas = new FakeReplicas();
  private final ShortWay shortWay = new ShortWay(node, replicas);
  private final InternalSerializationService serialization =
      new DefaultSerializationServiceBuilder()
          .addDataSerializableFactory(StateFactory.ID, new StateFactory())
          .build();
  private final Slot<Integer, ShardValue> shard = new Slot<>(INDEX);
  private final Slot<String, SwarmValue> swarm = new Slot<>("s");

  @BeforeEach
  void somebodyIsThere() {
    process(connect("p").leech("s").at(T0));
    process(new PeerCommand.Track("p", T0));
    process(new SwarmCommand.Join(member("p", T0), null));
    process(new SwarmCommand.Join(member("q", T0), null));
  }

  @AfterEach
  void stop() {
    serialization.dispose();
  }

  private void process(PeerCommand<?> command) {
    PeerProcessor<?> processor = new PeerProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(node));
    processor.process(shard.entry());
  }

  private void process(SwarmCommand<?> command) {
    SwarmProcessor<?> processor = new SwarmProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(node));
    processor.process(swarm.entry());
  }

  private PeerCommand.@Nullable FindAdmission find() {
    return resultOf(shortWay.onShard(INDEX, FIND));
  }

  private @Nullable PeerList list() {
    return resultOf(shortWay.onSwarm("s", LIST));
  }

  private static <R> @Nullable R resultOf(@Nullable Applied<R> applied) {
    return applied == null ? null : applied.result();
  }

  @Test
  void anOwnersStateIsOpen() {
    assertTrue(requireNonNull(find()).allowed());
    assertTrue(requireNonNull(requireNonNull(list()).entries()).length > 0);
    assertTrue(open.isUnsaved(INDEX));
  }

  @Test
  void whatIsNotThereIsNotOpen() {
    assertNull(shortWay.onShard(INDEX + 1, FIND));
    assertNull(shortWay.onSwarm("t", LIST));
    assertFalse(open.isUnsaved(INDEX + 1));
  }

  /** To another node, or to a copy: what is noted here from now on would not be there. */
  @Test
  void whatIsWrittenToGoElsewhereCloses() {
    ShardValue moved = serialization.toObject(serialization.toData(shard.value()));
    SwarmValue movedSwarm = serialization.toObject(serialization.toData(swarm.value()));

    assertNull(find());
    assertNull(list());
    assertEquals(1, requireNonNull(moved).apply(PeerShard::size));
    assertEquals(2, requireNonNull(movedSwarm).apply(Swarm::size));

    process(new PeerCommand.Look("p"));
    process(new SwarmCommand.Look("p"));
    assertNotNull(find());
    assertNotNull(list());
  }

  @Test
  void aCopyIsClosed() {
    PeerBackup backup = new PeerBackup(new PeerCommand.Track("p", T0 + 1), null);
    backup.setHazelcastInstance(Contexts.holding(node));
    backup.process(shard.entry());
    new SwarmBackup(new SwarmCommand.Join(member("r", 1), null), null).process(swarm.entry());

    assertNull(find());
    assertNull(list());
  }

  @Test
  void aSwarmWithoutMembersIsClosed() {
    process(
        new SwarmCommand.LeaveAll(
            List.of(new SwarmCommand.Leave("p", T0), new SwarmCommand.Leave("q", T0))));

    assertNull(swarm.value());
    assertNull(list());
  }

  @Test
  void aStateThatReplacesAnotherClosesIt() {
    ShardValue before = requireNonNull(shard.value());
    shard.entry().setValue(new ShardValue());
    process(connect("other").leech("s").at(T0));

    assertNull(before.opening());
    assertFalse(requireNonNull(find()).allowed());
  }

  @Test
  void whatGivesWayInAMergeIsClosed() {
    ShardValue ours = requireNonNull(shard.value());
    SwarmValue ourSwarm = requireNonNull(swarm.value());

    MergePolicyTest.merge(new ShardMergePolicy(), node, INDEX, ours, new ShardValue());
    MergePolicyTest.merge(new SwarmMergePolicy(), node, "s", ourSwarm, new SwarmValue());

    assertNull(find());
    assertNull(list());
  }

  @Test
  void aShardThatWentToAnotherNodeIsClosed() {
    node.shardLeft(INDEX);

    assertNull(find());
    assertNotNull(list());
  }

  @Test
  void allCloseWhenANetworkSplitHeals() {
    open.closeAll();

    assertNull(find());
    assertNull(list());
  }

  @Test
  void nothingIsServedWhileTheNodeMayNot() {
    shortWay.serveWhile(() -> false);
    assertNull(find());
    assertNull(list());

    shortWay.serveWhile(() -> true);
    assertNotNull(find());
  }
}
