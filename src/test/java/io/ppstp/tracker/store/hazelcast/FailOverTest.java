package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.store.hazelcast.ClusterState.await;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was acknowledged holds when the owner of it ends, whatever came at the same time. */
class FailOverTest {
  private static final int ROUNDS = 20;
  private static final int PEERS = 400;
  private static final List<String> SWARMS = IntStream.range(0, 20).mapToObj(i -> "s" + i).toList();
  private static final List<String> IDS = IntStream.range(0, PEERS).mapToObj(i -> "p" + i).toList();

  /** What the answers to two CONNECTs of one peer, sent to two nodes at once, allow. */
  private record Pair(CompletionStage<ConnectOutcome> one, CompletionStage<ConnectOutcome> other) {}

  /**
   * Each peer switches at two nodes at about the same time. Of two switches from the same swarm one
   * is executed and the other refused, or both one after the other; then one node ends.
   */
  @Test
  void twoNodesWithOnePeerAtOnceThenTheOwnerEnds() throws Exception {
    SplittableRandom random = Seeds.random();
    int differing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (TestMembers members = TestMembers.start(2, 2)) {
        SharedStore store = members.emptyStore(PEERS);
        List<Pair> pairs = new ArrayList<>();
        for (String id : IDS) {
          await(store.change(id, connect(id).additive().seeder("home").at(1)));
        }
        for (String id : IDS) {
          String one = SWARMS.get(random.nextInt(SWARMS.size()));
          String other = SWARMS.get(random.nextInt(SWARMS.size()));
          PeerCommand.Connect first = connect(id).additive().seeder(one).leave("home").at(2);
          PeerCommand.Connect second = connect(id).additive().seeder(other).leave("home").at(2);
          pairs.add(new Pair(store.node(0).change(id, first), store.node(1).change(id, second)));
        }
        Map<String, Set<SwarmKey>> answered = new HashMap<>();
        for (int i = 0; i < PEERS; i++) {
          Set<SwarmKey> joined = new HashSet<>();
          joined.addAll(joined(await(pairs.get(i).one())));
          joined.addAll(joined(await(pairs.get(i).other())));
          answered.put(IDS.get(i), joined);
        }

        members.get(round % 2).getLifecycleService().terminate();
        members.awaitSafe();
        SharedStore left = members.store();

        for (String id : IDS) {
          Optional<RegistrationView> view = await(left.ask(id, new PeerQuery.Look(id)));
          Set<SwarmKey> held = view.map(it -> it.memberships().keySet()).orElse(Set.of());
          differing += held.equals(answered.get(id)) ? 0 : 1;
        }
        Set<String> all = new TreeSet<>(SWARMS);
        all.add("home");
        ClusterState.awaitListsThatFollow(left, IDS, all);
      }
    }
    assertEquals(0, differing);
  }

  private static Set<SwarmKey> joined(ConnectOutcome outcome) {
    Set<SwarmKey> joined = new HashSet<>();
    if (outcome instanceof ConnectOutcome.Granted granted) {
      granted.steps().stream()
          .filter(step -> step.joins() && step.successful())
          .forEach(step -> joined.add(step.swarm()));
    }
    return joined;
  }

  /** Where a peer is goes with its state, to backups and to members that join. */
  @Test
  void peersStayWhereTheyAreThoughTheOwnerEndsAndAnotherComes() throws Exception {
    try (TestMembers members = TestMembers.start(2, 2)) {
      SharedStore store = members.emptyStore(PEERS);
      for (int i = 0; i < PEERS; i++) {
        PeerCommand.Connect connect = connect(IDS.get(i)).leech("s").from("21.0.0.1").at(1);
        Origin origin = connect.origin().in(1 + i);
        await(store.change(IDS.get(i), connect.at(origin, connect.advertised())));
      }
      ClusterState.awaitListsThatFollow(store, IDS, List.of("s"));
      members.get(0).getLifecycleService().terminate();
      members.awaitSafe();

      SwarmKey swarm = new SwarmKey("s");
      SharedStore left = members.store();
      for (int i = 0; i < PEERS; i++) {
        Place place =
            await(left.ask(swarm, new SwarmQuery.Look(swarm, IDS.get(i)))).orElseThrow().place();
        assertEquals(1 + i, place.network());
        assertTrue(place.host() != 0);
      }
    }
  }

  /** The next owner finds what its predecessor had noted and lists had not followed yet. */
  @Test
  void listsFollowThoughTheOwnerEndsRightAfterTheAnswer() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TestMembers members = TestMembers.start(3, 3)) {
      SharedStore store = members.emptyStore(PEERS);
      List<CompletionStage<ConnectOutcome>> answers = new ArrayList<>();
      for (String id : IDS) {
        String swarm = SWARMS.get(random.nextInt(SWARMS.size()));
        answers.add(store.change(id, connect(id).leech(swarm).at(1)));
      }
      for (CompletionStage<ConnectOutcome> answer : answers) {
        await(answer);
      }
      long waiting = 0;
      for (HazelcastStore node : store.all()) {
        waiting += node.figures().waitingChanges();
      }
      members.get(random.nextInt(3)).getLifecycleService().terminate();
      System.out.println(waiting + " changes of lists waited when the owner ended");
      members.awaitSafe();

      SharedStore left = members.store();
      ClusterState.awaitListsThatFollow(left, IDS, SWARMS);
      ClusterState state = ClusterState.of(left.node(0), IDS, SWARMS);
      assertEquals(PEERS, state.peers().size());
      assertTrue(state.lists().values().stream().mapToInt(Set::size).sum() == PEERS);
    }
  }
}
