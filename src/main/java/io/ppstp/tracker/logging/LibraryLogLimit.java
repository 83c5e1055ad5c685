package io.ppstp.tracker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Holds back what the libraries of the network would say again and again: they log, with a stack
 * trace, each message that they cannot read, so that whoever reaches a port could fill the disk. Of
 * each kind one line per minute passes. Set up in {@code logback.xml}; thread-safe.
 */
public final class LibraryLogLimit extends TurboFilter {
  private static final Pattern LIBRARIES =
      Pattern.compile("(io\\.vertx|io\\.netty|com\\.hazelcast)\\..*");

  /** The rest of a message may be a stranger's. */
  private static final Pattern FIRST_WORDS = Pattern.compile("^\\S{1,20}(?: \\S{1,20})?");

  private final LogLimiter limiter;

  /** For Logback. */
  public LibraryLogLimit() {
    this(System::nanoTime);
  }

  /**
   * Makes one.
   *
   * @param clockNs as {@link System#nanoTime}
   */
  public LibraryLogLimit(LongSupplier clockNs) {
    limiter = new LogLimiter(clockNs);
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
    if (format == null
        || !level.isGreaterOrEqual(Level.WARN)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())
        || !LIBRARIES.matcher(logger.getName()).matches()) {
      return FilterReply.NEUTRAL;
    }
    long heldBack = limiter.ask(kind(logger, format, failure));
    if (heldBack == LogLimiter.HOLD_BACK) {
      return FilterReply.DENY;
    }
    if (heldBack > 0) {
      LoggerFactory.getLogger(LibraryLogLimit.class)
          .warn("{} more lines like the next were left out before it", heldBack);
    }
    return FilterReply.NEUTRAL;
  }

  private static String kind(Logger logger, String format, @Nullable Throwable failure) {
    Matcher words = FIRST_WORDS.matcher(format);
    return logger.getName()
        + (words.find() ? words.group() : "")
        + (failure == null ? "" : failure.getClass().getName());
  }
}
