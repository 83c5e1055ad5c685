package io.ppstp.tracker.store.hazelcast;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a clustered store does what nobody asked for: nothing there blocks. It
 * goes by the monotonic clock. Thread-safe.
 */
final class StoreSchedule implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreSchedule.class);

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, StoreSchedule::newThread);

  private static Thread newThread(Runnable work) {
    Thread made = new Thread(work, "ppstp-store");
    made.setDaemon(true);
    return made;
  }

  /** Does {@code work} again and again; a failure is logged, and does not end it. */
  void every(long intervalNs, Runnable work) {
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            () -> attempt(work), intervalNs, intervalNs, TimeUnit.NANOSECONDS);
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.debug("periodic work of the store failed, its next turn tries again", e);
    }
  }

  /** Does {@code work} soon; nothing once this is closed. */
  @Override
  public void execute(Runnable work) {
    try {
      thread.execute(() -> attempt(work));
    } catch (RejectedExecutionException e) {
      LOG.trace("work of a closed store is left", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
