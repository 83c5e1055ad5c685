package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Prometheus with the tracker's own {@code conf/prometheus}, but that it looks at certain nodes
 * and at alerts each second. It ends with {@link #close} and with this JVM. Confined to one thread.
 */
public final class Prometheus implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path CONFIGURED = Path.of("conf", "prometheus");

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI root;
  private final Process process;
  private final Process guard;

  private Prometheus(URI root, Process process) throws IOException {
    this.root = root;
    this.process = process;
    this.guard = TrackerProcess.guard(process.pid());
  }

  /** Starts one that keeps its files in {@code folder} and returns it when it answers. */
  public static Prometheus start(Path folder, List<TrackerProcess> nodes) throws Exception {
    String targets =
        nodes.stream()
            .map(it -> "\"" + it.management().uri().getAuthority() + "\"")
            .collect(Collectors.joining(", "));
    String scrape =
        ("global:\n  evaluation_interval: 1s\n"
                + Files.readString(CONFIGURED.resolve("scrape.yaml")))
            .replace("scrape_interval: 15s", "scrape_interval: 1s")
            .replace("\"127.0.0.1:7847\"", targets);
    Path config = Files.writeString(folder.resolve("prometheus.yml"), scrape);
    Files.copy(CONFIGURED.resolve("alerts.yaml"), folder.resolve("alerts.yaml"));
    String address = "127.0.0.1:" + Ports.free(1);
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    Prometheus started = new Prometheus(URI.create("http://" + address), process);
    try {
      Await.until("a Prometheus that is ready", PATIENCE, started::isReady);
    } catch (Exception | AssertionError e) {
      started.close();
      throw e;
    }
    return started;
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(root.resolve(path)).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the series that {@code expression} has now; fails if it cannot be evaluated. */
  public JsonNode query(String expression) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        get("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
    if (answer.statusCode() != 200) {
      throw new AssertionError(expression + ": " + answer.body());
    }
    return Json.parse(answer.body()).at("/data/result");
  }

  /** Returns the rules of all alerts, as Prometheus reports on them. */
  public JsonNode alerts() throws IOException, InterruptedException {
    return Json.parse(get("/api/v1/rules").body()).at("/data/groups/0/rules");
  }

  @Override
  public void close() throws IOException {
    guard.getOutputStream().close();
    guard.onExit().join();
    process.onExit().join();
  }
}
