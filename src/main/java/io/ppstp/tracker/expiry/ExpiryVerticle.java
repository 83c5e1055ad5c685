package io.ppstp.tracker.expiry;

import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@link Expiry} on every tick. Confined to its event loop.
 *
 * <p>A tick works in slices, between which the event loop serves others, and stops at its bound;
 * the rest waits for the next tick. A tick that finds the one before still at work does nothing.
 */
public final class ExpiryVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryVerticle.class);
  private static final int SLICE = 500;

  private final Expiry expiry;
  private final Duration tick;
  private final IntSupplier maximumPerTick;
  private final TrackerMetrics metrics;
  private final SuspendedTime suspended;
  private boolean busy;
  private long longerMs;

  /**
   * Makes a room that expires at most {@code maximumPerTick} peers every {@code tick}.
   *
   * @param track the track timer
   * @param nanoClock monotonic, as {@link System#nanoTime()}
   */
  public ExpiryVerticle(
      Expiry expiry,
      Duration tick,
      Duration track,
      IntSupplier maximumPerTick,
      LongSupplier nanoClock,
      TrackerMetrics metrics) {
    this.suspended = new SuspendedTime(tick, track, nanoClock);
    this.expiry = expiry;
    this.tick = tick;
    this.maximumPerTick = maximumPerTick;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(tick.toMillis(), timer -> tick());
    return Future.succeededFuture();
  }

  private void tick() {
    longerMs = suspended.onTick();
    if (!busy) {
      busy = true;
      slice(maximumPerTick.getAsInt());
    }
  }

  private void slice(int left) {
    int size = Math.min(SLICE, left);
    pass(size)
        .onSuccess(
            expired -> {
              metrics.expired(expired);
              if (expired >= size && left > size) {
                context.runOnContext(next -> slice(left - size));
              } else {
                busy = false;
              }
            })
        .onFailure(
            failure -> {
              tell(failure);
              busy = false;
            });
  }

  private static void tell(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof StoreUnavailableException) {
      LOG.debug("expiry waits for the store: {}", cause.getMessage());
    } else {
      LOG.error("expiry failed, the next tick tries again", failure);
    }
  }

  /** A store that throws must not leave this room busy for ever. */
  private Future<Integer> pass(int size) {
    try {
      return Future.fromCompletionStage(expiry.pass(size, longerMs), context);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * Notices that this process stood still: a machine that was suspended, a container that was
   * frozen, a very long collection. Nobody could be heard meanwhile, so for one track timer
   * afterwards timers run longer by as much, and what waited in sockets is read before anybody
   * expires. Confined to the thread that ticks.
   */
  static final class SuspendedTime {
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
}
