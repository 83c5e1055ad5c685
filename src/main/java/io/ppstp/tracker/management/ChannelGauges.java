package io.ppstp.tracker.management;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.metrics.TrackerMetrics;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows in the metrics how many members the largest swarms of this node have, and all others
 * together: however many swarms strangers make, there are so many series and no more. Confined to
 * one thread.
 */
final class ChannelGauges {
  private static final String SWARM = "swarm";

  /** No swarm's ID is empty. */
  private static final String OTHERS = "";

  private final int most;
  private final MultiGauge peers;

  /** Shows at most {@code most} swarms in {@code metrics}. */
  ChannelGauges(int most, TrackerMetrics metrics) {
    this.most = most;
    this.peers =
        metrics.changing(
            "ppstp.channel.peers",
            "Members of the largest swarms that this node owns; of all others, swarm is empty");
  }

  /** Returns how many of the largest are shown. */
  int most() {
    return most;
  }

  /** Shows {@code largest} of swarms that have {@code members} in all. */
  void show(List<SwarmSize> largest, long members) {
    List<Row<?>> rows = new ArrayList<>(largest.size() + 1);
    long others = members;
    for (SwarmSize size : largest) {
      rows.add(Row.of(Tags.of(SWARM, size.swarmId()), size.peers()));
      others -= size.peers();
    }
    // The members were counted a moment later than the swarms.
    rows.add(Row.of(Tags.of(SWARM, OTHERS), Math.max(0, others)));
    peers.register(rows, true);
  }
}
