package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the figures of the management ports with all that was acknowledged: each node counts
 * what it owns, so that the sum over all nodes is the truth. Confined to one thread, while the load
 * is paused.
 */
final class CountCheck {
  private static final String DIFFERING = "ppstp_cluster_replicas_differing_total";

  private final List<ChaosNode> nodes;
  private final Findings findings;

  CountCheck(List<ChaosNode> nodes, Findings findings) {
    this.nodes = nodes;
    this.findings = findings;
  }

  void run(List<ChaosPeer> peers) throws Exception {
    boolean isKnown = peers.stream().noneMatch(peer -> peer.isLost || peer.allowed.size() > 1);
    if (isKnown) {
      Map<String, Long> wanted = acknowledged(peers);
      if (!sums(wanted.keySet()).equals(wanted)) {
        findings.add(
            Findings.Kind.COUNT,
            "acknowledged: %s; all nodes together: %s"
                .formatted(new TreeMap<>(wanted), sums(wanted.keySet())),
            "; each: " + each(wanted.keySet()));
      }
    }
    for (ChaosNode node : nodes) {
      double differing = value(node, DIFFERING);
      if (differing > 0) {
        findings.add(Findings.Kind.COUNT, node + ": " + DIFFERING, " is " + differing);
      }
    }
  }

  private static Map<String, Long> acknowledged(List<ChaosPeer> peers) {
    Set<String> swarms = new HashSet<>();
    long registered = 0;
    long members = 0;
    for (ChaosPeer peer : peers) {
      Set<String> joined = peer.allowed.iterator().next().joined().keySet();
      registered += joined.isEmpty() ? 0 : 1;
      members += joined.size();
      swarms.addAll(joined);
    }
    return Map.of(
        "ppstp_peers", registered, "ppstp_members", members, "ppstp_swarms", (long) swarms.size());
  }

  private Map<String, Long> sums(Set<String> metrics) throws IOException, InterruptedException {
    Map<String, Long> sums = new TreeMap<>();
    for (ChaosNode node : nodes) {
      for (String metric : metrics) {
        sums.merge(metric, (long) value(node, metric), Long::sum);
      }
    }
    return sums;
  }

  private List<String> each(Set<String> metrics) throws IOException, InterruptedException {
    List<String> each = new ArrayList<>();
    for (ChaosNode node : nodes) {
      Map<String, Long> own = new TreeMap<>();
      for (String metric : metrics) {
        own.put(metric, (long) value(node, metric));
      }
      each.add(node + " " + own);
    }
    return each;
  }

  /** Returns the sum over all labels of a metric, zero if there is no such metric. */
  private static double value(ChaosNode node, String metric)
      throws IOException, InterruptedException {
    return node.management()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
