package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts and the dashboard in {@code conf}, held to the figures of a node. */
class MonitoringIT {
  private static final Path ALERTS = Path.of("conf", "prometheus", "alerts.yaml");
  private static final Path SCRAPE = Path.of("conf", "prometheus", "scrape.yaml");
  private static final Path DASHBOARD = Path.of("conf", "grafana", "ppstp-tracker.json");
  private static final Pattern METRIC = Pattern.compile("\\bppstp_[a-z_]+");
  private static final Pattern SERIES = Pattern.compile("(?m)^ppstp_[a-z_]+");

  @TempDir private static Path folder = Path.of("set by JUnit");
  private static TrackerCluster cluster;
  private static String figures = "";

  @BeforeAll
  static void start() throws Exception {
    // Some figures are there only where they mean something.
    cluster =
        TrackerCluster.in(
                folder,
                node ->
                    node.set("selection.policy", "near")
                        .set("log.access", 1)
                        .set("log.audit", folder.resolve("audit.log")))
            .start(1);
    figures = cluster.nodes().get(0).management().get("/metrics").body();
  }

  @AfterAll
  static void stop() {
    cluster.close();
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
    int alerts = found(Pattern.compile("- alert: \\w+"), text).size();
    assertTrue(alerts > 5);
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
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).matches("access: 127.0.0.1 POST http/1.1 200 \\d+ bytes .* ms CONNECT NO_ERROR"), lines::toString);
    assertTrue(lines.get(1).matches("access: 127.0.0.1 OTHER http/1.1 405 .* ms - BAD_REQUEST"), lines::toString);
    node.management().send("POST", "/api/v1/node/resume", "{\"why\":\"a test\"}");
    assertTrue(
        Files.readString(folder.resolve("audit.log")).contains("audit: local: resume this node"));
    assertTrue(node.log().stream().noneMatch(line -> line.contains(" audit: ")));
  }

  @Test
  void promtoolTakesThem() throws Exception {
    assumeTrue(Commands.has("promtool"), "skipped: this machine has no promtool");
    assertTrue(run("promtool", "check", "rules", ALERTS.toString()).contains("SUCCESS"));
    assertTrue(run("promtool", "check", "config", SCRAPE.toString()).contains("SUCCESS"));
    Path file = folder.resolve("metrics");
    Files.writeString(file, figures, UTF_8);
    assertEquals("", run("sh", "-c", "promtool check metrics < " + file).strip());
  }

  private static String run(String... command) throws Exception {
    return Commands.run(command);
  }
}
