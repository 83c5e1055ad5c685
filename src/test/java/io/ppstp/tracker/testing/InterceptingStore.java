package io.ppstp.tracker.testing;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.store.ForwardingStore;
import io.ppstp.tracker.store.TrackerStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store in front of another, for tests to fail or delay what passes. */
public abstract class InterceptingStore extends ForwardingStore {
  /** Stands in front of {@code store}. */
  protected InterceptingStore(TrackerStore store) {
    super(store);
  }

  /** Lets an operation on the state pass, or does something else in its place. */
  protected abstract <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation);

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return pass(() -> super.change(peerId, command));
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return pass(() -> super.ask(peerId, query));
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return pass(() -> super.ask(swarm, query));
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    return pass(() -> super.expire(nowMs, maximum, trackMs));
  }
}
