package io.ppstp.tracker.limits;

/**
 * Counts, for each client, the registered peers that talk to this node. Thread-safe.
 *
 * <p>A peer counts from its registration here until it leaves, or has not been heard of at this
 * node for longer than a period: its registration may have ended at another node, or it may have
 * gone over to one. Both the peers and the clients are kept as 64-bit hashes, in memory
 * proportional to the peers counted, of which there is a maximum.
 */
final class PeersPerAddress {
  private static final int STRIPES = 64;
  private static final long PERIOD_MASK = 3;
  private static final long NEVER_ZERO = 4;

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final LongTable[] counts = new LongTable[STRIPES];
  private final long periodNs;
  private final int mostPerStripe;

  /**
   * Makes an empty count.
   *
   * @param periodNs longer than the time between two requests of a peer that stays registered
   * @param maximum peers counted; more are let in uncounted
   */
  PeersPerAddress(long periodNs, int maximum) {
    this.periodNs = periodNs;
    this.mostPerStripe = Math.max(1, maximum / STRIPES);
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
      counts[i] = new LongTable();
    }
  }

  /** The peers of one stripe; the last two bits of a value say in which period it was heard of. */
  private static final class Stripe {
    final LongTable clientByPeer = new LongTable();
    long period;
  }

  /**
   * Counts a peer, unless its client has {@code most} already.
   *
   * @return whether the peer is counted, now or before
   */
  boolean tryAdd(long peer, long client, int most, long nowNs) {
    if (heard(peer, nowNs)) {
      return true;
    }
    if (!increment(client, most)) {
      forgetSilent(nowNs);
      if (!increment(client, most)) {
        return false;
      }
    }
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      boolean known = stripe.clientByPeer.get(peer) != 0;
      if (!known && stripe.clientByPeer.size() < mostPerStripe) {
        stripe.clientByPeer.put(peer, value(client, nowNs));
        return true;
      }
    }
    decrement(client);
    return true;
  }

  /** Notes that a peer is still there; returns whether it is counted. */
  boolean heard(long peer, long nowNs) {
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      forgetSilent(stripe, nowNs);
      long value = stripe.clientByPeer.get(peer);
      if (value != 0) {
        stripe.clientByPeer.put(peer, value(value, nowNs));
      }
      return value != 0;
    }
  }

  /** Counts a peer no longer. */
  void remove(long peer) {
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      long value = stripe.clientByPeer.remove(peer);
      if (value != 0) {
        decrement(value);
      }
    }
  }

  /** Returns the number of peers counted. */
  int size() {
    int size = 0;
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        size += stripe.clientByPeer.size();
      }
    }
    return size;
  }

  /** Returns the number of clients with a peer. */
  int clients() {
    int clients = 0;
    for (LongTable count : counts) {
      synchronized (count) {
        clients += count.size();
      }
    }
    return clients;
  }

  private void forgetSilent(long nowNs) {
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        forgetSilent(stripe, nowNs);
      }
    }
  }

  /** Once a period, drops the peers not heard of in this one or the one before. */
  private void forgetSilent(Stripe stripe, long nowNs) {
    long period = nowNs / periodNs;
    if (period == stripe.period) {
      return;
    }
    boolean longSilence = period - stripe.period > 2;
    stripe.period = period;
    long current = period & PERIOD_MASK;
    long before = (period - 1) & PERIOD_MASK;
    long[] silent =
        stripe.clientByPeer.removeIf(
            value ->
                longSilence
                    || ((value & PERIOD_MASK) != current && (value & PERIOD_MASK) != before));
    for (long value : silent) {
      decrement(value);
    }
  }

  private long value(long client, long nowNs) {
    return clientOf(client) | ((nowNs / periodNs) & PERIOD_MASK);
  }

  /** Without the period, and never 0. */
  private static long clientOf(long value) {
    return (value | NEVER_ZERO) & ~PERIOD_MASK;
  }

  private boolean increment(long client, int most) {
    LongTable count = count(client);
    synchronized (count) {
      long peers = count.get(clientOf(client));
      if (peers >= most) {
        return false;
      }
      count.put(clientOf(client), peers + 1);
      return true;
    }
  }

  private void decrement(long client) {
    LongTable count = count(client);
    synchronized (count) {
      long peers = count.get(clientOf(client));
      if (peers > 1) {
        count.put(clientOf(client), peers - 1);
      } else {
        count.remove(clientOf(client));
      }
    }
  }

  private Stripe stripe(long peer) {
    return stripes[(int) (peer >>> 58)];
  }

  private LongTable count(long client) {
    return counts[(int) (client >>> 58)];
  }
}
