package io.ppstp.tracker.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Bounds what the libraries write to the log: what they complain of may be a stranger's doing, once
 * for each connection. Named in {@code logback.xml}; thread-safe.
 *
 * <p>It sees all that is logged with an exception, too, and ends the process if that is an {@link
 * OutOfMemoryError}: event loops and pools catch and log whatever is thrown in them.
 */
public final class LibraryLogFilter extends TurboFilter {
  private static final String OURS = "io.ppstp.";
  private static final String AUDIT = "audit";
  private static final long WINDOW_NS = 60_000_000_000L;
  private static final int LINES_PER_WINDOW = 60;

  private final LongSupplier nanoTime;
  private long windowBeganNs;
  private int written;
  private long omitted;

  /** Made by Logback. */
  public LibraryLogFilter() {
    this(System::nanoTime);
  }

  LibraryLogFilter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowBeganNs = nanoTime.getAsLong();
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (format == null || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    if (thrown != null) {
      OutOfMemoryExit.ifCausedBy(thrown);
    }
    String name = logger.getName();
    if (name.startsWith(OURS) || name.equals(AUDIT)) {
      return FilterReply.NEUTRAL;
    }
    return mayWrite(logger) ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private boolean mayWrite(Logger logger) {
    long left;
    synchronized (this) {
      long nowNs = nanoTime.getAsLong();
      if (nowNs - windowBeganNs < WINDOW_NS) {
        if (written < LINES_PER_WINDOW) {
          written++;
          return true;
        }
        omitted++;
        return false;
      }
      left = omitted;
      windowBeganNs = nowNs;
      written = 1;
      omitted = 0;
    }
    if (left > 0) {
      logger
          .getLoggerContext()
          .getLogger(LibraryLogFilter.class)
          .warn(
              "{} lines of libraries were left out, more than {} a minute", left, LINES_PER_WINDOW);
    }
    return true;
  }
}
