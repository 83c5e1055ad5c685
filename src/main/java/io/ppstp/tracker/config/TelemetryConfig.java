package io.ppstp.tracker.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node tells of itself: the settings under {@code metrics}, {@code log} and {@code tracing}.
 */
public final class TelemetryConfig {
  private TelemetryConfig() {}

  /**
   * What the metrics show; immutable.
   *
   * @param channels the largest swarms of a node, which have series of their own
   * @param vertx what Vert.x counts besides, by the names of {@link #VERTX}
   */
  public record Metrics(int channels, List<String> vertx) {
    /** What there is to choose from. */
    public static final List<String> VERTX =
        List.of("pools", "http-client", "http-server", "net", "event-bus");

    /** Copies the list, so that the record is immutable. */
    public Metrics {
      vertx = List.copyOf(vertx);
    }
  }

  /**
   * The log; immutable.
   *
   * @param format of its lines
   * @param audit the file of the audit log; the console without it
   * @param access of so many requests one has a line in the access log; 0 is none
   * @param accessRate lines of it per second at most
   */
  public record Log(LogFormat format, Optional<Path> audit, int access, int accessRate) {}

  /**
   * Traces of requests; immutable.
   *
   * @param endpoint that takes spans; none are made without it
   * @param sample of so many requests one is traced
   * @param slowerThan requests that take less are not told of; zero for all
   * @param accept whether who sends a trace context has its requests traced as that says
   */
  public record Tracing(Optional<URI> endpoint, int sample, Duration slowerThan, boolean accept) {}

  /** The form of lines of the log. */
  public enum LogFormat {
    /** Time, level, logger and message; a stack trace in lines of its own. */
    TEXT,
    /** A JSON object. */
    JSON
  }
}
