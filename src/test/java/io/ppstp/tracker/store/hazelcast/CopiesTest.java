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

import com.hazelcast.map.EntryProcessor;
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
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.store.hazelcast.Applied.Copying;
import io.ppstp.tracker.testing.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the short way does at the owner of a state object, and then at a copy of it. */
class CopiesTest {
  private static final long T0 = 1_000_000_000;
  private static final int INDEX = 7;
  private static final SwarmKey S = new SwarmKey("s");
  private static final PeerNum ANY = PeerNum.NOTHING;

  private final Node owner = new Node();
  private final Node copy = new Node();

  /** One of two nodes that share a shard and a swarm. */
  private static final class Node {
    final NodeState state = new NodeState(TIMERS, 1000);
    final FakeReplicas replicas = new FakeReplicas();
    final ShortWay shortWay = new ShortWay(state, replicas);
    final Slot<Integer, ShardValue> shard = new Slot<>(INDEX);
    final Slot<String, SwarmValue> swarm = new Slot<>("s");

    ShardSnapshot snapshot() {
      return requireNonNull(shard.value()).apply(PeerShard::snapshot);
    }

    Set<Member> members() {
      return new HashSet<>(requireNonNull(swarm.value()).apply(Swarm::members));
    }
  }

  @BeforeEach
  void somebodyIsThereAndAllIsOpen() {
    owner.replicas.copies = List.of("copy");
    copy.replicas.copies = null;
    copy.replicas.copyIsHere = true;
    goLongWay(connect("p").leech("s").at(T0));
    goLongWay(new PeerCommand.Track("p", T0));
    for (String id : List.of("p", "q", "r")) {
      goLongWay(new SwarmCommand.Join(member(id, T0), null));
    }
  }

