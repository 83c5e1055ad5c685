package io.ppstp.tracker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Keeps the loggers below a name from telling anything but errors until it is closed, for work that
 * is not the operator's. One thread at a time.
 */
public final class QuietLog implements AutoCloseable {
  private final @Nullable Logger logger;
  private final @Nullable Level before;

  /** Begins; does nothing where another logging library is in use. */
  public QuietLog(String name) {
    if (LoggerFactory.getLogger(name) instanceof Logger found) {
      logger = found;
      before = found.getLevel();
      found.setLevel(Level.ERROR);
    } else {
      logger = null;
      before = null;
    }
  }

  @Override
  public void close() {
    if (logger != null) {
      logger.setLevel(before);
    }
  }
}
