package io.ppstp.tracker.management;

import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Composes {@code /status}. Thread-safe. */
final class StatusReport {
  private final String version;
  private final InstantSource clock;
  private final TrackerMetrics metrics;
  private final NodeHealth node;
  private final long startedAtMs;

  StatusReport(String version, InstantSource clock, TrackerMetrics metrics, NodeHealth node) {
    this.version = version;
    this.clock = clock;
    this.metrics = metrics;
    this.node = node;
    this.startedAtMs = clock.millis();
  }

  JsonObject compose(Census census) {
    JsonObject requests = new JsonObject();
    metrics
        .requestCounts()
        .forEach((type, outcomes) -> requests.put(type, new JsonObject(Map.copyOf(outcomes))));
    JsonObject status =
        new JsonObject()
            .put("version", version)
            .put("uptime_seconds", Duration.ofMillis(clock.millis() - startedAtMs).toSeconds())
            .put("state", census.peers() == 0 ? "INIT" : "STARTED")
            .put("peers", census.peers())
            .put("swarms", census.swarms())
            .put("members", census.members())
            .put("requests", requests);
    node.description().accept(status);
    return status;
  }
}
