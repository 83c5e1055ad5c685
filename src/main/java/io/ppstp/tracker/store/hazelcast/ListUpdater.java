package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.ListQueue.Batch;
import io.ppstp.tracker.store.hazelcast.ListQueue.Item;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.ShardUpdates.PendingUpdate;
import io.ppstp.tracker.store.hazelcast.state.NodeState.UpdateSink;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the lists of swarms follow the registrations that this node owns. Thread-safe; no method
 * blocks.
 *
 * <p>What a change of a registration means for lists stands in the same replicated value as the
 * registration (a transactional outbox). The owner of the shard takes it up when it is noted,
 * carries it out in batches, one operation at a time for each shard of swarms, and strikes it out.
 * If the owner fails before that, the next owner finds the note and does it again.
 */
final class ListUpdater implements UpdateSink {
  /** More changes than that mean that lists cannot follow: no CONNECT is taken before they have. */
  private static final int MOST_WAITING = 500_000;

  private final Operations operations;
  private final Placement placement;
  private final Executor executor;
  private final LongSupplier nanoClock;
  private final List<ListQueue> queues = new ArrayList<>(Shards.SWARMS);
  private final List<ShardUpdates> shards = new ArrayList<>(Shards.PEERS);
  private final Queue<Departure> ended = new ConcurrentLinkedQueue<>();
  private UUID member;
  private volatile int waiting;
  private volatile long oldestNs;

  /**
   * Makes one that has nothing to do yet.
   *
   * @param intervalNs the shortest time between two batches for one shard of swarms
   * @param executor for what comes of operations
   * @param nanoClock monotonic, as {@link System#nanoTime()}
   */
  ListUpdater(
      Operations operations,
      Placement placement,
      long intervalNs,
      Executor executor,
      LongSupplier nanoClock) {
    this.operations = operations;
    this.placement = placement;
    this.executor = executor;
    this.nanoClock = nanoClock;
    this.oldestNs = nanoClock.getAsLong();
    this.member = placement.here();
    for (int i = 0; i < Shards.SWARMS; i++) {
      queues.add(new ListQueue(intervalNs, oldestNs));
    }
    for (int i = 0; i < Shards.PEERS; i++) {
      shards.add(new ShardUpdates());
    }
  }

