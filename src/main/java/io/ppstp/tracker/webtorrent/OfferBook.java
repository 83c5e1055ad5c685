package io.ppstp.tracker.webtorrent;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The offers of one socket that were relayed and not answered: bounded in number and in time.
 * Confined to one event loop.
 */
final class OfferBook {
  /** Offers remembered; the oldest give way. */
  static final int MOST = 32;

  /** The reference client gives an offer up after 50 s. */
  static final long LIFE_NS = 60_000_000_000L;

  private static final int SEQUENCE_MASK = 0xffff;
  private static final long[] NONE = {};

  private final long node;
  private final long socket;
  private final OfferKey key;
  private final ArrayDeque<RelayedOffer> entries = new ArrayDeque<>(0);
  private long last;

  /** The checks that were made last, for the offers of this group; empty before. */
  private long[] checks = NONE;

  private long group;

  /**
   * An offer as it came in.
   *
   * @param number among those of the socket
   * @param sinceNs when it was relayed
   */
  record RelayedOffer(long number, String infoHash, String peerId, String offerId, long sinceNs) {}

  /**
   * Makes an empty book.
   *
   * @param key of the node, which nobody else has
   */
  OfferBook(long node, long socket, OfferKey key) {
    this.node = node;
    this.socket = socket;
    this.key = key;
  }

  /** Notes an offer that is about to be relayed, and returns what its receiver is to know it by. */
  OfferToken note(String infoHash, String peerId, String offerId, long nowNs) {
    forgetOld(nowNs);
    if (entries.size() == MOST) {
      entries.removeFirst();
    }
    entries.addLast(new RelayedOffer(++last, infoHash, peerId, offerId, nowNs));
    return new OfferToken(node, socket, (int) last & SEQUENCE_MASK, check(last));
  }

  /** The whole number goes into the check, so that a token never fits a later offer. */
  private long check(long number) {
    long of = number / OfferKey.CHECKS;
    if (checks.length == 0 || of != group) {
      checks = key.checks(socket, of);
      group = of;
    }
    return checks[(int) (number % OfferKey.CHECKS)];
  }

  /** What there is to say about a token that came back. */
  enum TokenState {
    /** This offer was not answered yet. */
    OPEN,
    /** It was, or too long ago to be known. */
    OVER,
    /** The token is none of this node's. */
    FORGED
  }

  /**
   * Looks a token up.
   *
   * @param found told of the offer if it is open
   */
  TokenState look(int sequence, long check, String infoHash, long nowNs, Found found) {
    forgetOld(nowNs);
    for (RelayedOffer entry : entries) {
      if (((int) entry.number() & SEQUENCE_MASK) == sequence) {
        if (check(entry.number()) != check || !entry.infoHash().equals(infoHash)) {
          return TokenState.FORGED;
        }
        found.take(entry);
        return TokenState.OPEN;
      }
    }
    return wasOurs(sequence, check) ? TokenState.OVER : TokenState.FORGED;
  }

  /** Of the offers that had this sequence, the latest is tried, and the one before. */
  private boolean wasOurs(int sequence, long check) {
    long latest = (last & ~(long) SEQUENCE_MASK) | sequence;
    if (latest > last) {
      latest -= SEQUENCE_MASK + 1;
    }
    return latest > 0 && check(latest) == check;
  }

  /** Takes an offer that is open. */
  @FunctionalInterface
  interface Found {
    void take(RelayedOffer entry);
  }

  /** Removes an offer: it is answered. */
  void answered(RelayedOffer answered) {
    for (Iterator<RelayedOffer> all = entries.iterator(); all.hasNext(); ) {
      if (all.next().number() == answered.number()) {
        all.remove();
        return;
      }
    }
  }

  private void forgetOld(long nowNs) {
    for (@Nullable RelayedOffer oldest = entries.peekFirst();
        oldest != null && nowNs - oldest.sinceNs() >= LIFE_NS;
        oldest = entries.peekFirst()) {
      entries.removeFirst();
    }
  }
}
