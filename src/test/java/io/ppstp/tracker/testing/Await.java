package io.ppstp.tracker.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what will be true soon, but not for ever. Stateless. */
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long SHORTEST_POLL_NS = 2_000_000;
  private static final long LONGEST_POLL_NS = 50_000_000;
  private static final int POLLS_PER_WAIT = 20;

  private Await() {}

  /** A question that is asked again and again. */
  @FunctionalInterface
  public interface Condition {
    /** Returns whether what is waited for has come. */
    boolean holds() throws Exception;
  }

  /**
   * Returns as soon as {@code condition} holds.
   *
   * @throws AssertionError if it does not within {@code patience}
   */
  public static void until(String what, Duration patience, Condition condition) throws Exception {
    if (!holdsWithin(patience, condition)) {
      throw new AssertionError("waited " + patience + " in vain for: " + what);
    }
  }

  /** Returns whether {@code condition} holds at last within {@code patience}. */
  public static boolean holdsWithin(Duration patience, Condition condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.holds()) {
      long waitedNs = System.nanoTime() - start;
      if (waitedNs > patience.toNanos()) {
        return false;
      }
      pause(waitedNs);
    }
    return true;
  }

  /** The longer the wait, the less the moment of its end matters, and the cost of asking more. */
  private static void pause(long waitedNs) {
    LockSupport.parkNanos(
        Math.min(LONGEST_POLL_NS, Math.max(SHORTEST_POLL_NS, waitedNs / POLLS_PER_WAIT)));
  }

  /** Waits until {@code condition} holds; fails with {@code what} if it does not soon. */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + PATIENCE + ": " + what.get());
      }
      LockSupport.parkNanos(SHORTEST_POLL_NS);
    }
  }

  /** Returns the result of {@code future} when it is there. */
  public static <T> T result(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }
}
