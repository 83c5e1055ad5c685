package io.ppstp.tracker.limits;

/**
 * For many keys, each a point in time up to which something holds: a debt is being paid off, a lock
 * is in force. Of fixed size, whatever the number of keys. Thread-safe.
 *
 * <p>A key has a place in one set of eight. Whoever comes to a set that is full takes the place of
 * the key whose time is over first; one whose time is over needs no place at all. So a flood of
 * made-up keys, each of little account, drives out others of little account, and not the few that
 * weigh heavily. A key that lost its place starts anew: the table errs towards letting in.
 */
final class TimeTable {
  private static final int WAYS = 8;
  private static final int LOCKS = 64;

  private final long[] keys;
  private final long[] untilNs;
  private final int sets;
  private final Object[] locks = new Object[LOCKS];

  /** Makes a table of at least {@code capacity} places, 16 bytes each. */
  TimeTable(int capacity) {
    this.sets = Math.max(LOCKS, Integer.highestOneBit(Math.max(1, capacity / WAYS - 1)) << 1);
    this.keys = new long[sets * WAYS];
    this.untilNs = new long[sets * WAYS];
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  /**
   * Adds {@code costNs} to what {@code key} has to pay off, unless that would come to more than
   * {@code mostNs}. Thus {@code mostNs / costNs} at once, and one each {@code costNs} in the long
   * run (the generic cell rate algorithm).
   *
   * @param key not 0
   * @param nowNs not less than 1
   * @return 0 if it was added, else how long to wait until it could be, in nanoseconds
   */
  long charge(long key, long nowNs, long costNs, long mostNs) {
    synchronized (lock(key)) {
      int at = find(key);
      long debtEndsNs = at < 0 ? nowNs : Math.max(nowNs, untilNs[at]);
      long excessNs = debtEndsNs - nowNs + costNs - mostNs;
      if (excessNs > 0) {
        return excessNs;
      }
      put(at < 0 ? placeFor(key) : at, key, debtEndsNs + costNs);
      return 0;
    }
  }

  /** Takes back what {@link #charge} added. */
  void giveBack(long key, long costNs) {
    synchronized (lock(key)) {
      int at = find(key);
      if (at >= 0) {
        untilNs[at] -= costNs;
      }
    }
  }

  /**
   * Returns for how long something still holds for {@code key}, in nanoseconds; 0 if it is over.
   */
  long remaining(long key, long nowNs) {
    synchronized (lock(key)) {
      int at = find(key);
      return at < 0 ? 0 : Math.max(0, untilNs[at] - nowNs);
    }
  }

  /** Lets something hold for {@code key} for a while; returns whether it did not already. */
  boolean begin(long key, long nowNs, long durationNs) {
    synchronized (lock(key)) {
      int at = find(key);
      if (at >= 0 && untilNs[at] > nowNs) {
        return false;
      }
      put(at < 0 ? placeFor(key) : at, key, nowNs + durationNs);
      return true;
    }
  }

  /** Lets something hold for {@code key} for at least {@code durationNs} from now on. */
  void extend(long key, long nowNs, long durationNs) {
    synchronized (lock(key)) {
      int at = find(key);
      long until = at < 0 ? nowNs : untilNs[at];
      put(at < 0 ? placeFor(key) : at, key, Math.max(until, nowNs + durationNs));
    }
  }

  /** Returns for how many keys something holds. Takes time proportional to the table's size. */
  int occupied(long nowNs) {
    int occupied = 0;
    for (int set = 0; set < sets; set++) {
      synchronized (locks[set & (LOCKS - 1)]) {
        for (int at = set * WAYS; at < (set + 1) * WAYS; at++) {
          if (untilNs[at] > nowNs) {
            occupied++;
          }
        }
      }
    }
    return occupied;
  }

  /** Returns the number of places. */
  int capacity() {
    return keys.length;
  }

  private int setOf(long key) {
    return (int) (key >>> 32) & (sets - 1);
  }

  private Object lock(long key) {
    return locks[setOf(key) & (LOCKS - 1)];
  }

  private int find(long key) {
    int start = setOf(key) * WAYS;
    for (int at = start; at < start + WAYS; at++) {
      if (keys[at] == key) {
        return at;
      }
    }
    return -1;
  }

  private int placeFor(long key) {
    int start = setOf(key) * WAYS;
    int earliest = start;
    for (int at = start + 1; at < start + WAYS; at++) {
      if (untilNs[at] < untilNs[earliest]) {
        earliest = at;
      }
    }
    return earliest;
  }

  private void put(int at, long key, long until) {
    keys[at] = key;
    untilNs[at] = until;
  }
}