  /**
   * Takes up all that stands in the shard, and not only what is new: another node may have owned it
   * until a moment ago, and what it noted and did not carry out comes before.
   */
  @Override
  public void noted(int shard, List<ListUpdate> updates) {
    StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, shard);
    takeUp(shard, value == null ? updates : allIn(value));
  }

  private static List<ListUpdate> allIn(StateValue<PeerShard, ?> value) {
    return value.read(state -> List.copyOf(state.updates()));
  }

  private void takeUp(int shard, List<ListUpdate> all) {
    long nowNs = nanoClock.getAsLong();
    ShardUpdates known = shards.get(shard);
    known.dropAllBut(all);
    for (ListUpdate update : all) {
      PendingUpdate pending = known.add(shard, update, nowNs);
      if (pending != null) {
        update.forEach(
            (swarm, change) ->
                queues.get(Shards.ofSwarm(swarm)).add(new Item(pending, swarm, change)));
      }
    }
  }

  @Override
  public List<Long> takeFollowed(int shard) {
    return shards.get(shard).takeFollowed(nanoClock.getAsLong());
  }

  @Override
  public boolean isBehind() {
    return waiting > MOST_WAITING;
  }

  /** Lets a list have a statement, with the next batch that goes to it. */
  void state(SwarmKey swarm, Statement statement) {
    queues.get(Shards.ofSwarm(swarm)).add(swarm, statement);
  }

  /** Completes when an update that this node owns is struck out, or is no longer its affair. */
  CompletionStage<Boolean> end(int shard, ListUpdate update) {
    PendingUpdate pending = shards.get(shard).get(update.stamp());
    return pending == null ? CompletableFuture.completedFuture(false) : pending.end();
  }

  /** Returns, once each, the departures that lists have followed. */
  List<Departure> takeEnded() {
    List<Departure> taken = new ArrayList<>(0);
    Departure next = ended.poll();
    while (next != null) {
      taken.add(next);
      next = ended.poll();
    }
    return taken;
  }

  /** Returns how many changes of lists wait. */
  int waiting() {
    return waiting;
  }

  /** Returns for how long the oldest change of a list waits, in nanoseconds. */
  long oldestAgeNs() {
    return nanoClock.getAsLong() - oldestNs;
  }

  /** Sends what is to go; to be called many times a second, by one thread at a time. */
  void flush() {
    forgetWhatWasBeforeAMerge();
    long nowNs = nanoClock.getAsLong();
    int count = 0;
    long oldest = nowNs;
    for (int shard = 0; shard < queues.size(); shard++) {
      ListQueue queue = queues.get(shard);
      Batch batch = queue.take(nowNs);
      if (batch != null) {
        send(shard, queue, batch);
      }
      count += queue.size();
      long since = queue.oldestNs(nowNs);
      oldest = since - oldest < 0 ? since : oldest;
    }
    waiting = count;
    oldestNs = oldest;
    for (int shard = 0; shard < shards.size(); shard++) {
      strike(shard, nowNs);
    }
  }

  /**
   * A node that the others had done without comes back as another member, and may own the same
   * shards again. What it had taken up before has been carried out by others meanwhile, and more
   * after it: a JOIN from then would bring back who has left.
   */
  private void forgetWhatWasBeforeAMerge() {
    UUID now = placement.here();
    if (!now.equals(member)) {
      member = now;
      shards.forEach(ShardUpdates::drop);
      refresh();
    }
  }

  private void send(int shard, ListQueue queue, Batch batch) {
    operations
        .change(StateKind.SWARMS, shard, batch.change(), executor)
        .whenComplete(
            (refused, failure) -> {
              long nowNs = nanoClock.getAsLong();
              if (failure == null) {
                queue
                    .settle(batch, refusedPlaces(refused), nowNs)
                    .forEach(item -> item.update().followed());
              } else {
                queue.failed(batch, nowNs);
              }
            });
  }

  @SuppressWarnings("unchecked")
  private static List<Integer> refusedPlaces(Object result) {
    return (List<Integer>) result;
  }

  private void strike(int shard, long nowNs) {
    ShardUpdates updates = shards.get(shard);
    List<PendingUpdate> followed = updates.takeToStrike(nowNs);
    if (followed.isEmpty()) {
      return;
    }
    List<Long> stamps = followed.stream().map(one -> one.update().stamp()).toList();
    operations
        .change(StateKind.PEERS, shard, new PeerCommand.StrikeOut(stamps), executor)
        .whenComplete(
            (noted, failure) -> {
              if (failure == null) {
                tell(noted);
              }
              updates.settle(followed, failure == null, nanoClock.getAsLong());
            });
  }

  private void tell(Object noted) {
    for (Object one : (List<?>) noted) {
      if (one instanceof ListUpdate update && update.departure() != null) {
        ended.add(update.departure());
      }
    }
  }

  /**
   * Takes up what stands in shards that have come to this node, and lets go of those that went; to
   * be called every second, and when the cluster has changed.
   */
  void refresh() {
    for (int shard = 0; shard < shards.size(); shard++) {
      if (placement.isOwner(placement.here(), shard)) {
        takeUp(shard);
      } else {
        shards.get(shard).drop();
      }
    }
  }

  private void takeUp(int shard) {
    StateValue<PeerShard, ?> value =
        placement.role(StateKind.PEERS, shard) == Role.OWNER
            ? placement.value(StateKind.PEERS, shard)
            : null;
    if (value != null) {
      takeUp(shard, allIn(value));
    }
  }

  /** How long a full circle of {@link #flush} may take at most to keep lists close. */
  static long flushIntervalNs() {
    return TimeUnit.MILLISECONDS.toNanos(25);
  }
}
