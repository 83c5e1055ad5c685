package io.ppstp.tracker.it;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.ApiAnswers;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.OtlpReceiver;
import io.ppstp.tracker.testing.OtlpReceiver.OtlpSpan;
import io.ppstp.tracker.testing.Prometheus;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts and the dashboard in {@code conf}, held to the figures of a node. */
class MonitoringIT {
  private static final Path ALERTS = Path.of("conf", "prometheus", "alerts.yaml");
  private static final Path SCRAPE = Path.of("conf", "prometheus", "scrape.yaml");
  private static final Path DASHBOARD = Path.of("conf", "grafana", "ppstp-tracker.json");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern METRIC = Pattern.compile("\\bppstp_[a-z_]+");
  private static final Pattern SERIES = Pattern.compile("(?m)^ppstp_[a-z_]+");

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ApiAnswers API = document();

  @TempDir private static Path folder = Path.of("set by JUnit");
  private static TrackerCluster cluster;
  private static OtlpReceiver collector;
  private static String figures = "";

  @BeforeAll
  static void start() throws Exception {
    // Some figures are there only where they mean something.
    collector = OtlpReceiver.open();
    cluster =
        TrackerCluster.in(
                folder,
                node ->
                    node.set("selection.policy", "near")
                        .set("tracing.endpoint", collector.url())
                        .set("tracing.sample", 1)
                        .set("log.access", 1)
                        .set("log.audit", folder.resolve("audit.log")))
            .start(3);
    figures = cluster.nodes().get(0).management().get("/metrics").body();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    collector.close();
  }

  private static ApiAnswers document() {
    try {
      return ApiAnswers.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  @Test
  void everyMetricThatTheyNameIsThere() throws Exception {
    Set<String> series = found(SERIES, figures);
    assertTrue(series.size() > 30, series::toString);
    assertTrue(figures.contains("\nprocess_files_open_files "), "figures of the process");
    assertTrue(figures.contains("\nppstp_events_total{kind=\"joined\"} "), "figures of events");
    for (Path file : List.of(ALERTS, DASHBOARD, Path.of("src", "docs", "operate.md"))) {
      Set<String> named = found(METRIC, Files.readString(file));
      // Of browsers and of BitTorrent clients, which this node does not serve.
      named.removeIf(name -> name.startsWith("ppstp_webtorrent") || name.startsWith("ppstp_bitt"));
      // As the documents call a histogram.
      named.remove("ppstp_request_duration_seconds");
      named.removeAll(series);
      assertEquals(Set.of(), named, file::toString);
    }
  }

  @Test
  void everyAlertSaysWhatToDo() throws Exception {
    String text = Files.readString(ALERTS);
    Set<String> named = found(Pattern.compile("(?<=- alert: )\\w+"), text);
    int alerts = named.size();
    assertTrue(alerts > 5);
    assertEquals(
        named,
        found(
            Pattern.compile("(?m)(?<=^\\| `)Ppstp\\w+"),
            Files.readString(Path.of("src", "docs", "operate.md"))));
    for (String member : List.of("severity", "summary", "remedy")) {
      assertEquals(alerts, text.split("\n +" + member + ": ", -1).length - 1, member);
    }
  }

  @Test
  void panelsAskOneDatasourceForTheNodesChosenAndDoNotOverlap() throws Exception {
    JsonNode dashboard = Json.parse(Files.readString(DASHBOARD));
    List<String> places = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      JsonNode at = panel.path("gridPos");
      assertTrue(at.path("x").asInt() + at.path("w").asInt() <= 24, panel::toString);
      places.add(at.path("x") + " " + at.path("y"));
      assertTrue(panel.path("targets").size() > 0, panel::toString);
      for (JsonNode target : panel.path("targets")) {
        assertEquals("${source}", target.path("datasource").path("uid").asText());
        assertTrue(
            target.path("expr").asText().contains("job=\"ppstp-tracker\""), target::toString);
      }
    }
    assertEquals(places.size(), Set.copyOf(places).size());
  }

  /** What a panel shows once something has happened at each node, by what it asks. */
  @Test
  void noPanelIsEmpty() throws Exception {
    assumeTrue(Commands.has("prometheus"), "skipped: this machine has no prometheus");
    Set<String> empty = new TreeSet<>();
    for (JsonNode panel : Json.parse(Files.readString(DASHBOARD)).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        empty.add(target.path("expr").asText().replace("$instance", ".*"));
      }
    }
    assertTrue(empty.size() > 15, empty::toString);
    try (Prometheus prometheus = Prometheus.start(folder, cluster.nodes())) {
      Await.until(
          "figures of three nodes",
          PATIENCE,
          () -> value(prometheus.query("sum(up{job=\"ppstp-tracker\"})")).equals("3"));
      try {
        // Rates are those between two looks, so it has to go on happening.
        Await.until(
            "panels that show something",
            PATIENCE,
            () -> {
              beBusy();
              for (String expression : List.copyOf(empty)) {
                if (!List.of("", "NaN").contains(value(prometheus.query(expression)))) {
                  empty.remove(expression);
                }
              }
              return empty.isEmpty();
            });
      } catch (AssertionError e) {
        assertEquals(Set.of(), empty);
        throw e;
      }
      Await.until(
          "alerts that can be evaluated",
          PATIENCE,
          () -> {
            List<String> health = prometheus.alerts().findValuesAsText("health");
            return health.size() > 5 && Set.copyOf(health).equals(Set.of("ok"));
          });
    }
  }

