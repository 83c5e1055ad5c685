package io.ppstp.tracker.selection;

import io.ppstp.tracker.domain.swarm.Fairness;
import io.ppstp.tracker.domain.swarm.IdHash;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Has requesters meet others each time, and nobody told of too often. Thread-safe.
 *
 * <p>What it remembers is how many lists were drawn for each of {@value #PLACES} classes of
 * requesters, by a secret: two that are in one class skip each other's turns, which neither
 * notices.
 */
public final class Pacing {
  private static final int PLACES = 1 << 16;
  private static final int MS = 1000;

  private final AtomicIntegerArray turns = new AtomicIntegerArray(PLACES);
  private final long secret = new SecureRandom().nextLong();
  private final int preferredRate;
  private final int cacheRate;
  private final InstantSource clock;

  /**
   * Makes one that has drawn no list.
   *
   * @param preferredRate how often one member may be preferred per second, 0 if there is no bound
   * @param cacheRate the same of edge caches
   * @param clock by which reports age, the tracker's: no step of a wall clock moves it
   */
  public Pacing(int preferredRate, int cacheRate, InstantSource clock) {
    this.preferredRate = preferredRate;
    this.cacheRate = cacheRate;
    this.clock = clock;
  }

  /** Returns what the next list of a requester has to heed. */
  Fairness next(String swarmId, String peerId) {
    long order = stirred(stirred(secret ^ IdHash.of(swarmId)) ^ IdHash.of(peerId));
    int turn = turns.getAndIncrement((int) (order >>> 48)) & Integer.MAX_VALUE;
    return new Fairness(preferredRate, cacheRate, second(), turn, order);
  }

  /** Returns the time in seconds of the tracker's clock. */
  long second() {
    return clock.millis() / MS;
  }

  private static long stirred(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
