package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.TorrentIds;
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
  private static final int FAILURES_AT_ONCE = 10;
  private static final int UNANSWERED_AT_ONCE = 500;
  private static final int UNANSWERED_PER_SECOND = 10;

  /** What a sender may offer at once, and a second after that, against what a member is given. */
  private static final int OFFERS_AT_ONCE = 10;

  private static final double OFFERS_PER_SECOND = 0.25;

  final long number;
  final Requester requester;
  final OfferBook offers;
  private final Map<String, SocketMember> memberships = new HashMap<>(2);
  private int lastSlot;

  /** The membership that was looked for last by its slot: most pages have one that gets offers. */
  private @Nullable SocketMember found;

  /** Announces that are worked on, or wait for that. */
  int pending;

  /** Messages that are refused and get an answer: one a second, and some at once. */
  final Pace failures = new Pace(FAILURES_AT_ONCE, 1);

  /** Messages that are refused and get none; beyond, the socket is cut off. */
  final Pace unanswered = new Pace(UNANSWERED_AT_ONCE, UNANSWERED_PER_SECOND);

  /** Offers that it makes: else it could take all that the members of its swarms are given. */
  final Pace offered;

  /**
   * Makes one without members.
   *
   * @param offers that it has made
   * @param offersPerSecond that one member is given
   */
  PeerSocket(long number, Requester requester, OfferBook offers, int offersPerSecond) {
    this.number = number;
    this.requester = requester;
    this.offers = offers;
    this.offered = new Pace(OFFERS_AT_ONCE * offersPerSecond, OFFERS_PER_SECOND * offersPerSecond);
  }

  /** Returns the membership of a peer in a swarm, null if it has none over this socket. */
  @Nullable SocketMember membership(String infoHash, String peerId) {
    return memberships.get(infoHash + peerId);
  }

  /** Returns the membership in a slot, null if there is none. */
  @Nullable SocketMember at(int slot) {
    SocketMember before = found;
    if (before != null && before.slot == slot) {
      return before;
    }
    for (SocketMember membership : memberships.values()) {
      if (membership.slot == slot) {
        found = membership;
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
        new SocketMember(infoHash, peerId, slot, id, TorrentIds.webTorrent(Bytes20.hex(infoHash)));
    memberships.put(infoHash + peerId, added);
    return added;
  }

  /** Forgets a membership. */
  void remove(SocketMember membership) {
    memberships.remove(membership.infoHash + membership.peerId, membership);
    found = null;
  }

  /** Forgets those that have been silent since before {@code sinceMs}, as the store has. */
  void forgetSilent(long sinceMs) {
    for (SocketMember membership : memberships()) {
      if (membership.isIdle() && membership.heardMs < sinceMs) {
        remove(membership);
      }
    }
  }
}