  /** Returns the value of the first series, nothing if there is none. */
  private static String value(JsonNode series) {
    return series.at("/0/value/1").asText();
  }

  private static void beBusy() throws Exception {
    for (TrackerProcess node : cluster.nodes()) {
      node.client().post(Message.connect("viewer", "1").joinAsLeech("live")).expectSuccess();
      node.client().post(Message.find("nobody", "1", "live")).expect(403, 3);
    }
  }

  @Test
  void requestsAndAuditHaveStreamsOfTheirOwn() throws Exception {
    TrackerProcess node = cluster.nodes().get(0);
    node.client().post(Message.connect("p1", "1").joinAsLeech("secret-channel")).expectSuccess();
    URI ask = node.http().resolve("/path?token=secret");
    node.client().send(HttpRequest.newBuilder(ask).method("EVIL", noBody()).build());
    List<String> lines =
        node.log().stream()
            .filter(line -> line.contains(" access: "))
            .map(line -> line.substring(line.indexOf("access: ")))
            .toList();
    for (String like :
        List.of(
            "access: 127.0.0.1 POST http/1.1 200 \\d+ bytes .* ms CONNECT NO_ERROR",
            "access: 127.0.0.1 OTHER http/1.1 405 .* ms - BAD_REQUEST")) {
      assertTrue(lines.stream().anyMatch(line -> line.matches(like)), lines::toString);
    }
    assertFalse(node.log().toString().contains("secret"), "no path and no swarm");
    node.management().send("POST", "/api/v1/node/resume", "{\"why\":\"a test\"}");
    assertTrue(audit().contains("audit: local: resume this node"), audit());
    assertTrue(node.log().stream().noneMatch(line -> line.contains(" audit: ")));
  }

  @Test
  void aLoggerSpeaksInDetailForAWhile() throws Exception {
    TrackerProcess node = cluster.nodes().get(0);
    String logger = "io.ppstp.tracker.validation";
    level(200, "put", logger, "{\"level\":\"DEBUG\",\"why\":\"a test\",\"seconds\":2}");
    node.client().post("{}".getBytes(UTF_8)).expect(400, 1);
    Await.until("a detail", SOON, () -> node.log().toString().contains(" DEBUG Validation"));
    String over = "the level of logger " + logger + " is as before again";
    Await.until("its end", SOON, () -> audit().contains(over));
    assertTrue(audit().contains("local: level DEBUG of logger " + logger + " for 2 s: a test"));
    JsonNode levels =
        API.check("get", "/api/v1/log/levels", node.management().get("/api/v1/log/levels"));
    for (JsonNode one : levels.path("levels")) {
      assertFalse(one.path("changed").asBoolean(), levels::toString);
    }
    level(200, "put", logger, "{\"level\":\"TRACE\",\"why\":\"a test\"}");
    level(200, "delete", logger, "");
    level(404, "delete", logger, "");
    level(400, "put", "audit", "{\"level\":\"OFF\",\"why\":\"a test\"}");
    level(400, "put", logger, "{\"level\":\"LOUD\",\"why\":\"a test\"}");
    level(400, "put", logger, "{\"level\":\"INFO\",\"why\":\"a test\",\"seconds\":0}");
  }

