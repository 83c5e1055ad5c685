package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.hazelcast.state.Question.ShardCount;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import java.util.List;

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

  /** Takes in what an owner has counted. */
  synchronized void count(List<ShardCount> counts) {
    for (ShardCount count : counts) {
      (count.kind() == StateKind.PEERS ? peers : swarms)[count.shard()] = count;
    }
    latest = sum(List.of(peers)).plus(sum(List.of(swarms)));
  }

  /** Returns the last sum. */
  Census latest() {
    return latest;
  }

  static Census sum(List<ShardCount> counts) {
    long peers = 0;
    long swarms = 0;
    long members = 0;
    for (ShardCount count : counts) {
      if (count.kind() == StateKind.PEERS) {
        peers += count.items();
      } else {
        swarms += count.items();
        members += count.members();
      }
    }
    return new Census(peers, swarms, members);
  }
}
