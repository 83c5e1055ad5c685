package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A tracker's store as the world sees it: each request goes to the next node, and what each node
 * does for its own part is done by all. Thread-safe.
 */
final class SharedStore implements TrackerStore, AutoCloseable {
  private final List<HazelcastStore> nodes;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * A turn of its own: in a test that repeats three calls, the same node would be first for ever.
   */
  private final AtomicInteger nextToExpire = new AtomicInteger();

  SharedStore(List<HazelcastStore> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  HazelcastStore node(int index) {
    return nodes.get(index);
  }

  List<HazelcastStore> all() {
    return nodes;
  }

  private HazelcastStore anyNode() {
    return nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
  }

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return anyNode().change(peerId, command);
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return anyNode().ask(peerId, query);
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return anyNode().ask(swarm, query);
  }

  @Override
  public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
    return anyNode().state(swarm, statement);
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    CompletionStage<List<Departure>> all = CompletableFuture.completedStage(new ArrayList<>());
    int first = Math.floorMod(nextToExpire.getAndIncrement(), nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      HazelcastStore node = nodes.get((first + i) % nodes.size());
      all =
          all.thenCompose(
              sofar ->
                  node.expire(nowMs, maximum - sofar.size(), trackMs)
                      .thenApply(
                          more -> {
                            sofar.addAll(more);
                            return sofar;
                          }));
    }
    return all;
  }

  @Override
  public void limit(Room room) {
    nodes.forEach(node -> node.limit(room));
  }

  @Override
  public long refusedForRoom() {
    return nodes.stream().mapToLong(HazelcastStore::refusedForRoom).sum();
  }

  /** Counts what each node owns, all at once. */
  @Override
  public CompletionStage<Census> census() {
    Census sum = Census.NONE;
    for (HazelcastStore node : nodes) {
      sum = sum.plus(node.ownCensus().toCompletableFuture().join());
    }
    return CompletableFuture.completedStage(sum);
  }

  @Override
  public void observe(SwarmObserver observer) {
    nodes.forEach(node -> node.observe(observer));
  }

  @Override
  public SwarmRanking ranking() {
    return new SwarmRanking() {
      @Override
      public void survey() {
        nodes.forEach(node -> node.ranking().survey());
      }

      @Override
      public List<SwarmSize> own(int most) {
        return anyNode().ranking().own(most);
      }

      @Override
      public CompletionStage<Ranking> all(int most) {
        return anyNode().ranking().all(most);
      }
    };
  }

  @Override
  public void close() {
    nodes.forEach(HazelcastStore::close);
  }
}
