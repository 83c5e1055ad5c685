package io.ppstp.tracker.tracker;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Peers that left their last swarm, as they were then, so that a repeat of their last CONNECT is
 * answered as it was (RFC 7846, Section 4.3). Bounded in number and time; confined to its shard.
 */
final class RecentlyTerminated {
  private static final int CAPACITY = 256;

  private final Map<String, Registration> byPeer = new LinkedHashMap<>(0);

  @Nullable Registration get(String peerId) {
    return byPeer.get(peerId);
  }

  /** Remembers a peer; beyond the capacity, the oldest is forgotten for it. */
  void put(Registration peer) {
    byPeer.remove(peer.id());
    byPeer.put(peer.id(), peer);
    if (byPeer.size() > CAPACITY) {
      byPeer.remove(byPeer.keySet().iterator().next());
    }
  }

  void remove(String peerId) {
    byPeer.remove(peerId);
  }

  void forgetOlderThan(long atMs) {
    var oldest = byPeer.values().iterator();
    while (oldest.hasNext() && oldest.next().lastConnect.atMs() < atMs) {
      oldest.remove();
    }
  }
}
