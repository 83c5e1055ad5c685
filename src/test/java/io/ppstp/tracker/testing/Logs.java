package io.ppstp.tracker.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Keeps expected complaints out of the log of a test run. */
public final class Logs {
  private Logs() {}

  /** Silences a logger until what is returned is closed. */
  public static Silence silence(String logger) {
    Logger log = (Logger) LoggerFactory.getLogger(logger);
    Level before = log.getLevel();
    log.setLevel(Level.OFF);
    return () -> log.setLevel(before);
  }

  /** Ends a silence. */
  @FunctionalInterface
  public interface Silence extends AutoCloseable {
    @Override
    void close();
  }
}
