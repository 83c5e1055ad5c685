package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.ListUpdate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
}
