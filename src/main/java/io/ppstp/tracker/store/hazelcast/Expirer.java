package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.state.NodeState.HeardPeers;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends registrations whose track timer has run out, in the shards that this node owns. Thread-safe;
 * no method blocks.
 *
 * <p>The owner asks the nodes that have backups whom they have heard of before it lets anybody
 * expire. A node that dies takes with it what it had not passed on yet, so for a while after one
 * has gone timers run longer by as much: a crash lets nobody expire early.
 */
final class Expirer {
  /** Peers that one shard expires in one go, if so many may: a full batch is few operations. */
  private static final int SHARE = 50;

  /** How long one call waits for lists to follow; what takes longer is told by a later one. */
  private static final long WAIT_MS = 1000;

  private static final long LONGEST_PASS_ON_MS = 30_000;
  private static final long PASS_ON_DIVISOR = 8;

  private final Placement placement;
  private final Operations operations;
  private final Asking asking;
  private final HeardPeers heard;
  private final ListUpdater updater;
  private final long passOnMs;
  private volatile int firstToExpire;
  private final AtomicBoolean memberLost = new AtomicBoolean();
  private volatile long graceUntilMs = Long.MIN_VALUE;
  private volatile long passedOnMs = Long.MIN_VALUE;
  private volatile int passedOnShard;

  /**
   * Makes one.
   *
   * @param trackMs the track timer
   */
  Expirer(
      Placement placement,
      Operations operations,
      Asking asking,
      HeardPeers heard,
      ListUpdater updater,
      long trackMs) {
    this.placement = placement;
    this.operations = operations;
    this.asking = asking;
    this.heard = heard;
    this.updater = updater;
    this.passOnMs = passOnMs(trackMs);
  }

  /** Returns within what time a node passes on whom it has heard of, in milliseconds. */
  private static long passOnMs(long trackMs) {
    return Math.max(1, Math.min(LONGEST_PASS_ON_MS, trackMs / PASS_ON_DIVISOR));
  }

  /** A node is gone, perhaps with what it had not passed on. */
  void memberLost() {
    memberLost.set(true);
  }

  /**
   * Visits all owned shards that are due, a few at a time, until {@code maximum} is reached.
   *
   * @return the departures that lists have followed since the last call
   */
  CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    if (memberLost.getAndSet(false)) {
      graceUntilMs = nowMs + trackMs + passOnMs;
    }
    long timerMs = nowMs < graceUntilMs ? trackMs + passOnMs : trackMs;
    List<Integer> due = due(nowMs, timerMs);
    return expire(due, nowMs, maximum, timerMs, new ArrayList<>())
        .thenCompose(this::awaitLists)
        .thenApply(done -> updater.takeEnded());
  }

  /** The owned shards that are due, beginning behind that where the last batch ended. */
  private List<Integer> due(long nowMs, long timerMs) {
    List<Integer> due = new ArrayList<>(0);
    int start = firstToExpire;
    for (int i = 0; i < Shards.PEERS; i++) {
      int shard = (start + i) % Shards.PEERS;
      if (placement.role(StateKind.PEERS, shard) == Role.OWNER) {
        StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, shard);
        if (value != null && value.read(state -> state.nextDueMs(timerMs)) <= nowMs) {
          due.add(shard);
        }
      }
    }
    return due;
  }

  private CompletionStage<List<CompletionStage<Boolean>>> expire(
      List<Integer> due,
      long nowMs,
      int maximum,
      long timerMs,
      List<CompletionStage<Boolean>> ends) {
    int left = maximum - ends.size();
    if (due.isEmpty() || left <= 0) {
      return CompletableFuture.completedStage(ends);
    }
    int together = Math.min(due.size(), Math.max(1, left / SHARE));
    List<CompletionStage<List<ListUpdate>>> expiring = new ArrayList<>(together);
    for (int shard : due.subList(0, together)) {
      expiring.add(expire(shard, nowMs, left / together, timerMs));
    }
    firstToExpire = (due.get(together - 1) + 1) % Shards.PEERS;
    List<Integer> rest = due.subList(together, due.size());
    return Stages.all(expiring)
        .thenCompose(
            lists -> {
              for (List<ListUpdate> updates : lists) {
                for (ListUpdate update : updates) {
                  ends.add(updater.end(Shards.ofPeer(update.peerId()), update));
                }
              }
              return expire(rest, nowMs, maximum, timerMs, ends);
            });
  }

  /** A shard whose backups do not answer waits for the next call. */
  private CompletionStage<List<ListUpdate>> expire(
      int shard, long nowMs, int maximum, long timerMs) {
    List<CompletionStage<Optional<List<Heard>>>> asked = new ArrayList<>(1);
    for (String node : placement.backups(StateKind.PEERS, shard)) {
      asked.add(asking.askNode(node, new Question.HeardOf(shard)));
    }
    return Stages.all(asked)
        .thenCompose(
            answers -> {
              if (answers.stream().anyMatch(Optional::isEmpty)) {
                return CompletableFuture.completedStage(List.of());
              }
              List<Heard> here = heard.of(shard);
              List<Heard> all = new ArrayList<>(here);
              answers.forEach(answer -> all.addAll(answer.orElseThrow()));
              return operations
                  .change(
                      StateKind.PEERS,
                      shard,
                      new PeerCommand.Expire(nowMs, maximum, timerMs, all),
                      asking.executor())
                  .thenApply(
                      result -> {
                        heard.told(shard, here);
                        return updates(result);
                      });
            });
  }

  @SuppressWarnings("unchecked")
  private static List<ListUpdate> updates(Object result) {
    return (List<ListUpdate>) result;
  }

  private CompletionStage<Boolean> awaitLists(List<CompletionStage<Boolean>> ends) {
    if (ends.isEmpty()) {
      return CompletableFuture.completedStage(true);
    }
    return Stages.all(ends)
        .thenApply(done -> true)
        .toCompletableFuture()
        .completeOnTimeout(false, WAIT_MS, TimeUnit.MILLISECONDS)
        .thenApplyAsync(done -> done, asking.executor());
  }

  /**
   * Passes on to the owners of shards who was heard of here, a share of the shards at a time: all
   * of them within the time that a node may keep it to itself. To be called about every second. If
   * it fails, a later call does it.
   */
  void passOn(long nowMs) {
    if (passedOnMs == Long.MIN_VALUE) {
      passedOnMs = nowMs;
    }
    long share = (nowMs - passedOnMs) * Shards.PEERS / passOnMs;
    int count = (int) Math.min(share, Shards.PEERS);
    if (count <= 0) {
      return;
    }
    passedOnMs = nowMs;
    for (int i = 0; i < count; i++) {
      int shard = (passedOnShard + i) % Shards.PEERS;
      List<Heard> peers = heard.of(shard);
      if (!peers.isEmpty()) {
        operations
            .change(StateKind.PEERS, shard, new PeerCommand.Touch(peers), asking.executor())
            .thenAccept(done -> heard.told(shard, peers));
      }
    }
    passedOnShard = (passedOnShard + count) % Shards.PEERS;
  }
}
