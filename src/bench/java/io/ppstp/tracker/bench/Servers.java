package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.testing.Ports;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts what is measured, each in processes of its own, and ends it. Confined to one thread. */
final class Servers implements AutoCloseable {
  private static final int MOST_ERRORS = 5;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  /** As the product is run, see performance.md; the kernel may not allow it. */
  static final String HUGE_PAGES = "-XX:+UseTransparentHugePages";

  static final String SMALL_PAGES = "-XX:-UseTransparentHugePages";

  private final List<Runnable> running = new ArrayList<>();
  private final List<TrackerProcess> trackers = new ArrayList<>();
  private final String heap;
  private final ClusterOptions options;
  private final String pages;

  /**
   * Makes a place for servers.
   *
   * @param heap that each Java may use, such as {@code 2g}
   */
  Servers(String heap) {
    this(heap, ClusterOptions.NONE);
  }

  /** Makes a place for servers whose clusters get {@code options} beside. */
  Servers(String heap, ClusterOptions options) {
    this(heap, options, HUGE_PAGES);
  }

  /** Makes a place for servers whose memory is in such pages, as an option of Java says. */
  Servers(String heap, ClusterOptions options, String pages) {
    this.heap = heap;
    this.options = options;
    this.pages = pages;
  }

  /** Returns a tracker to be configured further; nobody times out in it. */
  TrackerProcess.Builder tracker() {
    return TrackerProcess.onFreePorts()
        .jvmOption("-Xmx" + heap)
        .jvmOption(pages)
        .set("addresses.trust", "advertised")
        .set("addresses.private", "anyone")
        .set("http.idle-timeout", "1h")
        .set("timers.track", "24h")
        .set("limits.peers", 5_000_000);
  }

  /** Starts a tracker and keeps it until the end. */
  TrackerProcess start(TrackerProcess.Builder tracker) {
    TrackerProcess process = tracker.start();
    running.add(process::close);
    trackers.add(process);
    return process;
  }

  /** Returns the first errors in each tracker's log, each in a line of its own. */
  String errors() {
    StringBuilder errors = new StringBuilder();
    for (TrackerProcess tracker : trackers) {
      tracker.errors().stream()
          .limit(MOST_ERRORS)
          .forEach(line -> errors.append("\n  ").append(tracker.pid()).append(": ").append(line));
    }
    return errors.toString();
  }

  /** Starts as many nodes of one cluster, with one synchronous backup if there are two or more. */
  List<TrackerProcess> cluster(int nodes, String name) throws IOException {
    return cluster(nodes, name, List.of());
  }

