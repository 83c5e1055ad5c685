package io.ppstp.tracker.app;

import io.ppstp.tracker.config.text.Durations;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops a tracker in good order when the process is told to end (SIGTERM, SIGINT). */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private Shutdown() {}

  /** Arranges that {@code tracker} is stopped within {@code deadline} and the process exits 0. */
  static void install(Tracker tracker, Duration deadline) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(tracker, deadline), "ppstp-shutdown"));
  }

  private static void stop(Tracker tracker, Duration deadline) {
    long endNs = System.nanoTime() + deadline.toNanos();
    try {
      await(tracker.drain(), endNs);
      await(tracker.close(), endNs);
      LOG.info("stopped");
    } catch (TimeoutException e) {
      LOG.warn(
          "shutdown.deadline of {} is over, what is still open is cut", Durations.text(deadline));
    } catch (ExecutionException e) {
      LOG.warn("did not stop cleanly", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // A process that ends by a signal would report 128 plus its number, although all went well.
    Runtime.getRuntime().halt(0);
  }

  private static void await(Future<?> step, long endNs)
      throws InterruptedException, ExecutionException, TimeoutException {
    step.toCompletionStage()
        .toCompletableFuture()
        .get(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
