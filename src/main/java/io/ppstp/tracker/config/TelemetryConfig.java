package io.ppstp.tracker.config;

import java.util.List;

/** What a node tells of itself: the settings under {@code metrics}. */
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
}
