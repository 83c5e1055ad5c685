package io.ppstp.tracker.store;

import io.ppstp.tracker.tracker.Departure;
import io.ppstp.tracker.tracker.PeerCommand;
import io.ppstp.tracker.tracker.SwarmCommand;
import io.ppstp.tracker.tracker.SwarmKey;
import io.ppstp.tracker.tracker.Timers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A view of a store whose stages complete on one executor, such as an event loop: what a room
 * builds on them then runs where the room lives. A stage that is complete at once costs no detour.
 */
public final class ConfinedStore implements TrackerStore {
  private final TrackerStore store;
  private final Executor executor;

  /** Views {@code store} from {@code executor}. */
  public ConfinedStore(TrackerStore store, Executor executor) {
    this.store = store;
    this.executor = executor;
  }

  @Override
  public <R> CompletionStage<R> onPeer(String peerId, PeerCommand<R> command) {
    return confine(store.onPeer(peerId, command));
  }

  @Override
  public <R> CompletionStage<R> onSwarm(SwarmKey swarm, SwarmCommand<R> command) {
    return confine(store.onSwarm(swarm, command));
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
    return confine(store.expire(nowMs, maximum, timers));
  }

  @Override
  public CompletionStage<List<Departure>> forget(List<Departure> done) {
    return confine(store.forget(done));
  }

  @Override
  public void limit(int registrations) {
    store.limit(registrations);
  }

  @Override
  public CompletionStage<Census> census() {
    return confine(store.census());
  }

  private <T> CompletionStage<T> confine(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.isDone() ? future : future.whenCompleteAsync((result, failure) -> {}, executor);
  }
}
