package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a LEECH with one IPv4 address in one swarm costs in heap. Confined to one thread. */
final class MemoryTrial {
  private static final int SWARMS = 1000;
  private static final Duration CENSUS_PATIENCE = Duration.ofSeconds(30);

  private final int peers;
  private final ClusterOptions options;

  MemoryTrial(int peers, ClusterOptions options) {
    this.peers = peers;
    this.options = options;
  }

  /** Returns the bytes per peer in a tracker of its own. */
  double local() throws Exception {
    try (Servers servers = new Servers("3g");
        LoadGenerator generator = new LoadGenerator()) {
      return perPeer(List.of(servers.start(servers.tracker())), generator);
    }
  }

  /** Returns the bytes per peer and replica in a cluster of two with one backup. */
  double replica() throws Exception {
    try (Servers servers = new Servers("3g", options);
        LoadGenerator generator = new LoadGenerator()) {
      return perPeer(servers.cluster(2, "bench-memory"), generator) / 2;
    }
  }

  private double perPeer(List<TrackerProcess> nodes, LoadGenerator generator) throws Exception {
    Audience audience = new Audience(64, 1, SWARMS);
    long before = liveBytes(nodes);
    List<Target> targets = new ArrayList<>();
    for (TrackerProcess node : nodes) {
      targets.add(Target.plain(node.http().getPort()));
    }
    try (Session session = generator.session(targets, audience.arrival(0, peers, 0, SWARMS))) {
      Load load = session.runOut();
      if (load.errors > 0) {
        throw new IllegalStateException(load.errors + " errors, first: " + load.firstError);
      }
    }
    // A cluster counts what it holds once a second.
    Await.until(
        peers + " peers held",
        CENSUS_PATIENCE,
        () -> nodes.get(0).management().held().peers() == peers);
    return (double) (liveBytes(nodes) - before) / peers;
  }

  private static long liveBytes(List<TrackerProcess> nodes) throws IOException {
    long bytes = 0;
    for (TrackerProcess node : nodes) {
      bytes += LiveHeap.bytes(node.pid());
    }
    return bytes;
  }
}
