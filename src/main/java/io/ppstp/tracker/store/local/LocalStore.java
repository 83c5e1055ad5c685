package io.ppstp.tracker.store.local;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerCommand.Decision;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.Swarm;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.CountedBudget;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.SwarmSurvey;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all state in this process. Thread-safe: a lock for each shard. Everything is done by the
 * caller's thread before the method returns; lists have followed by then.
 *
 * <p>A shard of registrations stays locked until the lists have followed its change, so that they
 * follow in the order of the changes; the shards of swarms are locked inside that, one at a time.
 */
public final class LocalStore implements TrackerStore {
  private final PeerShard[] peers = new PeerShard[Shards.PEERS];
  private final SwarmShard[] swarms = new SwarmShard[Shards.SWARMS];
  private final CountedBudget budget;
  private final SwarmRanking ranking = new LocalRanking(new SwarmSurvey(this::visit));

  /** The shard that the next {@link #expire} starts at, so that a full batch starves none. */
  private volatile int firstToExpire;

  private volatile SwarmObserver observer = SwarmObserver.NONE;

  /** Makes an empty store for at most {@code maximumPeers} registrations. */
  public LocalStore(int maximumPeers) {
    budget = new CountedBudget(maximumPeers);
    for (int i = 0; i < peers.length; i++) {
      peers[i] = new PeerShard();
    }
    for (int i = 0; i < swarms.length; i++) {
      swarms[i] = new SwarmShard();
    }
  }

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return stageOf(() -> change(Shards.ofPeer(peerId), command));
  }

  private static <R> CompletionStage<R> stageOf(Supplier<R> work) {
    try {
      return CompletableFuture.completedStage(work.get());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private <R> R change(int index, PeerCommand<R> command) {
    PeerShard shard = peers[index];
    synchronized (shard) {
      Decision<R> decision = command.decide(shard, budget);
      ShardChange change = decision.change();
      shard.apply(change.withNothingNoted());
      for (ListUpdate update : change.noted()) {
        update.forEach(
            (key, member) -> {
              SwarmShard swarm = shardOf(key);
              synchronized (swarm) {
                swarm.apply(key, member, observer);
              }
            });
      }
      return decision.result();
    }
  }

  private SwarmShard shardOf(SwarmKey key) {
    return swarms[Shards.ofSwarm(key)];
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return stageOf(
        () -> {
          PeerShard shard = peers[Shards.ofPeer(peerId)];
          synchronized (shard) {
            R result = query.answer(shard);
            Heard heard = query.heard(result);
            if (heard != null) {
              shard.hear(heard);
            }
            return result;
          }
        });
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey key, SwarmQuery<R> query) {
    return stageOf(
        () -> {
          SwarmShard shard = shardOf(key);
          synchronized (shard) {
            return query.answer(shard);
          }
        });
  }

  @Override
  public @Nullable StreamStats state(SwarmKey key, Statement statement) {
    SwarmShard shard = shardOf(key);
    synchronized (shard) {
      return shard.apply(key, statement, observer);
    }
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    List<Departure> ended = new ArrayList<>(0);
    int start = firstToExpire;
    for (int i = 0; i < peers.length && ended.size() < maximum; i++) {
      int index = (start + i) % peers.length;
      if (!isDue(peers[index], nowMs, trackMs)) {
        continue;
      }
      int left = maximum - ended.size();
      for (ListUpdate update :
          change(index, new PeerCommand.Expire(nowMs, left, trackMs, List.of()))) {
        if (update.departure() != null) {
          ended.add(update.departure());
        }
      }
      firstToExpire = (index + 1) % peers.length;
    }
    return CompletableFuture.completedStage(ended);
  }

  private static boolean isDue(PeerShard shard, long nowMs, long trackMs) {
    synchronized (shard) {
      return shard.nextDueMs(trackMs) <= nowMs;
    }
  }

  @Override
  public void limit(Room room) {
    budget.limit(room);
  }

  @Override
  public long refusedForRoom() {
    return budget.refused();
  }

  @Override
  public CompletionStage<Census> census() {
    long count = 0;
    long members = 0;
    for (SwarmShard shard : swarms) {
      synchronized (shard) {
        count += shard.size();
        members += shard.members();
      }
    }
    return CompletableFuture.completedStage(new Census(budget.peers(), count, members));
  }

  @Override
  public void observe(SwarmObserver told) {
    observer = told;
  }

  private void visit(int shard, Consumer<Swarm> visitor) {
    synchronized (swarms[shard]) {
      swarms[shard].forEach(visitor);
    }
  }

  @Override
  public SwarmRanking ranking() {
    return ranking;
  }
}
