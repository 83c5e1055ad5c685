package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.TrackerEvents.Heard;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@link ListenerApp} in a process of its own, configured as {@code src/docs/events.md} says.
 * Thread-safe; the process ends with this JVM.
 */
public final class ListenerProcess implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Path PAGE = Path.of("src", "docs", "events.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("```xml\n(<hazelcast .*?)```", Pattern.DOTALL);
  private static final int NODES_PORT = 5701;
  private static final int OWN_PORT = 5721;

  private final Process process;
  private final TrackerEvents events = new TrackerEvents();
  private final List<String> log = new ArrayList<>();

  private ListenerProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::readLog, "log of a listener");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a listener to the events of {@code cluster} and returns it when it has joined. */
  public static ListenerProcess of(TrackerCluster cluster, Path folder) throws Exception {
    return start(List.of(config(cluster, folder).toString()));
  }

  /** Starts one with mutual TLS on the bus. */
  public static ListenerProcess of(
      TrackerCluster cluster, Path folder, Tls.PemFiles pair, Path authority) throws Exception {
    return start(
        List.of(
            config(cluster, folder).toString(),
            pair.certificate().toString(),
            pair.key().toString(),
            authority.toString()));
  }

  /** Writes that page's example with the name and the ports of {@code cluster}. */
  public static Path config(TrackerCluster cluster, Path folder) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
    if (!example.find()) {
      throw new IOException("no Hazelcast configuration in " + PAGE);
    }
    String xml = example.group(1).replace(">ppstp-tracker<", ">" + cluster.name() + "<");
    for (int i = 0; i < TrackerCluster.MEMBERS; i++) {
      xml = xml.replace(":" + (NODES_PORT + i) + "<", ":" + (cluster.port() + i) + "<");
    }
    xml = xml.replace(">" + OWN_PORT + "<", ">" + cluster.spareMemberPort() + "<");
    return Files.writeString(folder.resolve("listener-" + cluster.name() + ".xml"), xml);
  }

  private static ListenerProcess start(List<String> arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dhazelcast.logging.type=slf4j",
                "-cp",
                System.getProperty("java.class.path"),
                ListenerApp.class.getName()));
    command.addAll(arguments);
    ListenerProcess listener =
        new ListenerProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    boolean ready = false;
    try {
      Await.until(
          "a listener that has joined",
          START_PATIENCE,
          () -> listener.log().contains(ListenerApp.READY) || !listener.process.isAlive());
      ready = listener.process.isAlive();
    } finally {
      if (!ready) {
        listener.close();
      }
    }
    if (!ready) {
      throw new IllegalStateException(String.join("\n", listener.log()));
    }
    return listener;
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ListenerApp.EVENT)) {
          JsonNode event = Json.parse(line.substring(ListenerApp.EVENT.length()));
          events.add(new Heard(Instant.now(), event));
        } else {
          synchronized (log) {
            log.add(line);
          }
        }
      }
    } catch (IOException e) {
      // The process was killed in the middle of a line.
    }
  }

  private List<String> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** Returns what it hears. */
  public TrackerEvents events() {
    return events;
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
