package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.testing.TrackerEvents.Heard;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An application of {@link TapExample} in a process of its own, with the {@code listener.xml} that
 * comes with it. Thread-safe; the process ends with this JVM.
 */
public final class ListenerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path EXAMPLE = TapExample.SOURCE.resolve("listener.xml");
  private static final String READY = "listening to the cluster ";
  private static final int NODES_PORT = 5701;
  private static final int OWN_PORT = 5721;

  private final Process process;
  private final Process guard;
  private final TrackerEvents events = new TrackerEvents();
  private final List<String> log = new ArrayList<>();
  private final CompletableFuture<Void> logEnd = new CompletableFuture<>();

  private ListenerProcess(List<String> javaArguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(javaArguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    guard = TrackerProcess.guard(process.pid());
    Thread reader = new Thread(this::readLog, "log of a listener");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a listener to the events of {@code cluster} and returns it when it has joined. */
  public static ListenerProcess of(TrackerCluster cluster, Path folder) throws Exception {
    return launch(TapExample.classPath(), config(cluster, folder).toString()).joined();
  }

  /** Starts one with mutual TLS on the bus. */
  public static ListenerProcess of(
      TrackerCluster cluster, Path folder, Tls.PemFiles pair, Path authority) throws Exception {
    return launch(
            TapExample.classPath(),
            config(cluster, folder).toString(),
            "certificate=" + pair.certificate(),
            "key=" + pair.key(),
            "ca=" + authority)
        .joined();
  }

  /** Starts what {@code example} has built, as its users do. */
  public static ListenerProcess of(TrackerCluster cluster, Path folder, TapExample example)
      throws Exception {
    String config = config(cluster, folder).toString();
    return new ListenerProcess(
            List.of("-jar", example.jar().toString(), config, "status=" + status(cluster)))
        .joined();
  }

  /** Starts the application with any class path and arguments, and returns at once. */
  public static ListenerProcess launch(String classPath, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("-cp", classPath, TapExample.MAIN));
    command.addAll(List.of(arguments));
    return new ListenerProcess(command);
  }

  /** Returns where a node of {@code cluster} tells its state. */
  public static String status(TrackerCluster cluster) {
    return cluster.nodes().get(0).management().uri().resolve("/status").toString();
  }

  /** Writes the example's configuration with the name and the ports of {@code cluster}. */
  public static Path config(TrackerCluster cluster, Path folder) throws IOException {
    String xml = Files.readString(EXAMPLE).replace(">ppstp-tracker<", ">" + cluster.name() + "<");
    for (int i = 0; i < TrackerCluster.MEMBERS; i++) {
      xml = xml.replace(":" + (NODES_PORT + i) + "<", ":" + (cluster.port() + i) + "<");
    }
    int port = cluster.spareMemberPort();
    xml = xml.replace(">" + OWN_PORT + "<", ">" + port + "<");
    return Files.writeString(folder.resolve("listener-" + port + ".xml"), xml);
  }

  private ListenerProcess joined() throws Exception {
    boolean ready = false;
    try {
      Await.until("a listener that has joined", PATIENCE, () -> isReady() || !process.isAlive());
      ready = isReady();
    } finally {
      if (!ready) {
        close();
      }
    }
    if (!ready) {
      throw new IllegalStateException(String.join("\n", log()));
    }
    return this;
  }

  private boolean isReady() {
    return log().stream().anyMatch(line -> line.startsWith(READY));
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{")) {
          events.add(new Heard(Instant.now(), Json.parse(line)));
        } else {
          synchronized (log) {
            log.add(line);
          }
        }
      }
    } catch (IOException e) {
      // The process was killed in the middle of a line.
    } finally {
      logEnd.complete(null);
    }
  }

  /** Returns what it says besides events. */
  public List<String> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** Returns what it hears. */
  public TrackerEvents events() {
    return events;
  }

  /** Asks it to end, with SIGTERM. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Returns its exit code, once there is one. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running:\n" + String.join("\n", log()));
    }
    logEnd.join();
    return process.exitValue();
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    guard.destroyForcibly();
  }
}
