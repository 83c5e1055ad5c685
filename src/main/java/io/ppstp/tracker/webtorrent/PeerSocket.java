package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.WebTorrentIds;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket as this room sees it: who is there, in which swarms, by which peer IDs. One page
 * uses one socket for several of both. Confined to one event loop.
 */
final class PeerSocket {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int FAILURES_AT_ONCE = 10;

  final long number;
  final Requester requester;
  final OfferBook offers;
  private final Map<String, SocketMember> memberships = new HashMap<>(2);
  private int lastSlot;

  /** Announces that are worked on, or wait for that. */
  int pending;

  private long failuresDueNs;
  private boolean failed;

  PeerSocket(long number, Requester requester, OfferBook offers) {
    this.number = number;
    this.requester = requester;
    this.offers = offers;
  }

  /** Returns the membership of a peer in a swarm, null if it has none over this socket. */
  @Nullable SocketMember membership(String infoHash, String peerId) {
    return memberships.get(infoHash + peerId);
  }

  /** Returns the membership in a slot, null if there is none. */
  @Nullable SocketMember at(int slot) {
    for (SocketMember membership : memberships.values()) {
      if (membership.slot == slot) {
        return membership;
      }
    }
    return null;
  }

  /** Returns all memberships. */
  List<SocketMember> memberships() {
    return List.copyOf(memberships.values());
  }

  int size() {
    return memberships.size();
  }

  /** Adds a membership that there is not yet. */
  SocketMember add(String infoHash, String peerId, long node) {
    // No slot is used twice: the store may still know who had it.
    int slot = ++lastSlot;
    String id = new MemberId(Bytes20.hex(peerId), node, number, slot).text();
    SocketMember added =
        new SocketMember(infoHash, peerId, slot, id, WebTorrentIds.swarm(Bytes20.hex(infoHash)));
    memberships.put(infoHash + peerId, added);
    return added;
  }

  /** Forgets a membership. */
  void remove(SocketMember membership) {
    memberships.remove(membership.infoHash + membership.peerId, membership);
  }

  /** Forgets those that have been silent since before {@code sinceMs}, as the store has. */
  void forgetSilent(long sinceMs) {
    for (SocketMember membership : memberships()) {
      if (membership.isIdle() && membership.heardMs < sinceMs) {
        remove(membership);
      }
    }
  }

  /** Returns whether a message that is refused gets an answer: one a second, and some at once. */
  boolean mayFail(long nowNs) {
    if (!failed || failuresDueNs - nowNs < 0) {
      failed = true;
      failuresDueNs = nowNs;
    }
    if (failuresDueNs + SECOND_NS - nowNs > FAILURES_AT_ONCE * SECOND_NS) {
      return false;
    }
    failuresDueNs += SECOND_NS;
    return true;
  }
}
