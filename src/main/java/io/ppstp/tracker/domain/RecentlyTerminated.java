package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registrations that ended with a CONNECT, so that the repeat of that one or an earlier one is
 * answered as it was (RFC 7846, Section 4.3). Bounded in number and time; confined to its shard.
 */
final class RecentlyTerminated {
  private static final int CAPACITY = 256;
  private static final long FAR_FUTURE = Long.MAX_VALUE / 2;

  private final Map<String, Registration> byPeer = new LinkedHashMap<>(0);

  @Nullable Registration get(String peerId) {
    return byPeer.get(peerId);
  }

  /** Remembers a peer; beyond the capacity, the oldest is forgotten for it. */
  void put(Registration ended) {
    byPeer.remove(ended.id());
    byPeer.put(ended.id(), ended);
    if (byPeer.size() > CAPACITY) {
      byPeer.remove(byPeer.keySet().iterator().next());
    }
  }

  /** Returns what is remembered, oldest first. */
  List<RegistrationSnapshot> snapshot() {
    return byPeer.values().stream().map(Registration::snapshot).toList();
  }

  /** Returns when the oldest ended; far in the future if there is none. */
  long oldestMs() {
    return byPeer.isEmpty() ? FAR_FUTURE : byPeer.values().iterator().next().lastConnect.latestMs();
  }

  void remove(String peerId) {
    byPeer.remove(peerId);
  }

  /** Forgets those that ended before a time; {@link Long#MIN_VALUE}, as most changes have, none. */
  void forgetOlderThan(long atMs) {
    if (atMs == Long.MIN_VALUE) {
      return;
    }
    var oldest = byPeer.values().iterator();
    while (oldest.hasNext() && oldest.next().lastConnect.latestMs() < atMs) {
      oldest.remove();
    }
  }
}
