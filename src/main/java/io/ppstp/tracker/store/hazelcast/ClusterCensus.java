package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.Question.ShardCount;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.transport.MemberView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * What the whole cluster holds, as the owners of the shards have counted it last. A shard whose
 * owner does not answer, or has died and left it to another, counts as before until its new owner
 * has counted it: no count is ever less than what is there for want of an answer. Thread-safe.
 */
final class ClusterCensus {
  private final ShardCount[] peers = new ShardCount[Shards.PEERS];
  private final ShardCount[] swarms = new ShardCount[Shards.SWARMS];
  private volatile Census latest = Census.NONE;

  /** Makes a census of nothing. */
  ClusterCensus() {
    for (int shard = 0; shard < peers.length; shard++) {
      peers[shard] = new ShardCount(StateKind.PEERS, shard, 0, 0, 0);
    }
    for (int shard = 0; shard < swarms.length; shard++) {
      swarms[shard] = new ShardCount(StateKind.SWARMS, shard, 0, 0, 0);
    }
  }

  /**
   * Counts what this node owns and asks all others, and compares their counts with the backups that
   * are here. The stage completes when all have answered, or are given up.
   */
  CompletionStage<Census> refresh(
      LocalAnswers local, List<MemberView.Other> others, Asking asking, LongSupplier nanoClock) {
    count(local.counts());
    List<CompletionStage<Boolean>> counting = new ArrayList<>();
    for (MemberView.Other other : others) {
      long askedNs = nanoClock.getAsLong();
      counting.add(
          asking
              .askNode(other.name(), new Question.Counts())
              .thenApply(
                  counts -> {
                    counts.ifPresent(
                        known -> {
                          count(known);
                          local.compare(known, askedNs);
                        });
                    return counts.isPresent();
                  }));
    }
    return counting.isEmpty()
        ? CompletableFuture.completedStage(latest)
        : Stages.all(counting).thenApply(counted -> latest);
  }

  /** Takes in what an owner has counted. */
  synchronized void count(List<ShardCount> counts) {
    for (ShardCount count : counts) {
      (count.kind() == StateKind.PEERS ? peers : swarms)[count.shard()] = count;
    }
    latest = LocalAnswers.sum(List.of(peers)).plus(LocalAnswers.sum(List.of(swarms)));
  }
}
