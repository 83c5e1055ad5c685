package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.BrowserScript;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of operators in a real browser, at a node of a cluster of three: what it says, what can
 * be done by it, and how it looks. Pictures are in {@code target/operators-page}.
 */
class OperatorsPageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path PICTURES = Path.of("target", "operators-page");
  private static final String TOKEN = "alice-0123456789abcdef";
  private static final int CHANNELS = 12;

  private static JsonNode run(BrowserScript page, String what, String... pairs) throws Exception {
    ObjectNode task = Json.object();
    for (int i = 0; i < pairs.length; i += 2) {
      task.put(pairs[i], pairs[i + 1]);
    }
    return page.task(what, task);
  }

  private static void view(BrowserScript page, String hash, String selector, String text)
      throws Exception {
    run(page, "view", "hash", hash);
    run(page, "wait", "selector", selector, "text", text);
  }

  /** Looks at a view in its sizes and colours, and for faults. */
  private static void look(BrowserScript page, String name) throws Exception {
    picture(page, name, 2560, "light");
    picture(page, name, 360, "light");
    assertNoFault(page, name);
    picture(page, name, 1280, "dark");
    assertNoFault(page, name);
  }

  /** As {@link #look}, of a state that some view is in. */
  private static void glance(BrowserScript page, String name) throws Exception {
    picture(page, name, 360, "light");
    picture(page, name, 1280, "dark");
    assertNoFault(page, name);
  }

  private static void picture(BrowserScript page, String name, int width, String colours)
      throws Exception {
    ObjectNode task = Json.object().put("width", width).put("colours", colours);
    Path picture = PICTURES.resolve(name + "-" + width + "-" + colours + ".png");
    JsonNode seen = page.task("look", task.put("file", picture.toString()));
    assertTrue(seen.path("overflow").asInt() <= 0, () -> picture + " " + seen);
  }

  private static void assertNoFault(BrowserScript page, String name) throws Exception {
    JsonNode found = run(page, "axe").path("violations");
    assertEquals(0, found.size(), () -> name + ": " + found);
  }

  private static void populate(TrackerCluster cluster) throws Exception {
    for (int i = 0; i < CHANNELS; i++) {
      for (int viewer = 0; viewer <= 2 * i; viewer++) {
        TrackerProcess node = cluster.nodes().get((i + viewer) % 3);
        Message message = Message.connect("viewer-" + i + "-" + viewer, "1");
        node.client()
            .post(
                viewer == 0
                    ? message.joinAsSeeder("channel-" + i)
                    : message.joinAsLeech("channel-" + i))
            .expectSuccess();
      }
    }
    cluster.nodes().get(0).client().post(Message.find("nobody", "1", "channel-1")).expect(403, 3);
  }

  @Test
  void anOperatorSeesAndActs(@TempDir Path folder) throws Exception {
    Optional<String> missing = BrowserScript.missing();
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    Files.createDirectories(PICTURES);
    Path tokens = Files.writeString(folder.resolve("tokens"), "write alice " + TOKEN + "\n");
    try (TrackerCluster cluster =
            TrackerCluster.in(
                    folder,
                    node ->
                        node.set("limits.rate.requests", 100_000)
                            .set("limits.rate.registrations", 100_000))
                .start(3);
        BrowserScript page = BrowserScript.start("operators.js", folder)) {
      populate(cluster);
      TrackerProcess node = cluster.nodes().get(0);
      run(page, "open", "url", node.management().uri() + "/");
      overview(page, cluster);
      channelAndPeer(page, node);
      rulesAndEvents(page, node);
      settings(page);
      drain(page, node);
      keyboard(page);
      nodeDies(page, cluster);
      assertEquals("[]", run(page, "faults").path("faults").toString());
      cluster.nodes().forEach(it -> assertEquals(List.of(), it.errors()));
      withToken(page, tokens);
    }
  }

  private static void overview(BrowserScript page, TrackerCluster cluster) throws Exception {
    int peers = CHANNELS * CHANNELS;
    run(page, "wait", "selector", "#tiles", "text", String.valueOf(peers));
    run(page, "wait", "selector", "#state", "text", "All is well");
    run(page, "wait", "selector", "table", "text", "channel-11");
    JsonNode told = Json.parse(cluster.nodes().get(1).management().get("/api/v1/cluster").body());
    assertEquals(peers, told.path("peers").asInt());
    String shown = run(page, "text", "selector", "main").path("text").asText();
    for (JsonNode one : told.path("nodes")) {
      assertTrue(shown.contains(one.path("node").asText()), shown);
    }
    assertTrue(shown.contains("unregistered"), shown);
    look(page, "overview");
  }

  private static List<String> told(TrackerProcess node) throws Exception {
    List<String> told = new ArrayList<>();
    for (JsonNode channel :
        Json.parse(node.management().get("/api/v1/channels").body()).path("channels")) {
      told.add(channel.path("swarm_id").asText() + " " + channel.path("peers").asText());
    }
    return told;
  }

  /** Returns the rows of the table of channels, without its head. */
  private static List<String> shown(BrowserScript page) throws Exception {
    return run(page, "text", "selector", "table")
        .path("text")
        .asText()
        .lines()
        .skip(1)
        .map(row -> row.split("\t", -1))
        .filter(cells -> cells.length > 2)
        .map(cells -> cells[0] + " " + cells[2])
        .toList();
  }

  private static void channelAndPeer(BrowserScript page, TrackerProcess node) throws Exception {
    view(page, "#/channels", "table", "channel-11");
    // Either may be some seconds behind.
    Await.until(
        "the page tells what the API tells",
        PATIENCE,
        () -> told(node).size() == CHANNELS && told(node).equals(shown(page)));
    look(page, "channels");

    view(page, "#/channels/channel-11", "dl", "Leeches");
    run(page, "wait", "selector", "table", "text", "viewer-11-");
    look(page, "channel");

    view(page, "#/peers/viewer-11-3", "dl", "tracking");
    run(page, "wait", "selector", "dl", "text", "advertised no address");
    run(page, "wait", "selector", "#refusals", "text", "None that a node remembers");
    look(page, "peer");
    run(page, "click", "selector", "#kick");
    glance(page, "kick");
    run(page, "type", "selector", "#dialog-input", "text", "watches too much");
    run(page, "click", "selector", "#dialog-do");
    run(page, "wait", "selector", "#told", "text", "taken out of 1 swarm");
    run(page, "wait", "selector", "main", "text", "It is not registered.");
    run(page, "wait", "selector", ".events", "text", "kicked");
    assertEquals(404, node.management().get("/api/v1/peers/viewer-11-3").statusCode());
  }

  private static void rulesAndEvents(BrowserScript page, TrackerProcess node) throws Exception {
    view(page, "#/channels/channel-3", "dl", "Leeches");
    run(page, "click", "selector", "#close");
    run(page, "type", "selector", "#dialog-input", "text", "a match is over");
    run(page, "press", "key", "Enter");
    run(page, "wait", "selector", "#told", "text", "closed for a day");
    node.client().post(Message.connect("late", "1").joinAsLeech("channel-3")).expect(403, 3);

    view(page, "#/events", "main", "latest first");
    node.client().post(Message.connect("late", "2").joinAsLeech("channel-3")).expect(403, 3);
    node.client().post(Message.connect("late", "3").joinAsLeech("channel-4")).expectSuccess();
    run(page, "wait", "selector", "#events", "text", "refused");
    run(page, "wait", "selector", "#events", "text", "joined");
    look(page, "events");
    view(page, "#/peers/late", "#refusals", "closed");
    glance(page, "refusals");

    view(page, "#/rules", "table", "channel-3");
    look(page, "rules");
    run(page, "click", "selector", "table button");
    run(page, "wait", "selector", "main", "text", "Nothing is forbidden.");
    node.client().post(Message.connect("later", "1").joinAsLeech("channel-3")).expectSuccess();
  }

  private static void settings(BrowserScript page) throws Exception {
    view(page, "#/settings", "table", "limits.rate.requests");
    glance(page, "settings");
  }

  private static void drain(BrowserScript page, TrackerProcess node) throws Exception {
    view(page, "#/overview", "#drain", "Drain");
    run(page, "click", "selector", "#drain");
    run(page, "type", "selector", "#dialog-input", "text", "new kernel");
    run(page, "click", "selector", "#dialog-do");
    run(page, "wait", "selector", "table", "text", "draining");
    run(page, "wait", "selector", "#drain", "text", "Resume");
    assertEquals(503, node.management().get("/health/ready").statusCode());
    run(page, "click", "selector", "#drain");
    run(page, "type", "selector", "#dialog-input", "text", "done");
    run(page, "click", "selector", "#dialog-do");
    run(page, "wait", "selector", "#state", "text", "All is well");
    assertEquals(200, node.management().get("/health/ready").statusCode());
  }

  private static void keyboard(BrowserScript page) throws Exception {
    view(page, "#/rules", "main", "Nothing is forbidden.");
    run(page, "click", "selector", ".brand");
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      run(page, "press", "key", "Tab");
      order.add(run(page, "focus").path("text").asText());
    }
    assertTrue(order.contains("Overview") && order.contains("Events"), order::toString);
    view(page, "#/peers/late", "#kick", "Kick");
    run(page, "click", "selector", "#kick");
    run(page, "press", "key", "Escape");
    run(page, "wait", "selector", "main", "text", "tracking");
  }

  private static void nodeDies(BrowserScript page, TrackerCluster cluster) throws Exception {
    view(page, "#/overview", "#tiles", "of 3");
    cluster.kill(cluster.nodes().get(2));
    long killedNs = System.nanoTime();
    run(page, "wait", "selector", "#state", "text", "A node is");
    Duration took = Duration.ofNanos(System.nanoTime() - killedNs);
    System.out.println("a killed node was shown after " + took.toMillis() + " ms");
    assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, took::toString);
    run(page, "wait", "selector", "table", "text", "gone since");
    glance(page, "gone");
  }

  private static void withToken(BrowserScript page, Path tokens) throws Exception {
    try (TrackerProcess guarded =
        TrackerProcess.onFreePorts().set("management.tokens", tokens).start()) {
      run(page, "open", "url", guarded.management().uri() + "/");
      run(page, "wait", "selector", "dialog", "text", "Who are you?");
      glance(page, "token");
      run(page, "type", "selector", "#dialog-input", "text", "not-alice-0123456789");
      run(page, "press", "key", "Enter");
      run(page, "wait", "selector", "dialog", "text", "nobody's");
      run(page, "type", "selector", "#dialog-input", "text", TOKEN);
      run(page, "press", "key", "Enter");
      run(page, "wait", "selector", "#state", "text", "All is well");
      run(page, "wait", "selector", "main", "text", "No channel has a viewer.");
      glance(page, "empty");
      guarded.terminate();
      Await.until("its end", PATIENCE, () -> !guarded.isAlive());
      run(page, "wait", "selector", "#state", "text", "cannot be reached");
      run(page, "wait", "selector", "main", "text", "All this is as of");
      glance(page, "broken");
    }
  }
}
