package io.ppstp.tracker.security;

import io.ppstp.tracker.logging.LineBudget;
import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.protocol.IpAddress;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log: who failed to prove themselves and why, lock-outs, reloads; one line each, to the
 * logger {@code audit}. No secret ever gets here: callers name the kind of fault, never the
 * credentials. Thread-safe.
 *
 * <p>Refusals are bounded per second, so that a flood of them cannot fill a disk; what was left out
 * is counted in one line.
 */
public final class Audit {
  /** Keeps nothing; for an authenticator that is always open. */
  public static final Audit NONE = new Audit(0, System::nanoTime);

  private static final Logger LOG = LoggerFactory.getLogger("audit");
  private static final int LINES_PER_SECOND = 20;
  private static final long SECOND_NS = 1_000_000_000L;

  private final LineBudget lines;

  /** Makes a log with the usual bound. */
  public Audit() {
    this(LINES_PER_SECOND, System::nanoTime);
  }

  Audit(int linesPerSecond, LongSupplier nanoTime) {
    this.lines = new LineBudget(linesPerSecond, SECOND_NS, nanoTime);
  }

  /**
   * Notes that somebody at {@code client} was refused.
   *
   * @param scheme that was tried
   * @param reason the kind of fault, from a closed set
   */
  public void refused(String scheme, IpAddress client, String reason) {
    if (mayWrite()) {
      LOG.warn("refused {} by {}: {}", client, scheme, reason);
    }
  }

  /** Notes a rare change, such as a reload or a lock-out. */
  public void noted(String what) {
    LOG.info("{}", what);
  }

  private boolean mayWrite() {
    long leftOut = lines.ask();
    if (leftOut > 0) {
      LOG.warn("{} more refusals were left out", leftOut);
    }
    return leftOut != LogLimiter.HOLD_BACK;
  }
}
