package io.ppstp.tracker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * From which level on each logger speaks, changed while the tracker runs, for good or for a time.
 * Thread-safe.
 *
 * <p>A logger has the level of the nearest one above it that has its own. At most {@value #MOST}
 * are changed at once, since a logger that was named once is there for ever.
 */
public final class LogLevels {
  /** How many loggers can be changed at once. */
  public static final int MOST = 100;

  /** The names of the levels. */
  public static final Set<String> LEVELS = Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$-]+(\\.[A-Za-z0-9_$-]+)*");
  private static final int LONGEST_NAME = 200;

  private final LongSupplier clockNs;
  private final Map<String, Before> changed = new HashMap<>();

  /**
   * A logger with a level of its own; immutable.
   *
   * @param changed whether it has it by an operator, since the start
   * @param secondsLeft until it is as it was, null if that is not so, or for good
   */
  public record LoggerLevel(
      String logger, String level, boolean changed, @Nullable Long secondsLeft) {}

  private record Before(@Nullable Level level, boolean ends, long endNs) {}

  /**
   * Makes one that has changed nothing.
   *
   * @param clockNs as {@link System#nanoTime}
   */
  public LogLevels(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** Returns why a logger's level cannot be changed, null if it can. */
  public synchronized @Nullable String fault(String logger) {
    if (logger.length() > LONGEST_NAME || !NAME.matcher(logger).matches()) {
      return "a logger is ROOT, a package or a class, such as io.ppstp.tracker.ingress";
    } else if (logger.equals(LogStreams.AUDIT) || logger.startsWith(LogStreams.AUDIT + ".")) {
      return "the audit log has one level";
    } else if (changed.size() >= MOST && !changed.containsKey(logger)) {
      return "the levels of " + MOST + " loggers are changed already; undo some";
    }
    return null;
  }

  /**
   * Lets a logger speak from {@code level} on.
   *
   * @param level one of {@link #LEVELS}
   * @param time after which it is as it was before the first change; zero for good
   * @throws IllegalArgumentException with what is wrong
   */
  public synchronized LoggerLevel set(String logger, String level, Duration time) {
    String fault = LEVELS.contains(level) ? fault(logger) : "no such level: " + level;
    if (fault != null) {
      throw new IllegalArgumentException(fault);
    }
    Logger found = context().getLogger(logger);
    Before before = changed.get(logger);
    changed.put(
        logger,
        new Before(
            before == null ? found.getLevel() : before.level,
            !time.isZero(),
            clockNs.getAsLong() + time.toNanos()));
    found.setLevel(Level.valueOf(level));
    return told(found);
  }

  /** Undoes all changes of a logger's level; returns false if there were none. */
  public synchronized boolean reset(String logger) {
    Before before = changed.remove(logger);
    if (before != null) {
      context().getLogger(logger).setLevel(before.level);
    }
    return before != null;
  }

  /** Undoes the changes whose time is over, and returns of which loggers; to be called often. */
  public synchronized List<String> tick() {
    long nowNs = clockNs.getAsLong();
    List<String> over = new ArrayList<>();
    changed.forEach(
        (logger, before) -> {
          if (before.ends && nowNs - before.endNs >= 0) {
            over.add(logger);
          }
        });
    over.forEach(this::reset);
    return over;
  }

  /** Returns the loggers with levels of their own, in the order of their names. */
  public synchronized List<LoggerLevel> levels() {
    return context().getLoggerList().stream()
        .filter(logger -> logger.getLevel() != null)
        .map(this::told)
        .toList();
  }

  private LoggerLevel told(Logger logger) {
    Before before = changed.get(logger.getName());
    Long left =
        before == null || !before.ends
            ? null
            : Math.max(0, Duration.ofNanos(before.endNs - clockNs.getAsLong()).toSeconds());
    String level = logger.getEffectiveLevel().toString().toUpperCase(Locale.ROOT);
    return new LoggerLevel(logger.getName(), level, before != null, left);
  }

  private static LoggerContext context() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      return context;
    }
    throw new IllegalStateException("another logging library is in use");
  }
}
