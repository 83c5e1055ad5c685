package io.ppstp.tracker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Nodes of one cluster, each on a host of its own that can be cut off. Confined to one thread. */
public final class SplitCluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Path LOGS = Path.of("target", "it-logs");
  private static final Pattern MEMBERS =
      Pattern.compile(
          "<member-list>[^<]*(<member>127\\.0\\.0\\.1:\\d+</member>[^<]*)+</member-list>");
  private static final String INTERFACE = "<interface>127.0.0.1</interface>";

  private final SplitNetwork network;
  private final List<SplitNode> nodes = new ArrayList<>();

  private SplitCluster(SplitNetwork network) {
    this.network = network;
  }

  /**
   * Starts nodes and returns when all have found each other.
   *
   * @param folder for their configuration
   * @param settings what each node is told besides
   */
  public static SplitCluster start(
      int count, Path folder, Consumer<TrackerProcess.Builder> settings) throws Exception {
    SplitCluster cluster = new SplitCluster(SplitNetwork.of(count));
    boolean started = false;
    try {
      Path config = folder.resolve("cluster.xml");
      Files.writeString(config, config(cluster.network, count));
      cluster.startNodes(count, config, settings);
      for (int host = 1; host <= count; host++) {
        cluster.awaitMembers(host, count, START);
      }
      started = true;
    } finally {
      if (!started) {
        cluster.close();
      }
    }
    return cluster;
  }

  /** Returns the cluster.xml of the repository, with hosts of a network in place of loopback. */
  public static String config(SplitNetwork network, int count) throws IOException {
    String xml = Files.readString(Path.of("cluster.xml"));
    Matcher list = MEMBERS.matcher(xml);
    if (!list.find() || !xml.contains(INTERFACE)) {
      throw new IOException("cluster.xml has another network than this test knows");
    }
    StringBuilder members = new StringBuilder();
    IntStream.rangeClosed(1, count)
        .forEach(
            host ->
                members.append("<member>").append(network.address(host)).append(":5701</member>"));
    String all = network.address(1).replaceFirst("[0-9]+$", "*");
    return list.replaceFirst("<member-list>" + members + "</member-list>")
        .replace(INTERFACE, "<interface>" + all + "</interface>");
  }

  private void startNodes(int count, Path config, Consumer<TrackerProcess.Builder> settings) {
    List<TrackerProcess.Builder> builders =
        IntStream.rangeClosed(1, count).mapToObj(host -> node(host, config, settings)).toList();
    for (TrackerProcess started : TrackerProcess.startTogether(builders)) {
      nodes.add(new SplitNode(started, network, nodes.size() + 1));
    }
  }

  private TrackerProcess.Builder node(
      int host, Path config, Consumer<TrackerProcess.Builder> settings) {
    TrackerProcess.Builder node =
        TrackerProcess.bare()
            .through(network.inside(host))
            .jvmOption("-Xmx384m")
            .jvmOption("-XX:TieredStopAtLevel=1")
            .arguments("--cluster")
            .set("http.host", network.address(host))
            .set("http.allow-plain-text", true)
            .set("addresses.trust", "advertised")
            // Each host sees clients at another address.
            .set("policy.anonymous", "open")
            .set("addresses.private", "anyone")
            .set("cluster.config", config)
            .set("cluster.allow-plain-text", true)
            .set("cluster.bus.host", network.address(host));
    settings.accept(node);
    return node;
  }

  /** Returns the node on a host, which are numbered from 1 on. */
  public SplitNode node(int host) {
    return nodes.get(host - 1);
  }

  /** Returns all nodes. */
  public List<SplitNode> nodes() {
    return List.copyOf(nodes);
  }

  /** Returns the network between the nodes. */
  public SplitNetwork network() {
    return network;
  }

  /** Waits until a node takes part in a cluster of so many. */
  public void awaitMembers(int host, int count, Duration patience) throws Exception {
    Await.until(
        count + " members on host " + host,
        patience,
        () -> {
          var cluster = node(host).cluster();
          return cluster.path("running").asBoolean() && cluster.path("members").size() == count;
        });
  }

  /** Ends all nodes and the network, and keeps the logs for whoever has to explain a failure. */
  @Override
  public void close() throws IOException {
    try {
      Files.createDirectories(LOGS);
      for (SplitNode node : nodes) {
        node.process().close();
        Files.write(LOGS.resolve("split-" + node.process().pid() + ".log"), node.process().log());
      }
    } finally {
      nodes.forEach(node -> node.process().close());
      network.close();
    }
  }
}
