package io.ppstp.tracker.tracker;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last CONNECT of peers that left their last swarm, so that its repeat is answered as it was
 * (RFC 7846, Section 4.3). Bounded in number and time; confined to its shard.
 */
final class RecentlyTerminated {
  private static final int CAPACITY = 256;
  private static final long FAR_FUTURE = Long.MAX_VALUE / 2;

  private final Map<String, LastConnect> byPeer = new LinkedHashMap<>(0);

  @Nullable LastConnect get(String peerId) {
    return byPeer.get(peerId);
  }

  /** Remembers a peer; beyond the capacity, the oldest is forgotten for it. */
  void put(String peerId, LastConnect last) {
    byPeer.remove(peerId);
    byPeer.put(peerId, last);
    if (byPeer.size() > CAPACITY) {
      byPeer.remove(byPeer.keySet().iterator().next());
    }
  }

  /** Returns a copy of what is remembered, oldest first. */
  Map<String, LastConnect> all() {
    return byPeer.isEmpty() ? Map.of() : new LinkedHashMap<>(byPeer);
  }

  /** Returns when the oldest ended; far in the future if there is none. */
  long oldestMs() {
    return byPeer.isEmpty() ? FAR_FUTURE : byPeer.values().iterator().next().atMs();
  }

  void remove(String peerId) {
    byPeer.remove(peerId);
  }

  void forgetOlderThan(long atMs) {
    var oldest = byPeer.values().iterator();
    while (oldest.hasNext() && oldest.next().atMs() < atMs) {
      oldest.remove();
    }
  }
}
