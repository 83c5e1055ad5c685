package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Nodes of one cluster, each the built jar in a process of its own, on loopback and on ports that
 * no other cluster uses. Confined to one thread; the nodes end with it.
 */
public final class TrackerCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Ports of members that the configuration names. */
  static final int MEMBERS = 4;

  private static final Path EXAMPLE = Path.of("cluster.xml");
  private static final Path LOGS = Path.of("target", "it-logs");

  private final String name = "it-" + UUID.randomUUID();
  private final Path config;
  private final int port;
  private final Consumer<TrackerProcess.Builder> settings;
  private final List<TrackerProcess> nodes = new ArrayList<>();
  private int spares;

  private TrackerCluster(Path config, int port, Consumer<TrackerProcess.Builder> settings) {
    this.config = config;
    this.port = port;
    this.settings = settings;
  }

  /**
   * Prepares a cluster without nodes.
   *
   * @param folder for its configuration
   * @param settings what each node is told besides
   */
  public static TrackerCluster in(Path folder, Consumer<TrackerProcess.Builder> settings)
      throws IOException {
    int port = Ports.free(ClusterXml.PORTS);
    String xml = ClusterXml.at(port, Files.readString(EXAMPLE, UTF_8));
    Path config = folder.resolve("cluster-" + port + ".xml");
    Files.writeString(config, xml);
    return new TrackerCluster(config, port, settings);
  }

  /** Returns the name of the cluster. */
  public String name() {
    return name;
  }

  /** Returns the Hazelcast configuration of its nodes. */
  public Path config() {
    return config;
  }

  /** Returns the port of the first member; the others have the next ones. */
  public int port() {
    return port;
  }

  /** Returns a port for a member that is no node. */
  public int spareMemberPort() {
    return port + ClusterXml.PORTS - 1 - spares++;
  }

  /** Returns the running nodes. */
  public List<TrackerProcess> nodes() {
    return List.copyOf(nodes);
  }

  /** Returns the command line of a node that belongs here. */
  public TrackerProcess.Builder node() {
    TrackerProcess.Builder node =
        TrackerProcess.onFreePorts()
            .jvmOption("-Xmx384m")
            .jvmOption("-XX:TieredStopAtLevel=1")
            .arguments("--cluster")
            .set("cluster.name", name)
            .set("addresses.trust", "advertised")
            .set("cluster.config", config);
    settings.accept(node);
    return node;
  }

  /** Starts a node and returns it when it is ready. */
  public TrackerProcess start() {
    return start(node());
  }

  /** Starts a node of a certain command line and returns it when it is ready. */
  public TrackerProcess start(TrackerProcess.Builder node) {
    TrackerProcess started = node.start();
    nodes.add(started);
    return started;
  }

  /** Starts several nodes and returns when all have found each other. */
  public TrackerCluster start(int count) throws Exception {
    nodes.addAll(TrackerProcess.startTogether(Stream.generate(this::node).limit(count).toList()));
    awaitSafe(PATIENCE);
    return this;
  }

  /** Ends a node at once, with SIGKILL. */
  public void kill(TrackerProcess node) {
    nodes.remove(node);
    end(node);
  }

  /** Ends a node if it still runs, and keeps its log for whoever has to explain a failure. */
  private void end(TrackerProcess node) {
    node.close();
    try {
      Files.createDirectories(LOGS);
      Files.write(LOGS.resolve(name + "-" + node.pid() + ".log"), node.log(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks a node to leave, with SIGTERM, and returns its exit code. */
  public int leave(TrackerProcess node, Duration patience) throws InterruptedException {
    node.terminate();
    int exitCode = node.exitCode(patience);
    nodes.remove(node);
    end(node);
    return exitCode;
  }

  /** Waits until all nodes are ready, know of all others, and every entry has its backups. */
  public void awaitSafe(Duration patience) throws Exception {
    for (TrackerProcess node : nodes) {
      Await.until(
          nodes.size() + " members and safe: " + node.http(),
          patience,
          () -> members(node) == nodes.size() && isSafe(node) && isReady(node));
    }
  }

  /** Returns how many nodes a node sees, listeners apart; -1 if it does not answer. */
  public static int members(TrackerProcess node) throws InterruptedException {
    try {
      int nodes = 0;
      for (JsonNode member : cluster(node).path("members")) {
        nodes += member.path("lite").asBoolean() ? 0 : 1;
      }
      return nodes;
    } catch (IOException e) {
      return -1;
    }
  }

  private static boolean isSafe(TrackerProcess node) throws IOException, InterruptedException {
    JsonNode cluster = cluster(node);
    return cluster.path("safe").asBoolean() && cluster.path("running").asBoolean();
  }

  private static boolean isReady(TrackerProcess node) throws IOException, InterruptedException {
    return node.management().get("/health/ready").statusCode() == 200;
  }

  /** Returns what a node says of its cluster. */
  public static JsonNode cluster(TrackerProcess node) throws IOException, InterruptedException {
    return node.management().status().path("cluster");
  }

  /** Ends all nodes, without leave-taking. */
  @Override
  public void close() {
    nodes.forEach(this::end);
    nodes.clear();
  }
}
