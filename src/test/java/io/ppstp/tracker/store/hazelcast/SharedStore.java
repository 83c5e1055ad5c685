package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tracker's store as the world sees it: each command goes to the next node, and what each node
 * does for its own part is done by all. Thread-safe.
 */
final class SharedStore implements TrackerStore {
  private final List<HazelcastStore> nodes;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * A turn of its own: in a test that repeats three calls, the same node would be first for ever.
   */
  private final AtomicInteger nextToExpire = new AtomicInteger();

  SharedStore(List<HazelcastStore> nodes) {
    this.nodes = List.copyOf(nodes);
    refreshed();
  }

  HazelcastStore node(int index) {
    return nodes.get(index);
  }

  /** Returns the registrations that all nodes count against their budgets. */
  static long registrations(TrackerStore store) {
    return ((SharedStore) store).nodes.stream().mapToLong(HazelcastStore::ownedPeers).sum();
  }

  private HazelcastStore anyNode() {
    return nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
  }

  @Override
  public <R> CompletionStage<R> onPeer(String peerId, PeerCommand<R> command) {
    return anyNode().onPeer(peerId, command);
  }

  @Override
  public <R> CompletionStage<R> onSwarm(SwarmKey swarm, SwarmCommand<R> command) {
    return anyNode().onSwarm(swarm, command);
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
    CompletionStage<List<Departure>> all = CompletableFuture.completedStage(new ArrayList<>());
    int first = Math.floorMod(nextToExpire.getAndIncrement(), nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      HazelcastStore node = nodes.get((first + i) % nodes.size());
      all =
          all.thenCompose(
              sofar ->
                  node.expire(nowMs, maximum - sofar.size(), timers)
                      .thenApply(
                          more -> {
                            sofar.addAll(more);
                            return sofar;
                          }));
    }
    return all;
  }

  @Override
  public CompletionStage<List<Departure>> forget(List<Departure> done) {
    return anyNode().forget(done);
  }

  @Override
  public void limit(int registrations) {
    nodes.forEach(node -> node.limit(registrations));
  }

  @Override
  public CompletionStage<Census> census() {
    return CompletableFuture.completedStage(refreshed());
  }

  private synchronized Census refreshed() {
    nodes.forEach(node -> node.clusterCensus().refresh());
    return nodes.get(nodes.size() - 1).clusterCensus().latest();
  }
}
