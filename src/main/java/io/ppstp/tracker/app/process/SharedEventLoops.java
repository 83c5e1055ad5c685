package io.ppstp.tracker.app.process;

import io.ppstp.tracker.bus.SocketNumbers;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;

/**
 * As many event loops as rooms of one kind run at most. Instance {@code i} of each kind is on the
 * same one, so that a request mostly stays on one thread. Thread-safe.
 */
public final class SharedEventLoops {
  private final List<SharedEventLoop> loops;

  private SharedEventLoops(List<SharedEventLoop> loops) {
    this.loops = List.copyOf(loops);
  }

  /**
   * Returns how many verticles of a kind run: as configured, or one per CPU, up to as many as the
   * numbers of WebSockets can tell apart.
   */
  public static int count(int configured) {
    return count(configured, Runtime.getRuntime().availableProcessors());
  }

  static int count(int configured, int processors) {
    return configured == 0 ? Math.min(SocketNumbers.MOST_INSTANCES, processors) : configured;
  }

  /**
   * Opens {@code count} loops.
   *
   * @param lags by the number of a loop, what is told twice a second how late it is, in nanoseconds
   */
  public static Future<SharedEventLoops> open(
      Vertx vertx, int count, IntFunction<LongConsumer> lags) {
    List<SharedEventLoop> loops = new ArrayList<>();
    List<Future<String>> opened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SharedEventLoop loop = new SharedEventLoop(lags.apply(i));
      loops.add(loop);
      opened.add(vertx.deployVerticle(loop));
    }
    return Future.join(opened).map(done -> new SharedEventLoops(loops));
  }

  /** Deploys {@code count} rooms of one kind and returns what undeploys them. */
  public Future<Rooms> deploy(int count, IntFunction<Deployable> kind) {
    List<Deployable> rooms = new ArrayList<>();
    List<Future<Void>> deployed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Deployable room = kind.apply(i);
      rooms.add(room);
      deployed.add(loop(i).add(room));
    }
    return Future.join(deployed).map(done -> new Rooms(this, rooms));
  }

  /** Returns for how long one of them has run nothing, in nanoseconds. */
  public long silentNs() {
    return loops.stream().mapToLong(SharedEventLoop::silentNs).max().orElse(0);
  }

  private SharedEventLoop loop(int instance) {
    return loops.get(instance % loops.size());
  }

  /** Rooms of one kind, deployed. */
  public record Rooms(SharedEventLoops loops, List<Deployable> rooms) {
    /** Undeploys them, side by side. */
    public Future<?> undeploy() {
      List<Future<Void>> undeployed = new ArrayList<>();
      for (int i = 0; i < rooms.size(); i++) {
        undeployed.add(loops.loop(i).remove(rooms.get(i)));
      }
      return Future.join(undeployed);
    }
  }

  /**
   * An event loop that several rooms share. What one of them sends another over the event bus is
   * then handed over at once, and wakes no other thread. Thread-safe once deployed.
   */
  static final class SharedEventLoop extends VerticleBase {
    private static final long BEAT_MS = 500;

    private final Deque<Deployable> rooms = new ArrayDeque<>();
    private final LongConsumer lag;
    private volatile long lastBeatNs = System.nanoTime();

    SharedEventLoop(LongConsumer lag) {
      this.lag = lag;
    }

    @Override
    public Future<?> start() {
      lastBeatNs = System.nanoTime();
      vertx.timer(BEAT_MS, TimeUnit.MILLISECONDS).onSuccess(due -> beat());
      return Future.succeededFuture();
    }

    /** How late one comes is how long what runs next has to wait. */
    private void beat() {
      long nowNs = System.nanoTime();
      lag.accept(Math.max(0, nowNs - lastBeatNs - TimeUnit.MILLISECONDS.toNanos(BEAT_MS)));
      lastBeatNs = nowNs;
      vertx.timer(BEAT_MS, TimeUnit.MILLISECONDS).onSuccess(due -> beat());
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
}
