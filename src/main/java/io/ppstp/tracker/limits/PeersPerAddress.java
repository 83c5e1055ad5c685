package io.ppstp.tracker.limits;

/**
 * Counts, for each client, the registered peers that talk to this node, each by its weight: that of
 * its memberships. Thread-safe.
 *
 * <p>A peer counts from its registration here until it leaves, or has not been heard of at this
 * node for longer than a period: its registration may have ended at another node, or it may have
 * gone over to one. Both the peers and the clients are kept as 64-bit hashes, in memory
 * proportional to the peers counted, of which there is a maximum.
 */
final class PeersPerAddress {
  private static final int STRIPES = 64;
  private static final long PERIOD_MASK = 3;
  private static final int PERIOD_BITS = 2;
  private static final int WEIGHT_BITS = 16;
  private static final long WEIGHT_MASK = ((1L << WEIGHT_BITS) - 1) << PERIOD_BITS;
  private static final long CLIENT_MASK = -1L << (PERIOD_BITS + WEIGHT_BITS);
  private static final long NEVER_ZERO = 1L << (PERIOD_BITS + WEIGHT_BITS);

  /** A peer that weighs more is taken for one that weighs so much. */
  private static final int MOST_WEIGHT = (1 << WEIGHT_BITS) - 1;

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

  /**
   * The peers of one stripe. The last two bits of a value say in which period it was heard of,
   * those before what it weighs, and the rest whose it is.
   */
  private static final class Stripe {
    final LongTable clientByPeer = new LongTable();
    long period;
  }

  /**
   * Counts a peer with a weight of 1, unless its client has {@code most} already.
   *
   * @return whether the peer is counted, now or before
   */
  boolean tryAdd(long peer, long client, int most, long nowNs) {
    if (heard(peer, nowNs)) {
      return true;
    }
    if (!increase(client, 1, most)) {
      forgetSilent(nowNs);
      if (!increase(client, 1, most)) {
        return false;
      }
    }
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      boolean known = stripe.clientByPeer.get(peer) != 0;
      if (!known && stripe.clientByPeer.size() < mostPerStripe) {
        stripe.clientByPeer.put(peer, value(client, 1, nowNs));
        return true;
      }
    }
    decrease(client, 1);
    return true;
  }

  /** Notes that a peer is still there; returns whether it is counted. */
  boolean heard(long peer, long nowNs) {
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      forgetSilent(stripe, nowNs);
      long value = stripe.clientByPeer.get(peer);
      if (value != 0) {
        stripe.clientByPeer.put(peer, value(value, weightOf(value), nowNs));
      }
      return value != 0;
    }
  }

  /** Lets a peer weigh so much, if it is counted. */
  void weigh(long peer, int weight) {
    int bounded = Math.max(1, Math.min(MOST_WEIGHT, weight));
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      long value = stripe.clientByPeer.get(peer);
      int before = weightOf(value);
      if (value == 0 || before == bounded) {
        return;
      }
      stripe.clientByPeer.put(peer, (value & ~WEIGHT_MASK) | (long) bounded << PERIOD_BITS);
      if (bounded > before) {
        increase(value, bounded - before, Long.MAX_VALUE);
      } else {
        decrease(value, before - bounded);
      }
    }
  }

  /** Returns what all peers of a client weigh together. */
  long weightOfClient(long client) {
    LongTable count = count(client);
    synchronized (count) {
      return count.get(clientOf(client));
    }
  }

  /** Counts a peer no longer. */
  void remove(long peer) {
    Stripe stripe = stripe(peer);
    synchronized (stripe) {
      long value = stripe.clientByPeer.remove(peer);
      if (value != 0) {
        decrease(value, weightOf(value));
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
      decrease(value, weightOf(value));
    }
  }

  private long value(long client, int weight, long nowNs) {
    return clientOf(client) | (long) weight << PERIOD_BITS | ((nowNs / periodNs) & PERIOD_MASK);
  }

  private static int weightOf(long value) {
    return (int) ((value & WEIGHT_MASK) >>> PERIOD_BITS);
  }

  /** Without period and weight, and never 0. */
  private static long clientOf(long value) {
    return (value | NEVER_ZERO) & CLIENT_MASK;
  }

  private boolean increase(long client, int weight, long most) {
    LongTable count = count(client);
    synchronized (count) {
      long all = count.get(clientOf(client)) + weight;
      if (all > most) {
        return false;
      }
      count.put(clientOf(client), all);
      return true;
    }
  }

  private void decrease(long client, int weight) {
    LongTable count = count(client);
    synchronized (count) {
      long left = count.get(clientOf(client)) - weight;
      if (left > 0) {
        count.put(clientOf(client), left);
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
