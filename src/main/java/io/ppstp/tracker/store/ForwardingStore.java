package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another, which does all that a subclass does not do otherwise. Of {@link
 * #on}, the view from one executor, a subclass has to make one of its own kind. As thread-safe as
 * the store behind it.
 */
public abstract class ForwardingStore implements TrackerStore {
  private final TrackerStore store;

  /** Stands in front of {@code store}. */
  protected ForwardingStore(TrackerStore store) {
    this.store = store;
  }

  /** Returns the store behind this one. */
  protected final TrackerStore store() {
    return store;
  }

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return store.change(peerId, command);
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return store.ask(peerId, query);
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return store.ask(swarm, query);
  }

  @Override
  public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
    return store.state(swarm, statement);
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    return store.expire(nowMs, maximum, trackMs);
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
  public CompletionStage<Census> ownCensus() {
    return store.ownCensus();
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