  private static void level(int status, String method, String logger, String body)
      throws Exception {
    HttpResponse<String> answer =
        cluster
            .nodes()
            .get(0)
            .management()
            .send(method.toUpperCase(Locale.ROOT), "/api/v1/log/levels/" + logger, body);
    assertEquals(status, answer.statusCode(), answer::body);
    API.check(method, "/api/v1/log/levels/{logger}", answer);
  }

  private static String audit() throws IOException {
    return Files.readString(folder.resolve("audit.log"));
  }

  /** Through rooms on one event loop, and a store that answers from another thread. */
  @Test
  void oneTraceShowsEveryRoom() throws Exception {
    TrackerProcess node = cluster.nodes().get(0);
    node.client().post(Message.connect("p2", "1").joinAsLeech("traced")).expectSuccess();
    Await.until(() -> "all parts in " + collector.spans(), () -> !wholeTraces().isEmpty());
    List<OtlpSpan> trace = wholeTraces().get(0);
    OtlpSpan request = trace.stream().filter(it -> it.parent().isEmpty()).findFirst().orElseThrow();
    assertEquals("POST", request.name());
    assertEquals("200", request.tags().get("http.response.status_code"));
    Set<String> ids = trace.stream().map(OtlpSpan::id).collect(Collectors.toSet());
    for (OtlpSpan span : trace) {
      assertTrue(span.equals(request) || ids.contains(span.parent()), trace::toString);
    }
    assertTrue(
        trace.stream().anyMatch(it -> "CONNECT".equals(it.tags().get("ppstp.request.type"))),
        trace::toString);
    String all = collector.spans().toString();
    assertFalse(all.contains("secret") || all.contains("EVIL"), "nothing that clients write");
    assertFalse(all.contains("name=PUT") || all.contains("name=GET"), "no operators' requests");
    assertTrue(node.management().metric("ppstp_tracing_sent_total").orElse(0.0) > 0);
  }

  private static List<List<OtlpSpan>> wholeTraces() {
    return collector.spans().stream()
        .collect(Collectors.groupingBy(OtlpSpan::trace))
        .values()
        .stream()
        .filter(
            trace ->
                trace.stream()
                    .map(OtlpSpan::name)
                    .collect(Collectors.toSet())
                    .containsAll(
                        Set.of(
                            "POST",
                            "ppstp.validation",
                            "ppstp.swarm",
                            "store Connect",
                            "ppstp.ingress")))
        .toList();
  }

  @Test
  void promtoolTakesThem() throws Exception {
    assumeTrue(Commands.has("promtool"), "skipped: this machine has no promtool");
    assertTrue(run("promtool", "check", "rules", ALERTS.toString()).contains("SUCCESS"));
    assertTrue(run("promtool", "check", "config", SCRAPE.toString()).contains("SUCCESS"));
    Path file = folder.resolve("metrics");
    Files.writeString(file, figures, UTF_8);
    // Names and help of others' figures are theirs.
    assertEquals(
        List.of(),
        run("sh", "-c", "promtool check metrics < " + file)
            .lines()
            .filter(line -> !line.matches("(jvm|process|system|netty|vertx)_.*"))
            .toList());
  }

  private static String run(String... command) throws Exception {
    return Commands.run(command);
  }
}
