package io.ppstp.tracker.management;

import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore.Census;

/** The last count of what the tracker holds, for gauges that are read at any time. Thread-safe. */
final class LatestCensus {
  private volatile Census census = new Census(0, 0, 0);

  LatestCensus(TrackerMetrics metrics) {
    metrics.gauge("ppstp.peers", "Registered peers", this, it -> it.census.peers());
    metrics.gauge("ppstp.swarms", "Swarms with a member", this, it -> it.census.swarms());
    metrics.gauge("ppstp.members", "Memberships of all swarms", this, it -> it.census.members());
  }

  void set(Census latest) {
    census = latest;
  }
}
