package io.ppstp.tracker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * Who is registered where, and what lists say of it, whichever node is asked. For a store in which
 * every peer is told with whatever it advertised.
 */
final class StoreLists {
  private final TrackerStore store;
  private final int nodes;
  private final List<String> peers;
  private final List<SwarmKey> swarms;

  /** How a list names a peer. */
  record Listed(PeerMode mode, PeerAddresses addresses) {}

  /**
   * Looks at some peers and swarms, the only ones of a store.
   *
   * @param nodes how many there are, each of which is asked in turn
   */
  StoreLists(TrackerStore store, int nodes, List<String> peers, List<String> swarms) {
    this.store = store;
    this.nodes = nodes;
    this.peers = peers;
    this.swarms = swarms.stream().map(SwarmKey::new).toList();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static Optional<Member> member(TrackerStore store, SwarmKey swarm, String peerId) {
    return await(store.ask(swarm, new SwarmQuery.Look(swarm, peerId)));
  }

  /** Waits until a list says of a peer what it should, whichever node is asked. */
  static void awaitMember(
      TrackerStore store, int nodes, SwarmKey swarm, String peerId, Optional<Member> expected) {
    Await.until(
        () -> expected + ", but " + member(store, swarm, peerId),
        () -> {
          boolean everywhere = true;
          for (int i = 0; i < nodes; i++) {
            everywhere &= member(store, swarm, peerId).equals(expected);
          }
          return everywhere;
        });
  }

  static void awaitCensus(TrackerStore store, Census expected) {
    Await.until(
        () -> expected + ", but " + await(store.census()),
        () -> await(store.census()).equals(expected));
  }

  /** Returns what lists should say. */
  Map<String, Map<String, Listed>> registered() {
    Map<String, Map<String, Listed>> registered = new TreeMap<>();
    for (String peer : peers) {
      await(store.ask(peer, new PeerQuery.Look(peer)))
          .ifPresent(
              view ->
                  view.memberships()
                      .forEach(
                          (swarm, mode) ->
                              registered
                                  .computeIfAbsent(swarm.swarmId(), first -> new TreeMap<>())
                                  .put(peer, new Listed(mode, view.addresses()))));
    }
    return registered;
  }

  /** Returns what lists say. */
  Map<String, Map<String, Listed>> listed() {
    Map<String, Map<String, Listed>> listed = new TreeMap<>();
    for (SwarmKey swarm : swarms) {
      Map<String, Listed> members = new TreeMap<>();
      for (Member member :
          await(store.ask(swarm, new SwarmQuery.Slice(swarm, 0, Integer.MAX_VALUE)))) {
        members.put(member.id(), new Listed(member.mode(), member.addresses()));
      }
      if (!members.isEmpty()) {
        listed.put(swarm.swarmId(), members);
      }
    }
    return listed;
  }

  /** Waits until lists have followed all registrations, and fails if they do not come to agree. */
  void awaitFollowed() {
    Map<String, Map<String, Listed>> registered = registered();
    Await.until(
        () -> "lists follow: " + registered + ", but they are " + listed(),
        () -> {
          boolean everywhere = true;
          for (int i = 0; i < nodes; i++) {
            everywhere &= listed().equals(registered);
          }
          return everywhere;
        });
    long peersThere =
        registered.values().stream()
            .flatMap(members -> members.keySet().stream())
            .distinct()
            .count();
    long members = registered.values().stream().mapToInt(Map::size).sum();
    awaitCensus(store, new Census(peersThere, registered.size(), members));
    assertEquals(registered, registered(), "nobody changes anything meanwhile");
  }
}
