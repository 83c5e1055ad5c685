package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.store.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The peers that this node has heard of and the owners of their shards may not know about yet.
 * Thread-safe.
 *
 * <p>Most requests change nothing but when a peer was last heard of. An operation for each would
 * cost more than all the rest; so they are passed on many at a time, and the owner asks for them
 * before it lets anybody expire.
 */
public final class HeardPeers {
  private final List<Map<String, Long>> byShard = new ArrayList<>(Shards.PEERS);

  /** Makes one that has heard of nobody. */
  public HeardPeers() {
    for (int i = 0; i < Shards.PEERS; i++) {
      byShard.add(new HashMap<>(0));
    }
  }

  /** Notes that a peer was heard of. */
  public void note(int shard, Heard heard) {
    Map<String, Long> peers = byShard.get(shard);
    synchronized (peers) {
      peers.merge(heard.peerId(), heard.atMs(), Math::max);
    }
  }

  /** Returns who was heard of and when. */
  public List<Heard> of(int shard) {
    Map<String, Long> peers = byShard.get(shard);
    synchronized (peers) {
      List<Heard> all = new ArrayList<>(peers.size());
      peers.forEach((peerId, atMs) -> all.add(new Heard(peerId, atMs)));
      return all;
    }
  }

  /** Forgets what the owner has been told, except of whom was heard again since. */
  public void told(int shard, List<Heard> heard) {
    Map<String, Long> peers = byShard.get(shard);
    synchronized (peers) {
      for (Heard one : heard) {
        peers.remove(one.peerId(), one.atMs());
      }
    }
  }
}
