package io.ppstp.tracker.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one plan to one server, which stay open between rounds. Thread-safe: all work
 * is done by the generator's thread.
 */
final class Session implements AutoCloseable {
  private static final long TICK_NS = 500_000;

  private final Bootstrap bootstrap;
  private final List<Connection> connections = new ArrayList<>();
  private final int kinds;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Deque<Long> overdue = new ArrayDeque<>();
  private Load load;
  private boolean sending;
  private boolean scheduled;
  private int busy;
  private @Nullable CompletableFuture<Void> allIdle;
  private @Nullable Future<?> ticks;
  private long startNs;
  private long issued;

  /** Divides the scripts of {@code plan} among {@code targets}. */
  Session(Bootstrap bootstrap, List<Target> targets, @Nullable SslContext tls, Plan plan) {
    this.bootstrap = bootstrap;
    this.kinds = plan.kinds().size();
    this.load = new Load(kinds);
    for (int i = 0; i < plan.scripts().size(); i++) {
      Target target = targets.get(i % targets.size());
      connections.add(
          new Connection(
              bootstrap,
              target,
              target.tls() ? tls : null,
              plan.scripts().get(i),
              plan,
              load,
              this::onIdle));
    }
  }

  private <T> T onLoop(Callable<T> work) {
    try {
      return bootstrap.config().group().submit(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Lets every connection send as soon as it has its answer. */
  void start() {
    onLoop(
        () -> {
          sending = true;
          scheduled = false;
          long now = System.nanoTime();
          for (Connection connection : connections) {
            sendOn(connection, now);
          }
          return null;
        });
  }

  /**
   * Sends {@code perSecond} requests per second, whether answers come or not: the time of each
   * counts from when it was due, and a late one waits for a connection.
   */
  void start(double perSecond) {
    onLoop(
        () -> {
          sending = true;
          scheduled = true;
          idle.clear();
          idle.addAll(connections);
          overdue.clear();
          issued = 0;
          startNs = System.nanoTime();
          ticks =
              bootstrap
                  .config()
                  .group()
                  .next()
                  .scheduleAtFixedRate(
                      () -> tick(perSecond), TICK_NS, TICK_NS, TimeUnit.NANOSECONDS);
          return null;
        });
  }

  private void tick(double perSecond) {
    long due = (long) ((System.nanoTime() - startNs) / 1e9 * perSecond);
    while (issued < due) {
      long dueNs = startNs + (long) (++issued / perSecond * 1e9);
      Connection free = idle.poll();
      if (free == null) {
        overdue.add(dueNs);
      } else {
        sendOn(free, dueNs);
      }
    }
  }

  /** Runs every script to its end. */
  Load runOut() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Load mine = swap();
    onLoop(
        () -> {
          allIdle = done;
          return null;
        });
    start();
    onLoop(
        () -> {
          completeIfIdle();
          return null;
        });
    done.join();
    return mine;
  }

  private void sendOn(Connection connection, long dueNs) {
    busy++;
    if (!connection.send(dueNs)) {
      busy--;
    }
  }

  private void onIdle(Connection connection) {
    busy--;
    if (sending && scheduled) {
      Long late = overdue.poll();
      if (late == null) {
        idle.add(connection);
      } else {
        sendOn(connection, late);
      }
    } else if (sending) {
      sendOn(connection, System.nanoTime());
    }
    completeIfIdle();
  }

  private void completeIfIdle() {
    if (busy == 0 && allIdle != null) {
      allIdle.complete(null);
      allIdle = null;
    }
  }

  /** Starts a new account and returns it; answers count there from now on. */
  Load swap() {
    return onLoop(
        () -> {
          load = new Load(kinds);
          connections.forEach(connection -> connection.recordTo(load));
          return load;
        });
  }

  /** Returns how many answers the present account has. */
  long answers() {
    return onLoop(() -> load.total());
  }

  /** Returns how many requests of the present account are over, answered or not. */
  long ended() {
    return onLoop(() -> load.total() + load.lost);
  }

  /** Stops sending and waits for the answers to come. */
  void stop() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    onLoop(
        () -> {
          sending = false;
          if (ticks != null) {
            ticks.cancel(false);
            ticks = null;
          }
          allIdle = done;
          completeIfIdle();
          return null;
        });
    done.join();
  }

  @Override
  public void close() {
    onLoop(
        () -> {
          connections.forEach(Connection::close);
          return null;
        });
  }
}
