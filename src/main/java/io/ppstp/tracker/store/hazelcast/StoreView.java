package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Room;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.transport.Lease;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A node's store as seen from one executor. Thread-safe.
 *
 * @param whole which does what has nothing to do with an executor
 */
record StoreView(TrackerStore whole, Lease lease, Operations operations, Asking asking)
    implements TrackerStore {
  @Override
  @SuppressWarnings("unchecked")
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return lease.isValid()
        ? operations
            .change(StateKind.PEERS, Shards.ofPeer(peerId), command, asking.executor())
            .thenApply(result -> (R) acknowledged(result))
        : notReady();
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return lease.isValid() ? asking.ask(Shards.ofPeer(peerId), query) : notReady();
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return lease.isValid() ? asking.ask(Shards.ofSwarm(swarm), query) : notReady();
  }

  @Override
  public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
    return whole.state(swarm, statement);
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    return whole.expire(nowMs, maximum, trackMs).thenApplyAsync(ended -> ended, asking.executor());
  }

  @Override
  public void limit(Room room) {
    whole.limit(room);
  }

  @Override
  public long refusedForRoom() {
    return whole.refusedForRoom();
  }

  @Override
  public CompletionStage<Census> census() {
    return whole.census().thenApplyAsync(counted -> counted, asking.executor());
  }

  @Override
  public CompletionStage<Census> ownCensus() {
    return whole.ownCensus();
  }

  @Override
  public void observe(SwarmObserver observer) {
    whole.observe(observer);
  }

  @Override
  public SwarmRanking ranking() {
    return whole.ranking();
  }

  static <R> CompletionStage<R> notReady() {
    return CompletableFuture.failedStage(
        StoreUnavailableException.notExecuted("this node does not know where the cluster stands"));
  }

  /**
   * A change is acknowledged by a node that may speak for the cluster when it does so: what was
   * done while it lost that right may be undone.
   */
  private Object acknowledged(Object result) {
    if (!lease.isValid()) {
      throw new StoreUnavailableException("this node lost the cluster while it made a change");
    }
    return result;
  }
}
