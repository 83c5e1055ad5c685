package io.ppstp.tracker.management;

import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore.Census;

/** The last count of what this node owns, for gauges that are read at any time. Thread-safe. */
final class LatestCensus {
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

  void set(Census latest) {
    census = latest;
  }
}