  private void goLongWay(PeerCommand<?> command) {
    PeerProcessor<?> processor = new PeerProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(owner.state));
    processor.process(owner.shard.entry());
    EntryProcessor<Integer, ShardValue, byte[]> backup = processor.getBackupProcessor();
    if (backup instanceof PeerBackup there) {
      there.setHazelcastInstance(Contexts.holding(copy.state));
      there.process(copy.shard.entry());
    }
  }

  private void goLongWay(SwarmCommand<?> command) {
    SwarmProcessor<?> processor = new SwarmProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(owner.state));
    processor.process(owner.swarm.entry());
    EntryProcessor<String, SwarmValue, byte[]> backup = processor.getBackupProcessor();
    if (backup instanceof SwarmBackup there) {
      there.setHazelcastInstance(Contexts.holding(copy.state));
      there.process(copy.swarm.entry());
    }
  }

  /** Applies a command at the owner and returns what the copy is to be told. */
  private Errand<Boolean> atOwner(PeerCommand<?> command) {
    return told(requireNonNull(owner.shortWay.onShard(INDEX, command)));
  }

  private Errand<Boolean> atOwner(SwarmCommand<?> command) {
    return told(requireNonNull(owner.shortWay.onSwarm("s", command)));
  }

  private static Errand<Boolean> told(Applied<?> applied) {
    Copying copying = requireNonNull(applied.copying());
    assertEquals(List.of("copy"), copying.nodes());
    return copying.errand();
  }

  @Test
  void aCopyIsToldWhatItsOwnerDid() {
    assertNotNull(atOwner(connect("new").leech("s").at(T0 + 1)).run(copy.shortWay));
    assertNotNull(atOwner(new SwarmCommand.Join(member("new", T0 + 1), null)).run(copy.shortWay));
    assertNotNull(atOwner(new SwarmCommand.Leave("q", T0 + 2)).run(copy.shortWay));

    assertEquals(2, copy.snapshot().registrations().size());
    assertEquals(owner.snapshot(), copy.snapshot());
    assertEquals(owner.members(), copy.members());
    assertEquals(2, owner.state.budget().peers());
    assertEquals(0, copy.state.budget().peers(), "they are the owner's to count");
  }

  @Test
  void whatChangesNothingIsNotTold() {
    assertNull(requireNonNull(owner.shortWay.onShard(INDEX, new PeerCommand.Look("p"))).copying());
    assertNull(
        requireNonNull(owner.shortWay.onSwarm("s", new SwarmCommand.Leave("nobody", T0)))
            .copying());
  }

  @Test
  void withoutCopiesNobodyIsTold() {
    owner.replicas.copies = List.of();

    assertNull(
        requireNonNull(owner.shortWay.onShard(INDEX, connect("new").leech("s").at(T0))).copying());
  }

  @Test
  void nothingIsChangedByANodeThatIsOwnerNoMore() {
    owner.replicas.copies = null;

    assertNull(owner.shortWay.onShard(INDEX, connect("new").leech("s").at(T0)));
    assertNull(owner.shortWay.onSwarm("s", new SwarmCommand.Leave("p", T0 + 1)));
    assertEquals(1, owner.snapshot().registrations().size());
    assertEquals(3, owner.members().size());
  }

  /** It could not be taken from its map. */
  @Test
  void theLastMemberLeavesTheLongWay() {
    atOwner(new SwarmCommand.Leave("q", T0 + 1)).run(copy.shortWay);
    atOwner(new SwarmCommand.Leave("r", T0 + 1)).run(copy.shortWay);

    assertNull(owner.shortWay.onSwarm("s", new SwarmCommand.Leave("p", T0 + 1)));
    assertEquals(1, owner.members().size());
  }

  @Test
  void aCopyFollowsNobodyButItsOwner() {
    long other = requireNonNull(requireNonNull(owner.shard.value()).opening()).number() + 1;

    assertNull(
        new Errand.ShardCopy(INDEX, other, new PeerCommand.Track("p", T0 + 1)).run(copy.shortWay));
    assertEquals(owner.snapshot(), copy.snapshot());
  }

  /** The state that came may be that of the copy, in another object. */
  @Test
  void aCopyFollowsNobodyAfterAStateHasComeUntilItIsOpenedAnew() {
    copy.state.open().stateArrived();
    assertNull(atOwner(new PeerCommand.Track("p", T0 + 1)).run(copy.shortWay));
    assertNull(copy.shortWay.onShard(INDEX, find("p")));

    goLongWay(new PeerCommand.Track("p", T0 + 2));
    assertNotNull(atOwner(new PeerCommand.Track("p", T0 + 3)).run(copy.shortWay));
    assertEquals(owner.snapshot(), copy.snapshot());
  }

  @Test
  void aCopyFollowsNobodyAfterAChangeInTheClusterUntilItIsOpenedAnew() {
    copy.replicas.version = 1;

    assertNull(atOwner(new PeerCommand.Track("p", T0 + 1)).run(copy.shortWay));
    assertNull(copy.shortWay.onShard(INDEX, find("p")));
  }

  private static PeerCommand.Find find(String id) {
    return new PeerCommand.Find(id, S, true, Origin.UNKNOWN, T0 + 5);
  }

  @Test
  void aCopyAdmitsThoseThatItKnows() {
    assertTrue(requireNonNull(copy.shortWay.onShard(INDEX, find("p"))).result().allowed());
    assertTrue(copy.state.open().isUnsaved(INDEX));
  }

  /** The owner may know somebody of whom the copy has not heard yet. */
  @Test
  void aCopyTurnsNobodyAway() {
    assertNull(copy.shortWay.onShard(INDEX, find("stranger")));
    assertNull(copy.shortWay.onShard(INDEX, connect("p").leave("s").at(T0 + 1)));
  }

  @Test
  void aNodeThatIsToHaveNoCopyDoesNotAnswerFromOne() {
    copy.replicas.copyIsHere = false;

    assertNull(copy.shortWay.onShard(INDEX, find("p")));
    assertNull(copy.shortWay.onSwarm("s", list(ANY)));
  }

  @Test
  void theOwnerLearnsWhoWasHeardOfAtACopy() {
    copy.shortWay.onShard(INDEX, find("p"));
    List<PeerCommand.Touch> heardOf =
        requireNonNull(copy.shortWay.onShard(INDEX, new PeerCommand.Save())).result();

    assertEquals(List.of(new PeerCommand.Touch("p", T0 + 5)), heardOf);
    assertNotNull(atOwner(new PeerCommand.Touches(heardOf)).run(copy.shortWay));
    assertEquals(owner.snapshot(), copy.snapshot());
    assertEquals(T0 + 5, owner.snapshot().registrations().get(0).lastSeenMs());
    assertFalse(copy.state.open().isUnsaved(INDEX));
  }

  /** The owner has not heard of the peer as lately as the copy. */
  @Test
  void aCopyKeepsWhatItKnowsBetter() {
    copy.shortWay.onShard(INDEX, find("p"));
    assertNotNull(
        new Errand.ShardCopy(
                INDEX,
                requireNonNull(requireNonNull(owner.shard.value()).opening()).number(),
                new PeerCommand.Touches(List.of(new PeerCommand.Touch("p", T0 + 2))))
            .run(copy.shortWay));

    assertEquals(T0 + 5, copy.snapshot().registrations().get(0).lastSeenMs());
    assertEquals(
        List.of(new PeerCommand.Touch("p", T0 + 5)),
        requireNonNull(copy.shortWay.onShard(INDEX, new PeerCommand.Save())).result());
  }

  @Test
  void expiryEndsOnACopyThoseWhomTheOwnerEnded() {
    goLongWay(connect("silent").leech("s").at(T0));
    goLongWay(new PeerCommand.Track("silent", T0));
    // The copy knows no better than that both have been silent.
    requireNonNull(owner.shortWay.onShard(INDEX, find("p")));
    goLongWay(new PeerCommand.Expire(T0 + TIMERS.trackMs(), 10, TIMERS));

    assertEquals(1, owner.snapshot().registrations().size());
    assertEquals(1, copy.snapshot().registrations().size());
    assertEquals("p", copy.snapshot().registrations().get(0).peerId());
    assertEquals(owner.snapshot().departures(), copy.snapshot().departures());
    List<Departure> departures = copy.snapshot().departures();
    assertEquals("silent", departures.get(0).peerId());
  }

  private static SwarmCommand.Find list(PeerNum wish) {
    return new SwarmCommand.Find("q", ANY, new Draw(29, wish, 1, false, null));
  }

  @Test
  void aCopyDrawsListsOfThoseWhoHaveNoWishes() {
    assertTrue(
        requireNonNull(requireNonNull(copy.shortWay.onSwarm("s", list(ANY))).result().entries())
                .length
            > 0);
    assertNull(copy.shortWay.onSwarm("s", list(new PeerNum(3, null, 4, 5, 6))));
  }

  @Test
  void aCopyNotesWhatAPeerStatesAndLetsTheOwnerKnow() {
    StreamStats stats = new StreamStats("s", 1, 2, 3, 4);
    copy.replicas.owner = "owner";
    Applied<Boolean> applied =
        requireNonNull(copy.shortWay.onSwarm("s", new SwarmCommand.Report("p", stats)));

    assertTrue(applied.result());
    assertNull(applied.copying());
    assertEquals("owner", requireNonNull(applied.news()).node());
    assertNotNull(applied.news().errand().run(owner.shortWay));
    assertEquals(stats, statsAt(owner));
    assertEquals(stats, statsAt(copy));
  }

  private static @Nullable StreamStats statsAt(Node node) {
    Optional<Member> member = node.members().stream().filter(it -> it.id().equals("p")).findFirst();
    return member.orElseThrow().stats();
  }

  /** Whatever is done, and whichever way it goes. */
  @Test
  void aCopyIsAtAnyTimeWhatItsOwnerIs() {
    SplittableRandom random = Seeds.random();
    long nowMs = T0;
    for (int i = 0; i < 20_000; i++) {
      nowMs += random.nextInt(2000);
      if (random.nextInt(10) == 0) {
        goLongWay(new PeerCommand.Expire(nowMs, random.nextInt(4), TIMERS));
      }
      PeerCommand<?> command = anyCommand(random, nowMs);
      Copying copying = requireNonNull(owner.shortWay.onShard(INDEX, command)).copying();
      if (random.nextInt(50) == 0) {
        copy.state.open().stateArrived();
      }
      if (copying != null && copying.errand().run(copy.shortWay) == null) {
        goLongWay(command);
      }
      assertEquals(ids(owner), ids(copy), command::toString);
    }
  }

  private static Set<String> ids(Node node) {
    Set<String> all = new HashSet<>();
    node.snapshot().registrations().forEach(it -> all.add(it.peerId() + it.memberships()));
    return all;
  }

  private static PeerCommand<?> anyCommand(SplittableRandom random, long nowMs) {
    String id = "p" + random.nextInt(12);
    SwarmKey any = new SwarmKey("s" + random.nextInt(3));
    return switch (random.nextInt(5)) {
      case 0 -> new PeerCommand.Track(id, nowMs);
      case 1 -> new PeerCommand.Find(id, any, random.nextBoolean(), Origin.UNKNOWN, nowMs);
      case 2 -> new PeerCommand.Report(id, List.of(any), Origin.UNKNOWN, nowMs);
      case 3 -> connect(id).additive().leave(any.swarmId()).at(nowMs);
      default -> connect(id).additive().leech(any.swarmId()).at(nowMs);
    };
  }
}
