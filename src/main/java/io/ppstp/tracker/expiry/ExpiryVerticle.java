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
}
