package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.ListUpdate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An update of lists that this node carries out, as the owner of the shard that noted it.
 * Thread-safe.
 */
final class PendingUpdate {
  private final ListUpdate update;
  private final int shard;
  private final long sinceNs;
  private final AtomicInteger listsLeft;
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private volatile boolean dropped;
  private volatile long struckNs;
  private volatile boolean struck;

  PendingUpdate(int shard, ListUpdate update, long nowNs) {
    this.shard = shard;
    this.update = update;
    this.sinceNs = nowNs;
    this.listsLeft = new AtomicInteger(update.lists());
  }

  ListUpdate update() {
    return update;
  }

  int shard() {
    return shard;
  }

  /** Returns since when this waits, by the monotonic clock. */
  long sinceNs() {
    return sinceNs;
  }

  /** One more list has followed. */
  void followed() {
    listsLeft.decrementAndGet();
  }

  /** Returns whether all lists have followed. */
  boolean isFollowed() {
    return listsLeft.get() <= 0;
  }

  /** It is struck out, or will be before anything else happens in its shard. */
  void strike(long nowNs) {
    struckNs = nowNs;
    struck = true;
    end.complete(true);
  }

  boolean isStruck() {
    return struck;
  }

  /** Returns whether it was struck out before {@code sinceNs}. */
  boolean isStruckBefore(long beforeNs) {
    return struck && struckNs - beforeNs < 0;
  }

  /** Another node owns the shard now, and carries it out. */
  void drop() {
    dropped = true;
    end.complete(false);
  }

  boolean isDropped() {
    return dropped;
  }

  /** Completes when it is struck out, or another node's affair. */
  CompletableFuture<Boolean> end() {
    return end;
  }
}
