package io.ppstp.tracker.app;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/**
 * An event loop that several rooms share. What one of them sends another over the event bus is then
 * handed over at once, and wakes no other thread. Thread-safe once deployed.
 */
final class SharedEventLoop extends VerticleBase {
  private static final long BEAT_MS = 500;

  private final Deque<Deployable> rooms = new ArrayDeque<>();
  private volatile long lastBeatNs = System.nanoTime();

  @Override
  public Future<?> start() {
    lastBeatNs = System.nanoTime();
    vertx.setPeriodic(BEAT_MS, timer -> lastBeatNs = System.nanoTime());
    return Future.succeededFuture();
  }

  /** Returns for how long nothing has been run here, in nanoseconds; some 500 ms are usual. */
  long silentNs() {
    return System.nanoTime() - lastBeatNs;
  }

  /** Deploys {@code room} here. */
  Future<Void> add(Deployable room) {
    return onLoop(() -> room.deploy(context).onSuccess(deployed -> rooms.push(room)));
  }

  /** Undeploys {@code room}. */
  Future<Void> remove(Deployable room) {
    return onLoop(() -> rooms.remove(room) ? room.undeploy(context) : Future.succeededFuture());
  }

  private Future<Void> onLoop(Callable<Future<?>> work) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          try {
            work.call().<Void>mapEmpty().onComplete(done);
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future();
  }

  /** Undeploys what is still here, the last one first. */
  @Override
  public Future<?> stop() throws Exception {
    return rooms.isEmpty()
        ? Future.succeededFuture()
        : rooms.pop().undeploy(context).transform(undeployed -> stopRest());
  }

  private Future<?> stopRest() {
    try {
      return stop();
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }
}