  /**
   * Starts as many nodes of one cluster.
   *
   * @param settings of the tracker beside the others, {@code key=value}
   */
  List<TrackerProcess> cluster(int nodes, String name, List<String> settings) throws IOException {
    Path config = Files.createTempFile("ppstp-bench", ".xml");
    config.toFile().deleteOnExit();
    int first = Ports.free(nodes);
    Files.writeString(config, options.apply(clusterConfig(first, nodes)));
    List<TrackerProcess> started = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      TrackerProcess.Builder node =
          tracker()
              .arguments("--cluster")
              .set("cluster.config", config)
              .set("cluster.name", name);
      options.jvmOptions().forEach(node::jvmOption);
      List<String> all = new ArrayList<>(options.settings());
      all.addAll(settings);
      for (String setting : all) {
        node.set(ClusterOptions.key(setting), ClusterOptions.value(setting));
      }
      started.add(start(node));
    }
    awaitMembers(started.get(0), nodes);
    return started;
  }

  private static void awaitMembers(TrackerProcess node, int nodes) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (node.log().stream().noneMatch(line -> line.contains(", " + nodes + " now"))) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("no cluster of " + nodes + ":\n" + String.join("\n", node.log()));
      }
      pause();
    }
  }

  /** Returns the product's own cluster.xml, moved to a port that nothing else uses. */
  private static String clusterConfig(int port, int nodes) throws IOException {
    String config = Files.readString(Path.of("cluster.xml"));
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < nodes; i++) {
      members.append("<member>127.0.0.1:").append(port + i).append("</member>");
    }
    return config
        .replaceAll("(<port\\b[^>]*>)\\d+(</port>)", "$1" + port + "$2")
        .replaceAll("(?s)<member-list>.*?</member-list>", "<member-list>" + members + "</member-list>");
  }

  /** Starts the limit, which answers each kind with as many bytes as are named. */
  Server bare(int[] bodies) throws IOException {
    int port = Ports.free();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                pages,
                "-cp",
                System.getProperty("java.class.path"),
                BareServer.class.getName(),
                Integer.toString(port)));
    for (Kind kind : Kind.values()) {
      command.add(kind.path() + "=" + bodies[kind.number()]);
    }
    Process process = run(command, Optional.of("ready"));
    return new Server("bare Vert.x", List.of(Target.plain(port)), List.of(process.pid()));
  }

  /** Starts Debian's opentracker, if it is installed. */
  Optional<Server> opentracker(Announces announces) throws IOException {
    if (!isInstalled("opentracker")) {
      return Optional.empty();
    }
    Path folder =
        Files.createTempDirectory(
            "ppstp-bench",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path whiteList = folder.resolve("whitelist");
    Files.write(whiteList, announces.whiteList());
    Files.setPosixFilePermissions(whiteList, PosixFilePermissions.fromString("rw-r--r--"));
    int port = Ports.free();
    String number = Integer.toString(port);
    Process process =
        run(
            List.of(
                "opentracker", "-i", "127.0.0.1", "-p", number, "-P", number, "-d",
                folder.toString(), "-w", "whitelist"),
            Optional.empty());
    return Optional.of(
        new Server(
            "opentracker", List.of(Target.closing(port)), List.of(process.pid())));
  }

  /** Starts npm's bittorrent-tracker, if it is installed for all, for HTTP or for WebSockets. */
  Optional<Server> bittorrentTracker(boolean webSocket) throws IOException {
    if (!isInstalled("npm") || !isInstalled("node")) {
      return Optional.empty();
    }
    Process npm = new ProcessBuilder("npm", "root", "-g").start();
    String root = new String(npm.getInputStream().readAllBytes(), UTF_8).strip();
    Path module = Path.of(root, "bittorrent-tracker", "server.js");
    if (!Files.exists(module)) {
      return Optional.empty();
    }
    int port = Ports.free();
    String program =
        """
        const { default: Server } = await import('%s');
        const server = new Server({ http: %b, udp: false, ws: %b, stats: false });
        server.on('error', failure => console.log(failure.message));
        server.on('warning', () => {});
        server.listen(%d, '127.0.0.1', () => console.log('ready'));
        """
            .formatted(module.toUri(), !webSocket, webSocket, port);
    Process process =
        run(List.of("node", "--input-type=module", "-e", program), Optional.of("ready"));
    return Optional.of(
        new Server(
            "bittorrent-tracker",
            List.of(webSocket ? Target.webSocket(port) : Target.plain(port)),
            List.of(process.pid())));
  }

  private static boolean isInstalled(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private Process run(List<String> command, Optional<String> readyLine) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    running.add(process::destroyForcibly);
    if (readyLine.isPresent()) {
      BufferedReader lines = process.inputReader(UTF_8);
      StringBuilder all = new StringBuilder();
      String line = lines.readLine();
      while (line != null && !line.equals(readyLine.get())) {
        all.append(line).append('\n');
        line = lines.readLine();
      }
      if (line == null) {
        throw new IOException(command.get(0) + " did not start:\n" + all);
      }
    } else {
      pause();
      if (!process.isAlive()) {
        throw new IOException(
            command.get(0) + ": " + new String(process.getInputStream().readAllBytes(), UTF_8));
      }
    }
    return process;
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    running.forEach(Runnable::run);
    running.clear();
    trackers.clear();
  }
}
