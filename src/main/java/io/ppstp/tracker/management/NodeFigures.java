package io.ppstp.tracker.management;

import io.ppstp.tracker.management.access.ManagementJson;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.metrics.TrackerMetrics.LatencyBucket;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How this node is, as it tells all nodes that ask. Thread-safe. */
final class NodeFigures implements Supplier<JsonObject> {
  private final NodeHealth node;
  private final NodeControl control;
  private final TrackerMetrics metrics;
  private final RefusalCounts refusals;
  private final Supplier<Census> census;
  private final InstantSource clock;
  private final long startedAtMs;

  /**
   * What a node tells. Counts are of this process and only grow; sums over nodes are right.
   *
   * @param member what the cluster calls it
   * @param peers that it owns, and swarms and memberships likewise
   * @param requests answered, by type and by outcome
   * @param refused by cause
   * @param limited connections and requests that limits stopped, by limit
   * @param latency how many requests took at most how long, the shortest first
   */
  private record Figures(
      String node,
      String member,
      String version,
      long uptimeSeconds,
      boolean live,
      boolean ready,
      boolean draining,
      boolean safe,
      long peers,
      long swarms,
      long members,
      long connections,
      Heap heap,
      Map<String, Map<String, Long>> requests,
      Map<String, Long> refused,
      Map<String, Long> limited,
      List<LatencyBucket> latency) {}

  private record Heap(long used, long maximum) {}

  NodeFigures(
      NodeHealth node,
      NodeControl control,
      TrackerMetrics metrics,
      RefusalCounts refusals,
      Supplier<Census> census,
      InstantSource clock) {
    this.node = node;
    this.control = control;
    this.metrics = metrics;
    this.refusals = refusals;
    this.census = census;
    this.clock = clock;
    this.startedAtMs = clock.millis();
  }

  @Override
  public JsonObject get() {
    Census now = census.get();
    Runtime java = Runtime.getRuntime();
    Figures figures =
        new Figures(
            node.node(),
            control.members().stream()
                .filter(NodeControl.ClusterMember::here)
                .map(NodeControl.ClusterMember::id)
                .findFirst()
                .orElse(""),
            node.version(),
            Duration.ofMillis(clock.millis() - startedAtMs).toSeconds(),
            node.live().getAsBoolean(),
            node.ready().getAsBoolean(),
            control.isDraining(),
            control.isSafe(),
            now.peers(),
            now.swarms(),
            now.members(),
            (long) metrics.value("ppstp.connections"),
            new Heap(java.totalMemory() - java.freeMemory(), java.maxMemory()),
            metrics.requestCounts(),
            refusals.seen(),
            metrics.counts("ppstp.limited", "limit"),
            metrics.latency());
    return new JsonObject(ManagementJson.of(figures));
  }

  /** The last count of what this node owns, for gauges that are read at any time. Thread-safe. */
  static final class LatestCensus {
    private volatile Census census = Census.NONE;

    LatestCensus(TrackerMetrics metrics) {
      metrics.gauge(
          "ppstp.peers",
          "Registered peers in shards that this node owns",
          this,
          it -> it.census.peers());
      metrics.gauge(
          "ppstp.swarms",
          "Swarms with a member in shards that this node owns",
          this,
          it -> it.census.swarms());
      metrics.gauge(
          "ppstp.members",
          "Members of the swarms that this node owns",
          this,
          it -> it.census.members());
    }

    Census get() {
      return census;
    }

    void set(Census latest) {
      census = latest;
    }
  }
}
