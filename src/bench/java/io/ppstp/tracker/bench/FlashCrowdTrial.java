package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A crowd that comes to one channel of three nodes that have just started, each peer over a
 * connection of its own, which it closes when it has its list. Confined to one thread.
 */
final class FlashCrowdTrial {
  private static final int NODES = 3;
  private static final int PEERS = 20_000;
  private static final int WITHIN_S = 10;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final String COLD = "archive";
  private static final String WARM = "archive and warm-up";

  private final ClusterOptions options;

  /**
   * What became of the crowd.
   *
   * @param failed whose request failed, and failed again when it was repeated, or is not answered
   * @param followedSeconds from when the last came until the channel's list had all
   */
  private record Outcome(
      Load load, ProcessAccount.Usage used, long failed, double followedSeconds) {
    double perRequest(long amount) {
      return (double) amount / PEERS;
    }
  }

  FlashCrowdTrial(ClusterOptions options) {
    this.options = options;
  }

  /** Measures, and notes what it came to. */
  void run(Results results) throws Exception {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    outcomes.put(COLD, come("0s"));
    Outcome warm = come("20s");
    outcomes.put(WARM, warm);
    results.text(table(outcomes));
    String what =
        "%d peers within %d s into one channel of %d fresh nodes: "
            .formatted(PEERS, WITHIN_S, NODES);
    results.atMost(what + "failed after one repeat", warm.failed(), 0, "");
    results.atMost(what + "p99", warm.load().ms(99), 500, " ms");
  }

  private Outcome come(String warmUp) throws Exception {
    Audience crowd = new Audience(PEERS, 1, 1);
    try (Servers servers = new Servers("1g", options);
        LoadGenerator generator = new LoadGenerator()) {
      List<TrackerProcess> nodes =
          servers.cluster(NODES, "bench-flash-crowd", List.of("startup.warm-up=" + warmUp));
      List<Long> pids = nodes.stream().map(TrackerProcess::pid).toList();
      List<Target> targets =
          nodes.stream().map(node -> Target.closing(node.http().getPort())).toList();
      try (Session session = generator.session(targets, crowd.crowd())) {
        ProcessAccount before = ProcessAccount.of(pids);
        Load load = session.swap();
        session.start((double) PEERS / WITHIN_S);
        long lastNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WITHIN_S);
        while (session.ended() < PEERS && System.nanoTime() - lastNs < PATIENCE_NS) {
          Contest.sleep(10);
        }
        long unfinished = PEERS - session.ended();
        session.stop();
        ProcessAccount.Usage used = ProcessAccount.of(pids).since(before);
        double followed = awaitList(nodes.get(0), PEERS - load.errors, lastNs);
        if (load.errors > 0) {
          Bench.tell(load.errors + " failed, first: " + load.firstError);
        }
        String errors = servers.errors();
        if (!errors.isEmpty()) {
          Bench.tell("errors in the nodes' logs:" + errors);
        }
        return new Outcome(load, used, load.failed + unfinished, followed);
      }
    }
  }

  private static double awaitList(TrackerProcess node, long members, long sinceNs)
      throws IOException, InterruptedException {
    while (node.management().held().members() < members) {
      if (System.nanoTime() - sinceNs > PATIENCE_NS) {
        return Double.NaN;
      }
      Contest.sleep(50);
    }
    return (System.nanoTime() - sinceNs) / 1e9;
  }

  private static String table(Map<String, Outcome> outcomes) {
    StringBuilder table = new StringBuilder("### Flash crowd\n\n");
    table.append(
        String.format(
            Locale.ROOT,
            "%d peers come to one channel within %d s, evenly to the %d nodes of a cluster that has"
                + " just started, each over a connection of its own, and get a list of 29. The time of"
                + " each counts from when it was due, its repeats with it: 200 ms after an answer of 04"
                + " or 05. \"Lists followed\" is from when the last was due until the status of a node"
                + " counts all as members of the channel.\n\n",
            PEERS,
            WITHIN_S,
            NODES));
    table.append("| with | repeats | failed after one repeat | p50 ms | p99 ms | slowest ms |");
    table.append(" lists followed after s | CPU µs/request | context switches/request |");
    table.append(" of them involuntary | read- and write-like system calls/request | JIT, % of CPU |\n");
    table.append("| --- ".repeat(12)).append("|\n");
    outcomes.forEach(
        (name, it) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.1f | %.1f | %.0f | %.1f | %.0f | %.1f | %.1f | %.1f | %.0f |\n",
                    name,
                    it.load().repeats,
                    it.failed(),
                    it.load().ms(50),
                    it.load().ms(99),
                    it.load().ms(100),
                    it.followedSeconds(),
                    it.perRequest(it.used().cpuMicros()),
                    it.perRequest(it.used().voluntary() + it.used().involuntary()),
                    it.perRequest(it.used().involuntary()),
                    it.perRequest(it.used().calls()),
                    it.used().jitShare() * 100)));
    return table.toString();
  }
}
