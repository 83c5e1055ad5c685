package io.ppstp.tracker.webtorrent;

/**
 * Lets so much happen at once, and so much a second after that: the generic cell rate algorithm,
 * which keeps one number. Confined to one event loop.
 */
final class Pace {
  private static final long SECOND_NS = 1_000_000_000L;

  private final long costNs;
  private final long burstNs;

  /** When all that has happened is forgotten. */
  private long dueNs;

  private boolean begun;

  /** Allows {@code atOnce} at a time, and {@code perSecond} in the long run. */
  Pace(int atOnce, double perSecond) {
    this.costNs = (long) (SECOND_NS / perSecond);
    this.burstNs = costNs * atOnce;
  }

  /** Returns whether there is room for one. */
  boolean hasRoom(long nowNs) {
    return !begun || dueNs + costNs - nowNs <= burstNs;
  }

  /** Takes room for one and returns whether there was any. */
  boolean tryTake(long nowNs) {
    return take(1, nowNs) == 1;
  }

  /** Takes room for as many of {@code wanted} as there is, and returns for how many. */
  int take(int wanted, long nowNs) {
    if (!begun || dueNs - nowNs < 0) {
      begun = true;
      dueNs = nowNs;
    }
    long room = (burstNs - (dueNs - nowNs)) / costNs;
    int taken = (int) Math.max(0, Math.min(wanted, room));
    dueNs += taken * costNs;
    return taken;
  }
}
