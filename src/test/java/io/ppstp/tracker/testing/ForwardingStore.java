package io.ppstp.tracker.testing;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.store.TrackerStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store in front of another, for tests to fail or delay what passes. */
public abstract class ForwardingStore implements TrackerStore {
  private final TrackerStore store;

  /** Stands in front of {@code store}. */
  protected ForwardingStore(TrackerStore store) {
    this.store = store;
  }

  /** Lets an operation on the state pass, or does something else in its place. */
  protected abstract <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation);

  @Override
  public <R> CompletionStage<R> onPeer(String peerId, PeerCommand<R> command) {
    return pass(() -> store.onPeer(peerId, command));
  }

  @Override
  public <R> CompletionStage<R> onSwarm(SwarmKey swarm, SwarmCommand<R> command) {
    return pass(() -> store.onSwarm(swarm, command));
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
    return pass(() -> store.expire(nowMs, maximum, timers));
  }

  @Override
  public CompletionStage<List<Departure>> forget(List<Departure> done) {
    return pass(() -> store.forget(done));
  }

  @Override
  public void limit(int registrations) {
    store.limit(registrations);
  }

  @Override
  public CompletionStage<Census> census() {
    return store.census();
  }
}
