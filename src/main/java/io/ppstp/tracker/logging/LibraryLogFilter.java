package io.ppstp.tracker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Bounds what the libraries, and the tracker in detail, write to the log, so that whoever reaches a
 * port cannot fill the disk. Set up in {@code logback.xml}; thread-safe.
 *
 * <p>Of what the tracker says below INFO, where an operator lets it, {@value
 * #FINE_LINES_PER_SECOND} lines per second pass, for strangers decide how often it is said.
 *
 * <p>Those of the network log, with a stack trace, each message that they cannot read: of each kind
 * of such lines one per minute passes. Of all lines of all libraries {@value #LINES_PER_WINDOW} per
 * minute pass.
 */
public final class LibraryLogFilter extends TurboFilter {
  private static final String OURS = "io.ppstp.";
  private static final Set<String> STREAMS = Set.of(LogStreams.AUDIT, LogStreams.ACCESS);
  private static final Pattern NETWORK =
      Pattern.compile("(io\\.vertx|io\\.netty|com\\.hazelcast)\\..*");

  /** The rest of a message may be a stranger's. */
  private static final Pattern FIRST_WORDS = Pattern.compile("^\\S{1,20}(?: \\S{1,20})?");

  private static final long WINDOW_NS = 60_000_000_000L;
  private static final int LINES_PER_WINDOW = 60;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int FINE_LINES_PER_SECOND = 200;

  private final LogLimiter kinds;
  private final LineBudget lines;

  /** Below INFO a line may be for each request of anybody. */
  private final LineBudget fineLines;

  /** Made by Logback. */
  public LibraryLogFilter() {
    this(System::nanoTime);
  }

  /**
   * Makes one.
   *
   * @param clockNs as {@link System#nanoTime}
   */
  LibraryLogFilter(LongSupplier clockNs) {
    this.kinds = new LogLimiter(clockNs);
    this.lines = new LineBudget(LINES_PER_WINDOW, WINDOW_NS, clockNs);
    this.fineLines = new LineBudget(FINE_LINES_PER_SECOND, SECOND_NS, clockNs);
  }

  /** Is asked of every line that anybody wants to write, most of which are not for us to judge. */
  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    String name = logger.getName();
    if (format == null
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())
        || STREAMS.contains(name)) {
      return FilterReply.NEUTRAL;
    }
    if (name.startsWith(OURS)) {
      boolean may = level.isGreaterOrEqual(Level.INFO) || fineLines.ask() != LogLimiter.HOLD_BACK;
      return may ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
    boolean complaint = level.isGreaterOrEqual(Level.WARN) && NETWORK.matcher(name).matches();
    boolean passes =
        (!complaint || isNewsOfItsKind(logger, format, failure)) && fitsIntoWindow(logger);
    return passes ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private boolean isNewsOfItsKind(Logger logger, String format, @Nullable Throwable failure) {
    Matcher words = FIRST_WORDS.matcher(format);
    String kind =
        logger.getName()
            + (words.find() ? words.group() : "")
            + (failure == null ? "" : failure.getClass().getName());
    long heldBack = kinds.ask(kind);
    if (heldBack > 0) {
      own(logger).warn("{} more lines like the next were left out before it", heldBack);
    }
    return heldBack != LogLimiter.HOLD_BACK;
  }

  private boolean fitsIntoWindow(Logger logger) {
    long leftOut = lines.ask();
    if (leftOut > 0) {
      own(logger)
          .warn(
              "{} lines of libraries were left out, more than {} a minute",
              leftOut,
              LINES_PER_WINDOW);
    }
    return leftOut != LogLimiter.HOLD_BACK;
  }

  private static Logger own(Logger of) {
    return of.getLoggerContext().getLogger(LibraryLogFilter.class);
  }
}
