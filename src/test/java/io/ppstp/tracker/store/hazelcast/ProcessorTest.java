package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.member;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.map.EntryProcessor;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entry processors as the plain functions that they are, here and after their journey. */
class ProcessorTest {
  private static final long T0 = 1_000_000_000;
  private static final Draw DRAW = new Draw(29, PeerNum.NOTHING, 1, false, null);

  private final NodeState node = new NodeState(TIMERS, 1);
  private final NodeState elsewhere = new NodeState(TIMERS, 1);
  private final InternalSerializationService serialization =
      new DefaultSerializationServiceBuilder()
          .addDataSerializableFactory(StateFactory.ID, new StateFactory())
          .build();
  private final Slot<Integer, ShardValue> shard = new Slot<>(7);
  private final Slot<String, SwarmValue> swarm = new Slot<>("s");

  @AfterEach
  void stop() {
    serialization.dispose();
  }

  private <T> T travelled(T object) {
    return requireNonNull(serialization.<T>toObject(serialization.toData(object)));
  }

  private <R> PeerProcessor<R> processor(PeerCommand<R> command) {
    PeerProcessor<R> processor = new PeerProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(node));
    return processor;
  }

  private <R> SwarmProcessor<R> processor(SwarmCommand<R> command) {
    SwarmProcessor<R> processor = new SwarmProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(node));
    return processor;
  }

  private <R> R run(PeerCommand<R> command) throws IOException {
    return result(command, processor(command).process(shard.entry()));
  }

  @SuppressWarnings("unchecked")
  private static <R> R result(PeerCommand<R> command, byte[] answer) throws IOException {
    return (R) Bytes.read(answer, in -> PeerCommandFormats.ALL.readResult(in, command));
  }

  @SuppressWarnings("unchecked")
  private <R> R run(SwarmCommand<R> command) throws IOException {
    byte[] answer = processor(command).process(swarm.entry());
    return (R) Bytes.read(answer, in -> SwarmCommandFormats.ALL.readResult(in, command));
  }

  @Test
  void aChangeIsWrittenAndSentToTheBackups() throws IOException {
    PeerCommand.Connect connect = connect("p").leech("s").at(T0);
    PeerProcessor<ConnectOutcome> processor = processor(connect);

    ConnectOutcome outcome = result(connect, processor.process(shard.entry()));

    assertInstanceOf(ConnectOutcome.Granted.class, outcome);
    assertEquals(1, shard.writes());
    assertEquals(1, requireNonNull(shard.value()).apply(PeerShard::size));
    assertInstanceOf(PeerBackup.class, processor.getBackupProcessor());
  }

  @Test
  void whatChangesNothingIsNeitherWrittenNorSent() throws IOException {
    PeerCommand.Track track = new PeerCommand.Track("p", T0);
    PeerProcessor<Boolean> processor = processor(track);

    assertFalse(result(track, processor.process(shard.entry())));

    assertEquals(0, shard.writes());
    assertNull(shard.value());
    assertNull(processor.getBackupProcessor());
  }

  /** Hazelcast may run one processor twice, when a node died in between. */
  @Test
  void aSecondRunHasNoBackupOfTheFirst() throws IOException {
    run(connect("p").leech("s").at(T0));
    PeerProcessor<List<Departure>> expire =
        processor(new PeerCommand.Expire(T0 + TIMERS.initMs(), 10, TIMERS));

    expire.process(shard.entry());
    assertNotNull(expire.getBackupProcessor());
    expire.process(shard.entry());
    assertNull(expire.getBackupProcessor());
  }

  @Test
  void theNodesBudgetDecidesAndTheBackupFollows() throws IOException {
    PeerCommand.Connect first = connect("p").leech("s").at(T0);
    run(first);
    assertEquals(
        new ConnectOutcome.Refused(ErrorCode.SERVICE_UNAVAILABLE, null),
        run(connect("q").leech("s").at(T0)));

    Slot<Integer, ShardValue> copy = new Slot<>(7);
    backup(new PeerBackup(first, null)).process(copy.entry());
    assertEquals(1, requireNonNull(copy.value()).apply(PeerShard::size));
  }

  @Test
  void theNodeLearnsWhenTheShardIsDueOnTheOwnerAndOnTheBackup() throws IOException {
    run(connect("p").leech("s").at(T0));
    assertFalse(node.mayBeDue(7, T0 + TIMERS.initMs() - 1));
    assertTrue(node.mayBeDue(7, T0 + TIMERS.initMs()));

    backup(new PeerBackup(new PeerCommand.Track("p", T0 + 1), null)).process(shard.entry());
    assertFalse(node.mayBeDue(7, T0 + TIMERS.trackMs()));
    assertTrue(node.mayBeDue(7, T0 + 1 + TIMERS.trackMs()));
  }

  private PeerBackup backup(PeerBackup backup) {
    backup.setHazelcastInstance(Contexts.holding(node));
    return backup;
  }

  @Test
  void aSwarmGoesWithItsLastMember() throws IOException {
    run(new SwarmCommand.Join(member("p", 1), null));
    assertNotNull(swarm.value());
    assertTrue(run(new SwarmCommand.Leave("p", 2)));
    assertNull(swarm.value());
    assertEquals(2, swarm.writes());
  }

  @Test
  void aQuestionAboutAnAbsentSwarmDoesNotMakeIt() throws IOException {
    assertNotNull(run(new SwarmCommand.Find("p", PeerNum.NOTHING, DRAW)).entries());
    assertEquals(Optional.empty(), run(new SwarmCommand.Look("p")));
    assertFalse(run(new SwarmCommand.Leave("p", 2)));
    assertEquals(0, swarm.writes());
    assertNull(swarm.value());
  }

  /** Answers that peers can state again are not worth a message to another node. */
  @Test
  void onlyJoinsAndLeavesOfASwarmAreSentToTheBackups() throws IOException {
    run(new SwarmCommand.Join(member("p", 1), null));
    assertNotNull(backupOf(new SwarmCommand.Look("p")), "it opens the swarm");
    for (SwarmCommand<?> command :
        List.of(
            new SwarmCommand.Find("p", new PeerNum(3, null, 4, 5, 6), DRAW),
            new SwarmCommand.Look("p"),
            new SwarmCommand.Slice(0, 10),
            new SwarmCommand.Leave("q", 9))) {
      assertNull(backupOf(command), command::toString);
    }
    assertNotNull(backupOf(new SwarmCommand.Join(member("p", 2), DRAW)));
    assertNotNull(backupOf(new SwarmCommand.Leave("p", 2)));
  }

  private @Nullable Object backupOf(SwarmCommand<?> command) {
    SwarmProcessor<?> processor = processor(command);
    processor.process(swarm.entry());
    return processor.getBackupProcessor();
  }

  @Test
  void aBackupOfASwarmFollowsItsOwner() throws IOException {
    Slot<String, SwarmValue> copy = new Slot<>("s");
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < 5000; i++) {
      String id = "p" + random.nextInt(6);
      SwarmCommand<?> command =
          switch (random.nextInt(4)) {
            case 0 -> new SwarmCommand.Leave(id, i - random.nextInt(9));
            case 1 ->
                new SwarmCommand.LeaveAll(
                    List.of(new SwarmCommand.Leave(id, i), new SwarmCommand.Leave("p0", i)));
            default -> new SwarmCommand.Join(member(id, i - random.nextInt(9)), DRAW);
          };
      SwarmProcessor<?> owner = travelled(new SwarmProcessor<>(command));
      owner.setHazelcastInstance(Contexts.holding(node));
      owner.process(swarm.entry());
      EntryProcessor<String, SwarmValue, byte[]> backup = owner.getBackupProcessor();
      if (backup != null) {
        SwarmBackup there = (SwarmBackup) travelled(backup);
        there.setHazelcastInstance(Contexts.holding(elsewhere));
        there.process(copy.entry());
      }
      assertEquals(members(swarm), members(copy), command::toString);
    }
  }

  private static @Nullable Map<String, Member> members(Slot<String, SwarmValue> slot) {
    SwarmValue value = slot.value();
    if (value == null) {
      return null;
    }
    Map<String, Member> members = new HashMap<>();
    value.apply(Swarm::members).forEach(it -> members.put(it.id(), it));
    return members;
  }

  @Test
  void aBackupOfAShardFollowsItsOwner() throws IOException {
    SplittableRandom random = Seeds.random();
    NodeState roomy = new NodeState(TIMERS, 8);
    Slot<Integer, ShardValue> copy = new Slot<>(7);
    List<PeerCommand.Connect> sent = new ArrayList<>();
    long nowMs = T0;
    for (int i = 0; i < 20_000; i++) {
      nowMs += random.nextInt(3000);
      PeerCommand<?> command = anyCommand(random, nowMs, sent);
      PeerProcessor<?> owner = travelled(new PeerProcessor<>(command));
      owner.setHazelcastInstance(Contexts.holding(roomy));
      owner.process(shard.entry());
      if (owner.getBackupProcessor() instanceof PeerBackup backup) {
        PeerBackup there = travelled(backup);
        there.setHazelcastInstance(Contexts.holding(elsewhere));
        there.process(copy.entry());
      }
      if (random.nextInt(50) == 0) {
        assertSame(snapshot(shard), snapshot(copy), command);
      }
    }
  }

  private static ShardSnapshot snapshot(Slot<Integer, ShardValue> slot) {
    ShardValue value = slot.value();
    return (value == null ? new ShardValue() : value).apply(PeerShard::snapshot);
  }

  /**
   * A backup may remember old ends a little longer: it does not hear of expiry that ends nobody.
   */
  private static void assertSame(
      ShardSnapshot owner, ShardSnapshot copy, PeerCommand<?> lastCommand) {
    assertEquals(owner.registrations(), copy.registrations(), lastCommand::toString);
    assertEquals(owner.departures(), copy.departures(), lastCommand::toString);
    assertEquals(owner.lastStamp(), copy.lastStamp(), lastCommand::toString);
    assertTrue(
        new HashSet<>(copy.terminated()).containsAll(owner.terminated()), lastCommand::toString);
  }

  private PeerCommand<?> anyCommand(
      SplittableRandom random, long nowMs, List<PeerCommand.Connect> sent) {
    String id = "p" + random.nextInt(12);
    SwarmKey any = new SwarmKey("s" + random.nextInt(3));
    return switch (random.nextInt(10)) {
      case 0 -> new PeerCommand.Track(id, nowMs);
      case 1 -> new PeerCommand.Find(id, any, random.nextBoolean(), Origin.UNKNOWN, nowMs);
      case 2 -> new PeerCommand.Report(id, List.of(any), Origin.UNKNOWN, nowMs);
      case 3 -> new PeerCommand.Expire(nowMs, random.nextInt(4), TIMERS);
      case 4 -> new PeerCommand.Forget(someDepartures(random));
      case 5 ->
          sent.isEmpty()
              ? new PeerCommand.Look(id)
              : ConnectBuilder.repeated(sent.get(random.nextInt(sent.size())), nowMs);
      default -> {
        PeerCommand.Connect connect = anyConnect(random, id, nowMs);
        sent.add(connect);
        yield connect;
      }
    };
  }

  private List<Departure> someDepartures(SplittableRandom random) {
    return snapshot(shard).departures().stream().filter(it -> random.nextBoolean()).toList();
  }

  private static PeerCommand.Connect anyConnect(SplittableRandom random, String id, long nowMs) {
    ConnectBuilder connect = connect(id).maxSwarms(2);
    for (int i = random.nextInt(3); i >= 0; i--) {
      String any = "s" + random.nextInt(3);
      switch (random.nextInt(4)) {
        case 0 -> connect.seeder(any);
        case 1 -> connect.leech(any);
        default -> connect.leave(any);
      }
    }
    return (random.nextBoolean() ? connect.additive() : connect).at(nowMs);
  }

  @Test
  void countingCountsPeersAndMembers() throws IOException {
    run(connect("p").leech("s").at(T0));
    run(new SwarmCommand.Join(member("p", 1), null));
    run(new SwarmCommand.Join(member("q", 1), null));
    CountProcessor count = travelled(new CountProcessor());

    assertEquals(1, count.process(anyEntry(requireNonNull(shard.value()))));
    assertEquals(2, count.process(anyEntry(requireNonNull(swarm.value()))));
    assertNull(count.getBackupProcessor());
  }

  private static Map.Entry<Object, Object> anyEntry(Object value) {
    return Map.entry("key", value);
  }
}
