package io.ppstp.tracker.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The nodes under test. Confined to one thread; they end with it. */
final class ChaosCluster implements AutoCloseable {
  /**
   * A running node; immutable.
   *
   * @param name its host and how often a node was started there before, such as {@code n2.1}
   * @param host from 1 on
   */
  record ChaosNode(String name, int host, TrackerProcess process, URI http, Management management) {
    static ChaosNode of(String name, int host, TrackerProcess process) {
      return new ChaosNode(name, host, process, process.http(), process.management());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Path LOGS = Path.of("target", "it-logs");
  private static final Duration LEAVING = Duration.ofSeconds(45);

  private final Hosts hosts;
  private final String run;
  private final List<ChaosNode> nodes = new ArrayList<>();
  private final Map<Integer, Integer> started = new HashMap<>();

  /** Makes a cluster without nodes, whose logs are named after {@code run}. */
  ChaosCluster(Hosts hosts, String run) {
    this.hosts = hosts;
    this.run = run;
  }

  /** Returns the running nodes. */
  List<ChaosNode> nodes() {
    return List.copyOf(nodes);
  }

  /** Starts a node on a host and returns it when it is ready. */
  ChaosNode start(int host) {
    return add(host, hosts.node(host).start());
  }

  /** Starts a node on each of the first hosts. */
  void startFirst(int count) {
    List<TrackerProcess.Builder> builders =
        IntStream.rangeClosed(1, count).mapToObj(hosts::node).toList();
    List<TrackerProcess> started = TrackerProcess.startTogether(builders);
    for (int i = 0; i < count; i++) {
      add(i + 1, started.get(i));
    }
  }

  private ChaosNode add(int host, TrackerProcess process) {
    int earlier = started.merge(host, 1, Integer::sum) - 1;
    ChaosNode node = ChaosNode.of("n" + host + "." + earlier, host, process);
    nodes.add(node);
    return node;
  }

  /** Ends a node at once, with SIGKILL. */
  void kill(ChaosNode node) throws IOException {
    nodes.remove(node);
    end(node);
  }

  /** Asks a node to leave, with SIGTERM, and returns when it has. */
  void terminate(ChaosNode node) throws IOException, InterruptedException {
    node.process().terminate();
    int exitCode = node.process().exitCode(LEAVING);
    nodes.remove(node);
    end(node);
    if (exitCode != 0) {
      throw new AssertionError(node + " ended with exit code " + exitCode);
    }
  }

  private void end(ChaosNode node) throws IOException {
    node.process().close();
    Files.createDirectories(LOGS);
    Path log = LOGS.resolve("chaos-" + run + "-" + node.name() + ".log");
    Files.write(log, node.process().log(), StandardCharsets.UTF_8);
  }

  /** Waits until all nodes see exactly each other, and every entry has its backups. */
  void awaitWhole(Duration patience) throws Exception {
    String[] last = {""};
    if (!Await.holdsWithin(patience, () -> (last[0] = obstacle()) == null)) {
      throw new AssertionError("not one whole cluster after " + patience + ": " + last[0]);
    }
  }

  /** Returns why the cluster is not whole, null if it is. */
  private @Nullable String obstacle() throws InterruptedException {
    Set<String> own = new HashSet<>();
    List<Set<String>> seen = new ArrayList<>();
    for (ChaosNode node : nodes) {
      try {
        JsonNode cluster = node.management().status().path("cluster");
        int ready = node.management().get("/health/ready").statusCode();
        if (ready != 200
            || !cluster.path("safe").asBoolean()
            || !cluster.path("running").asBoolean()) {
          return node + ": ready " + ready + " " + cluster;
        }
        seen.add(memberIds(cluster, own));
      } catch (IOException e) {
        return node + ": " + e;
      }
    }
    return seen.stream().allMatch(own::equals) ? null : nodes + " see " + seen;
  }

  /** Returns the members that a node sees, and adds the node itself to {@code own}. */
  private static Set<String> memberIds(JsonNode cluster, Set<String> own) {
    Set<String> ids = new HashSet<>();
    for (JsonNode member : cluster.path("members")) {
      String id = member.path("id").asText();
      if (!member.path("lite").asBoolean()) {
        ids.add(id);
      }
      if (member.path("this").asBoolean()) {
        own.add(id);
      }
    }
    return ids;
  }

  /** Ends all nodes, without leave-taking, and keeps their logs. */
  @Override
  public void close() throws IOException {
    for (ChaosNode node : nodes()) {
      kill(node);
    }
    hosts.close();
  }
}
