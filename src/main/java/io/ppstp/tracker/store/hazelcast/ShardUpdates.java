package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.ListUpdate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The updates of one shard that this node carries out, oldest first. Thread-safe.
 *
 * <p>They are struck out in the order in which they were noted, and none before those before it:
 * otherwise whoever takes the shard over could carry out an old one after a younger.
 */
final class ShardUpdates {
  /** An update that lists have followed waits so long for a change of the shard to go with. */
  private static final long LAZY_NS = TimeUnit.SECONDS.toNanos(10);

  /** How long a struck one is remembered, so that nobody takes it up again meanwhile. */
  static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int MOST_TOGETHER = 1024;

  private final Map<Long, PendingUpdate> byStamp = new LinkedHashMap<>(0);
  private boolean isStriking;

  /** Takes an update up; null if it is known already. */
  synchronized @Nullable PendingUpdate add(int shard, ListUpdate update, long nowNs) {
    if (byStamp.containsKey(update.stamp())) {
      return null;
    }
    PendingUpdate pending = new PendingUpdate(shard, update, nowNs);
    byStamp.put(update.stamp(), pending);
    return pending;
  }

  /** Returns one that is known, null if it is not. */
  synchronized @Nullable PendingUpdate get(long stamp) {
    return byStamp.get(stamp);
  }

  /**
   * Strikes out what lists have followed and nobody is to be told of; returns the stamps, for the
   * caller to take out of the shard.
   */
  synchronized List<Long> takeFollowed(long nowNs) {
    if (byStamp.isEmpty() || isStriking) {
      return List.of();
    }
    List<Long> stamps = new ArrayList<>(0);
    for (PendingUpdate pending : byStamp.values()) {
      boolean tells = pending.update().departure() != null;
      if (!pending.isStruck() && (tells || !pending.isFollowed())) {
        break;
      }
      if (!pending.isStruck()) {
        pending.strike(nowNs);
        stamps.add(pending.update().stamp());
      }
    }
    return stamps;
  }

  /**
   * Returns what is to be struck out now by an operation for that alone: if somebody is to be told,
   * or if nothing else happens in the shard. To be {@link #settle settled}.
   */
  synchronized List<PendingUpdate> takeToStrike(long nowNs) {
    if (byStamp.isEmpty() || isStriking) {
      return List.of();
    }
    byStamp.values().removeIf(pending -> pending.isStruckBefore(nowNs - REMEMBERED_NS));
    List<PendingUpdate> followed = new ArrayList<>(0);
    boolean urgent = false;
    for (PendingUpdate pending : byStamp.values()) {
      if (pending.isStruck()) {
        continue;
      }
      if (!pending.isFollowed() || followed.size() == MOST_TOGETHER) {
        break;
      }
      followed.add(pending);
      urgent |= pending.update().departure() != null || nowNs - pending.sinceNs() > LAZY_NS;
    }
    isStriking = urgent;
    return urgent ? followed : List.of();
  }

  /** Ends a {@link #takeToStrike}. */
  synchronized void settle(List<PendingUpdate> taken, boolean struck, long nowNs) {
    isStriking = false;
    if (struck) {
      taken.forEach(pending -> pending.strike(nowNs));
    }
  }

  /** Lets go of what does not stand in the shard any more: another node has carried it out. */
  synchronized void dropAllBut(List<ListUpdate> noted) {
    if (byStamp.isEmpty()) {
      return;
    }
    Set<Long> stamps = new HashSet<>();
    noted.forEach(update -> stamps.add(update.stamp()));
    byStamp
        .values()
        .removeIf(
            pending -> {
              boolean gone =
                  !pending.isStruck() && !isStriking && !stamps.contains(pending.update().stamp());
              if (gone) {
                pending.drop();
              }
              return gone;
            });
  }

  /** Forgets all: another node owns the shard. */
  synchronized void drop() {
    byStamp.values().forEach(PendingUpdate::drop);
    byStamp.clear();
  }

  /**
   * An update of lists that this node carries out, as the owner of the shard that noted it.
   * Thread-safe.
   */
  static final class PendingUpdate {
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
}
