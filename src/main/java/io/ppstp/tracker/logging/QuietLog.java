package io.ppstp.tracker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Keeps all loggers from telling anything until it is closed, for work that is not the operator's.
 * One thread at a time.
 */
public final class QuietLog implements AutoCloseable {
  private final Map<Logger, @Nullable Level> before = new HashMap<>();

  /** Begins; does nothing where another logging library is in use. */
  public QuietLog() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      for (Logger logger : root.getLoggerContext().getLoggerList()) {
        Level level = logger.getLevel();
        if (level != null) {
          before.put(logger, level);
          logger.setLevel(Level.OFF);
        }
      }
    }
  }

  @Override
  public void close() {
    before.forEach(Logger::setLevel);
    before.clear();
  }
}
