package io.ppstp.tracker.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what will be true soon. Stateless. */
public final class Await {
  private static final long PAUSE_NANOS = 10_000_000;

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
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }
}
