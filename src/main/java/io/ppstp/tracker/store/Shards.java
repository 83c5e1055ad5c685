package io.ppstp.tracker.store;

/** Which shard a peer ID belongs to: the same on every node and in every release. */
public final class Shards {
  /** How many shards there are; a power of two, and part of the format of the state. */
  public static final int COUNT = 1024;

  private Shards() {}

  /** Returns the shard of a peer ID, 0 to {@link #COUNT} - 1. */
  public static int of(String peerId) {
    int hash = peerId.hashCode() * 0x9e3779b9;
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(COUNT));
  }
}
