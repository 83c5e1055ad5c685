package io.ppstp.tracker.app.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Ends a process that is out of memory, also one that was started without {@code
 * -XX:+ExitOnOutOfMemoryError}: what goes on in it after that is anybody's guess, and whoever
 * watches it would take it for alive. Thread-safe.
 */
public final class OutOfMemoryExit {
  /** As with {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int EXIT_CODE = 3;

  private static final int MOST_CAUSES = 20;

  private static volatile boolean installed;

  private OutOfMemoryExit() {}

  /** Ends the process from now on, also when a thread of it ends by one. */
  public static void install() {
    installed = true;
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          ifCausedBy(thrown);
          if (before != null) {
            before.uncaughtException(thread, thrown);
          } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            thrown.printStackTrace();
          }
        });
  }

  /**
   * Ends the process if {@code thrown} is out of memory, or what caused it is; not before {@link
   * #install}, for the process may be somebody else's.
   */
  static void ifCausedBy(Throwable thrown) {
    Throwable cause = installed ? thrown : null;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof OutOfMemoryError) {
        // No log: there may be no memory for a line of it.
        System.err.println("ppstp-tracker: out of memory, the process ends");
        Runtime.getRuntime().halt(EXIT_CODE);
      }
      cause = cause.getCause();
    }
  }

  /**
   * Looks at all that is logged with an exception, for event loops and pools catch and log whatever
   * is thrown in them. Named in {@code logback.xml}; thread-safe.
   */
  public static final class LogFilter extends TurboFilter {
    /** Made by Logback. */
    public LogFilter() {}

    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] arguments,
        @Nullable Throwable failure) {
      if (failure != null && level.isGreaterOrEqual(logger.getEffectiveLevel())) {
        ifCausedBy(failure);
      }
      return FilterReply.NEUTRAL;
    }
  }
}
