package io.ppstp.tracker.store.local;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.store.CountedBudget;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps all state in this process. Thread-safe: a lock per shard, one per swarm through the map.
 * Every command is applied by the caller's thread before the method returns.
 */
public final class LocalStore implements TrackerStore {
  private final PeerShard[] shards = new PeerShard[Shards.COUNT];
  private final ConcurrentHashMap<SwarmKey, Swarm> swarms = new ConcurrentHashMap<>();
  private final LongAdder members = new LongAdder();
  private final CountedBudget budget;

  /** The shard that the next {@link #expire} starts at, so that a full batch starves none. */
  private volatile int firstToExpire;

  /** Makes an empty store for at most {@code maximumPeers} registrations. */
  public LocalStore(int maximumPeers) {
    budget = new CountedBudget(maximumPeers);
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new PeerShard();
    }
  }

  @Override
  public <R> CompletionStage<R> onPeer(String peerId, PeerCommand<R> command) {
    try {
      return CompletableFuture.completedStage(onShard(Shards.of(peerId), command));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private <R> R onShard(int index, PeerCommand<R> command) {
    PeerShard shard = shards[index];
    synchronized (shard) {
      return command.apply(shard, budget);
    }
  }

  @Override
  public <R> CompletionStage<R> onSwarm(SwarmKey key, SwarmCommand<R> command) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    try {
      apply(key, command, answer);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private <R> void apply(SwarmKey key, SwarmCommand<R> command, CompletableFuture<R> answer) {
    swarms.compute(
        key,
        (same, present) -> {
          Swarm swarm = present == null ? new Swarm() : present;
          int before = swarm.size();
          R result = command.apply(swarm);
          int change = swarm.size() - before;
          if (change != 0) {
            members.add(change);
          }
          answer.complete(result);
          return swarm.size() == 0 ? null : swarm;
        });
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
    List<Departure> due = new ArrayList<>(0);
    int start = firstToExpire;
    for (int i = 0; i < shards.length && due.size() < maximum; i++) {
      int index = (start + i) % shards.length;
      due.addAll(onShard(index, new PeerCommand.Expire(nowMs, maximum - due.size(), timers)));
      firstToExpire = (index + 1) % shards.length;
    }
    return CompletableFuture.completedStage(due);
  }

  @Override
  public CompletionStage<List<Departure>> forget(List<Departure> done) {
    List<Departure> forgotten = new ArrayList<>(done.size());
    for (Departure departure : done) {
      PeerCommand.Forget forget = new PeerCommand.Forget(List.of(departure));
      forgotten.addAll(onShard(Shards.of(departure.peerId()), forget));
    }
    return CompletableFuture.completedStage(forgotten);
  }

  @Override
  public void limit(int registrations) {
    budget.limit(registrations);
  }

  @Override
  public CompletionStage<Census> census() {
    return CompletableFuture.completedStage(
        new Census(budget.peers(), swarms.mappingCount(), members.sum()));
  }
}
