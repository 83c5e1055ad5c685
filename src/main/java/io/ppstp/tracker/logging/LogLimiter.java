package io.ppstp.tracker.logging;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets one line of a kind into the log per minute, and counts those that it holds back. For faults
 * that somebody else decides how often we have. Thread-safe; no caller waits for another.
 *
 * <pre>{@code
 * private final LogLimiter lines = new LogLimiter(System::nanoTime);
 * ...
 * long heldBack = lines.ask("damaged request");
 * if (heldBack >= 0) {
 *   LOG.warn("a request of node {} cannot be read ({} more like it before)", node, heldBack);
 * }
 * }</pre>
 *
 * <p>A kind is the fault's name and nothing that a stranger chooses. Should one slip in all the
 * same, the kinds beyond {@value #MOST_KINDS} are one.
 */
public final class LogLimiter {
  /** What {@link #ask} answers if the line is not to be written. */
  public static final long HOLD_BACK = -1;

  static final int MOST_KINDS = 256;

  private static final long PERIOD_NS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier clockNs;
  private final ConcurrentMap<String, LineKind> kinds = new ConcurrentHashMap<>();
  private final LineKind others;

  /** Lines of one kind: when the next may come, and how many could not since the last. */
  private record LineKind(AtomicLong nextNs, AtomicLong heldBack) {}

  /**
   * Makes one that has let nothing pass yet.
   *
   * @param clockNs as {@link System#nanoTime}
   */
  public LogLimiter(LongSupplier clockNs) {
    this.clockNs = clockNs;
    this.others = newKind();
  }

  private LineKind newKind() {
    return new LineKind(new AtomicLong(clockNs.getAsLong()), new AtomicLong());
  }

  /**
   * Asks whether a line of {@code kind} may be written now.
   *
   * @return {@link #HOLD_BACK} if not, else how many of the kind were held back since the last one
   */
  public long ask(String kind) {
    LineKind lines = kinds.get(kind);
    if (lines == null) {
      // The count is a guess while others add, so a few more than the most may get in.
      lines = kinds.size() < MOST_KINDS ? kinds.computeIfAbsent(kind, absent -> newKind()) : others;
    }
    long nowNs = clockNs.getAsLong();
    long nextNs = lines.nextNs().get();
    if (nowNs - nextNs >= 0 && lines.nextNs().compareAndSet(nextNs, nowNs + PERIOD_NS)) {
      return lines.heldBack().getAndSet(0);
    }
    lines.heldBack().incrementAndGet();
    return HOLD_BACK;
  }
}
