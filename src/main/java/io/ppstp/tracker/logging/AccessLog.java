package io.ppstp.tracker.logging;

import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for some of the requests, to the logger {@code access}: one in so many, drawn at random,
 * and of those so many per second at most. Thread-safe.
 *
 * <p>What a stranger writes never gets here, be it a path, an ID or a field: callers name numbers,
 * addresses and words from closed sets.
 */
public final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger(LogStreams.ACCESS);
  private static final long SECOND_NS = 1_000_000_000L;

  private final int oneIn;
  private final IntUnaryOperator random;
  private final LineBudget lines;

  /**
   * A request and its answer; immutable.
   *
   * @param client whose request it was, an address
   * @param method of HTTP, or another word for one that is not known
   * @param bytes of the answer's body
   * @param nanos from the request's last byte to its answer
   * @param type of the request in the tracker's protocol, null if it was not read
   * @param outcome by the tracker's protocol
   */
  public record Line(
      String client,
      String method,
      String version,
      int status,
      int bytes,
      long nanos,
      @Nullable String type,
      String outcome) {}

  /**
   * Makes a log.
   *
   * @param oneIn of so many requests one has a line; 0 for none
   * @param random draws a number from zero to below its argument
   * @param clockNs as {@link System#nanoTime}
   */
  public AccessLog(int oneIn, int linesPerSecond, IntUnaryOperator random, LongSupplier clockNs) {
    this.oneIn = oneIn;
    this.random = random;
    this.lines = new LineBudget(linesPerSecond, SECOND_NS, clockNs);
  }

  /** Draws whether the next request is to be written; no line is to be made for all others. */
  public boolean wants() {
    return oneIn > 0 && (oneIn == 1 || random.applyAsInt(oneIn) == 0) && mayWrite();
  }

  /** Writes a line that was {@linkplain #wants wanted}. */
  public void write(Line line) {
    String type = line.type == null ? "-" : line.type;
    double ms = Math.round(line.nanos / 1e3) / 1e3;
    LOG.atInfo()
        .addKeyValue("client", line.client)
        .addKeyValue("method", line.method)
        .addKeyValue("version", line.version)
        .addKeyValue("status", line.status)
        .addKeyValue("bytes", line.bytes)
        .addKeyValue("ms", ms)
        .addKeyValue("type", type)
        .addKeyValue("outcome", line.outcome)
        .log(
            "{} {} {} {} {} bytes {} ms {} {}",
            line.client,
            line.method,
            line.version,
            line.status,
            line.bytes,
            ms,
            type,
            line.outcome);
  }

  private boolean mayWrite() {
    long leftOut = lines.ask();
    if (leftOut > 0) {
      LOG.info("{} more requests that were drawn were left out", leftOut);
    }
    return leftOut != LogLimiter.HOLD_BACK;
  }
}
