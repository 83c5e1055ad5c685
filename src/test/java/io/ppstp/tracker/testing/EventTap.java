package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens to the events of a tracker on its management port by curl, as an analyst does. Ends with
 * this JVM. Thread-safe.
 */
public final class EventTap implements AutoCloseable {
  private final Process curl;
  private final List<String> lines = new ArrayList<>();

  private EventTap(Process curl) {
    this.curl = curl;
    Runtime.getRuntime().addShutdownHook(new Thread(curl::destroyForcibly));
    Thread reader = new Thread(this::read, "events by curl");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Begins to listen.
   *
   * @param query behind the question mark
   * @param options of curl
   */
  public static EventTap open(TrackerProcess tracker, String query, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("curl", "-sN"));
    command.addAll(List.of(options));
    command.add(tracker.management().uri().resolve("/api/v1/events") + "?" + query);
    return new EventTap(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** As {@link #open(TrackerProcess, String, String...)}, on a host of its own. */
  public static EventTap open(SplitNode node, String query) throws IOException {
    String url = "http://127.0.0.1:7847/api/v1/events?" + query;
    List<String> command = node.network().inside(node.host(), "curl", "-sN", url);
    return new EventTap(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void read() {
    try (BufferedReader in = curl.inputReader(UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // Closed in the middle of a line.
    }
  }

  /** Returns all lines so far. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Returns what was told so far, whether as server-sent events or as lines of JSON. */
  public List<JsonNode> events() {
    return lines().stream()
        .filter(line -> line.startsWith("data: ") || line.startsWith("{"))
        .map(line -> Json.parse(line.startsWith("{") ? line : line.substring(6)))
        .toList();
  }

  /** Returns whether a peer was told of. */
  public boolean tellsOf(String peer) {
    return events().stream().anyMatch(event -> event.path("peer_id").asText().equals(peer));
  }

  /** Returns the last {@code id:} so far. */
  public String lastId() {
    List<String> ids = lines().stream().filter(line -> line.startsWith("id: ")).toList();
    return ids.get(ids.size() - 1).substring(4);
  }

  /** Goes away. */
  @Override
  public void close() {
    curl.destroyForcibly();
    curl.onExit().join();
  }
}
