package io.ppstp.tracker.testing;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Room;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return pass(() -> store.change(peerId, command));
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return pass(() -> store.ask(peerId, query));
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return pass(() -> store.ask(swarm, query));
  }

  @Override
  public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
    return store.state(swarm, statement);
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    return pass(() -> store.expire(nowMs, maximum, trackMs));
  }

  @Override
  public void limit(Room room) {
    store.limit(room);
  }

  @Override
  public long refusedForRoom() {
    return store.refusedForRoom();
  }

  @Override
  public CompletionStage<Census> census() {
    return store.census();
  }

  @Override
  public void observe(SwarmObserver observer) {
    store.observe(observer);
  }

  @Override
  public SwarmRanking ranking() {
    return store.ranking();
  }
}
