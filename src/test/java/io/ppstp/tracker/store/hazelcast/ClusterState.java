package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.testing.Await;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * All that can be seen of the state through one node; immutable.
 *
 * @param lists the members of each swarm that has any
 */
record ClusterState(Map<String, RegistrationView> peers, Map<String, Set<String>> lists) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST = 100_000;

  static ClusterState of(
      HazelcastStore node, Collection<String> peerIds, Collection<String> swarmIds)
      throws Exception {
    Map<String, RegistrationView> peers = new HashMap<>();
    for (String id : peerIds) {
      await(node.ask(id, new PeerQuery.Look(id))).ifPresent(view -> peers.put(id, view));
    }
    Map<String, Set<String>> lists = new TreeMap<>();
    for (String id : swarmIds) {
      SwarmKey swarm = new SwarmKey(id);
      List<Member> members = await(node.ask(swarm, new SwarmQuery.Slice(swarm, 0, MOST)));
      if (!members.isEmpty()) {
        Set<String> ids = new TreeSet<>();
        members.forEach(member -> ids.add(member.id()));
        lists.put(id, ids);
      }
    }
    return new ClusterState(peers, lists);
  }

  /** Returns the lists as they have to be by the registrations. */
  Map<String, Set<String>> listsByRegistrations() {
    Map<String, Set<String>> lists = new TreeMap<>();
    peers.forEach(
        (id, view) ->
            view.memberships()
                .keySet()
                .forEach(
                    swarm ->
                        lists.computeIfAbsent(swarm.swarmId(), first -> new TreeSet<>()).add(id)));
    return lists;
  }

  /** Waits until at each node by itself the lists are what the registrations say. */
  static void awaitListsThatFollow(
      SharedStore store, Collection<String> peerIds, Collection<String> swarmIds) throws Exception {
    for (HazelcastStore node : store.all()) {
      boolean unused = Await.holdsWithin(PATIENCE, () -> follows(of(node, peerIds, swarmIds)));
      ClusterState state = of(node, peerIds, swarmIds);
      assertEquals(state.listsByRegistrations(), state.lists());
    }
  }

  private static boolean follows(ClusterState state) {
    return state.lists().equals(state.listsByRegistrations());
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
