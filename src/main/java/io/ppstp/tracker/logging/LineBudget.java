package io.ppstp.tracker.logging;

import java.util.function.LongSupplier;

/**
 * Lets so many lines of all kinds together into the log per window of time, and counts the others.
 * For what strangers decide how often it is said, and is to be seen more than once a minute: see
 * {@link LogLimiter}. Thread-safe.
 */
public final class LineBudget {
  private final int lines;
  private final long windowNs;
  private final LongSupplier clockNs;
  private long windowBeganNs;
  private int passed;
  private long heldBack;

  /**
   * Makes one that has let nothing pass yet.
   *
   * @param lines per window
   * @param clockNs as {@link System#nanoTime}
   */
  public LineBudget(int lines, long windowNs, LongSupplier clockNs) {
    this.lines = lines;
    this.windowNs = windowNs;
    this.clockNs = clockNs;
    this.windowBeganNs = clockNs.getAsLong();
  }

  /**
   * Asks whether a line may be written now.
   *
   * @return {@link LogLimiter#HOLD_BACK} if not, else how many were held back in the window before,
   *     if this is the first line since then; 0 after that
   */
  public synchronized long ask() {
    long nowNs = clockNs.getAsLong();
    long before = 0;
    if (nowNs - windowBeganNs >= windowNs) {
      windowBeganNs = nowNs;
      before = heldBack;
      passed = 0;
      heldBack = 0;
    }
    if (passed < lines) {
      passed++;
      return before;
    }
    heldBack += before + 1;
    return LogLimiter.HOLD_BACK;
  }
}
