package io.ppstp.tracker.management;

import io.ppstp.tracker.management.access.ManagementJson;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore.Census;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Composes {@code /status}. Thread-safe. */
final class StatusReport {
  private final NodeHealth node;
  private final InstantSource clock;
  private final TrackerMetrics metrics;
  private final long startedAtMs;

  /**
   * What is told, in this order.
   *
   * @param node what this process is called in events
   * @param requests answered so far, by type and by outcome
   * @param cluster null if the node is alone, and then left out
   * @param webtorrent null if browsers are not served, and then left out
   * @param bittorrent likewise for BitTorrent clients
   */
  private record Status(
      String version,
      String node,
      long uptimeSeconds,
      String state,
      long peers,
      long swarms,
      long members,
      Map<String, Map<String, Long>> requests,
      @Nullable Object cluster,
      @Nullable Object webtorrent,
      @Nullable Object bittorrent) {}

  StatusReport(NodeHealth node, InstantSource clock, TrackerMetrics metrics) {
    this.node = node;
    this.clock = clock;
    this.metrics = metrics;
    this.startedAtMs = clock.millis();
  }

  /** Returns the report as JSON. */
  String compose(Census census) {
    Status status =
        new Status(
            node.version(),
            node.node(),
            Duration.ofMillis(clock.millis() - startedAtMs).toSeconds(),
            census.peers() == 0 ? "INIT" : "STARTED",
            census.peers(),
            census.swarms(),
            census.members(),
            metrics.requestCounts(),
            node.cluster().get().orElse(null),
            node.webtorrent().get().orElse(null),
            node.bittorrent().get().orElse(null));
    return ManagementJson.of(status);
  }
}
