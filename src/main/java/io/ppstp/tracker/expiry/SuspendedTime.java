package io.ppstp.tracker.expiry;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that this process stood still: a machine that was suspended, a container that was frozen,
 * a very long collection. Nobody could be heard meanwhile, so for one track timer afterwards timers
 * run longer by as much, and what waited in sockets is read before anybody expires. Confined to the
 * thread that ticks.
 */
final class SuspendedTime {
  /** Ticks that come late by less are late because there is much to do. */
  private static final long LEAST_NS = 1_000_000_000;

  private static final long NS_PER_MS = 1_000_000;

  private final long tickNs;
  private final long trackNs;
  private final LongSupplier nanoClock;
  private long lastNs;
  private long allowedNs;
  private long untilNs;

  /**
   * Makes one for ticks that begin now.
   *
   * @param tick how often {@link #onTick} is going to be called
   * @param track the track timer
   * @param nanoClock monotonic, and running while the process stands still
   */
  SuspendedTime(Duration tick, Duration track, LongSupplier nanoClock) {
    this.tickNs = tick.toNanos();
    this.trackNs = track.toNanos();
    this.nanoClock = nanoClock;
    this.lastNs = nanoClock.getAsLong();
    this.untilNs = lastNs;
  }

  /** Returns by how much timers run longer at this tick, in milliseconds. */
  long onTick() {
    long nowNs = nanoClock.getAsLong();
    long lateNs = nowNs - lastNs - tickNs;
    lastNs = nowNs;
    if (untilNs - nowNs <= 0) {
      allowedNs = 0;
    }
    if (lateNs > LEAST_NS) {
      allowedNs += lateNs;
      untilNs = nowNs + trackNs;
    }
    return allowedNs / NS_PER_MS;
  }
}
