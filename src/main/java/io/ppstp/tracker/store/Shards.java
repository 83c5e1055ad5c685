package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.swarm.SwarmKey;

/**
 * Which shard a peer or a swarm belongs to: the same on every node and in every release. Strangers
 * can choose IDs that come together in one shard, which costs that shard's share and no more: what
 * is inside is found by keyed hashes.
 */
public final class Shards {
  /** How many shards of registrations there are; a power of two, and part of the state's format. */
  public static final int PEERS = 1024;

  /**
   * How many shards of swarms there are; a power of two, and part of the state's format. Fewer than
   * those of registrations: changes of lists travel together, one batch for each shard.
   */
  public static final int SWARMS = 128;

  private Shards() {}

  /** Returns the shard of a peer ID, 0 to {@link #PEERS} - 1. */
  public static int ofPeer(String peerId) {
    return of(peerId, PEERS);
  }

  /** Returns the shard of a swarm, 0 to {@link #SWARMS} - 1. */
  public static int ofSwarm(SwarmKey swarm) {
    return of(swarm.swarmId(), SWARMS);
  }

  private static int of(String id, int count) {
    int hash = id.hashCode() * 0x9e3779b9;
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(count));
  }
}
