package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.ApiAnswers;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator sees and does at the management port of a cluster. Every answer is held to the
 * OpenAPI document.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorApiIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WHY = "{\"why\":\"a test\"}";

  @TempDir private static Path folder = Path.of("set by JUnit");
  private static TrackerCluster cluster;
  private static ApiAnswers api;

  @BeforeAll
  static void start() throws Exception {
    api = ApiAnswers.read();
    cluster = TrackerCluster.in(folder, node -> node.set("limits.rate.requests", 100_000)).start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static TrackerProcess node(int number) {
    return cluster.nodes().get(number);
  }

  /** Returns the content of an answer of this status. */
  private static JsonNode ask(
      TrackerProcess node, int status, String method, String path, String id, String body)
      throws Exception {
    String query = path.contains("?") ? path.substring(path.indexOf('?')) : "";
    String plain = query.isEmpty() ? path : path.substring(0, path.indexOf('?'));
    HttpResponse<String> answer =
        node.management()
            .send(method.toUpperCase(Locale.ROOT), plain.replace("{id}", id) + query, body);
    assertEquals(status, answer.statusCode(), () -> path + " " + answer.body());
    return api.check(method, plain, answer);
  }

  private static JsonNode get(TrackerProcess node, String path, String id) throws Exception {
    return ask(node, 200, "get", path, id, "");
  }

  private static JsonNode forbid(TrackerProcess node, String kind, String what, int seconds)
      throws Exception {
    return ask(
        node,
        201,
        "post",
        "/api/v1/rules",
        "",
        Json.object()
            .put("kind", kind)
            .put("what", what)
            .put("why", "a test")
            .put("seconds", seconds)
            .toString());
  }

  private static int rules(TrackerProcess node) throws Exception {
    return get(node, "/api/v1/rules", "").path("rules").size();
  }

  @Test
  @Order(1)
  void everyNodeTellsOfAll() throws Exception {
    for (int i = 0; i < 10; i++) {
      Message connect = Message.connect("all" + i, "1").address("127.0.0.1", 4000 + i);
      node(i % 2).client().post(connect.joinAsLeech("all")).expectSuccess();
    }
    node(0).client().post(Message.find("stranger", "1", "all")).expect(403, 3);
    for (TrackerProcess node : cluster.nodes()) {
      Await.until(
          "all peers",
          PATIENCE,
          () -> get(node, "/api/v1/cluster", "").path("peers").asInt() == 10);
      JsonNode told = get(node, "/api/v1/cluster", "");
      assertFalse(told.path("partial").asBoolean());
      assertTrue(told.path("safe").asBoolean());
      assertEquals(2, told.path("nodes").size());
      Set<String> names = new TreeSet<>();
      long answered = 0;
      long refused = 0;
      for (JsonNode one : told.path("nodes")) {
        assertTrue(one.path("ready").asBoolean());
        names.add(one.path("node").asText());
        answered += one.path("requests").path("CONNECT").path("NO_ERROR").asInt();
        refused += one.path("refused").path("unregistered").asInt();
        assertEquals(
            one.path("this").asBoolean(),
            one.path("node").asText().equals(node.management().status().path("node").asText()));
        JsonNode latency = one.path("latency");
        long all = latency.get(latency.size() - 1).path("count").asLong();
        assertTrue(all >= 5, latency::toString);
        long before = 0;
        for (JsonNode bucket : latency) {
          assertTrue(bucket.path("count").asLong() >= before, latency::toString);
          before = bucket.path("count").asLong();
        }
      }
      assertEquals(2, names.size());
      assertEquals(10, answered);
      assertEquals(1, refused);
    }
  }

  @Test
  @Order(2)
  void membersComeInPages() throws Exception {
    Await.until(
        "lists have followed",
        PATIENCE,
        () -> get(node(1), "/api/v1/channels/{id}", "all").at("/channel/peers").asInt() == 10);
    Set<String> seen = new TreeSet<>();
    List<Integer> sizes = new ArrayList<>();
    int from = 0;
    do {
      JsonNode page = get(node(1), "/api/v1/channels/{id}/members?limit=4&from=" + from, "all");
      page.path("members").forEach(member -> seen.add(member.path("peer_id").asText()));
      sizes.add(page.path("members").size());
      from = page.path("next").asInt();
    } while (from > 0);
    assertEquals(List.of(4, 4, 2), sizes);
    assertEquals(new TreeSet<>(IntStream.range(0, 10).mapToObj(i -> "all" + i).toList()), seen);
    for (String bad : List.of("limit=0", "limit=1001", "from=-1", "from=x", "page=1")) {
      ask(node(0), 400, "get", "/api/v1/channels/{id}/members?" + bad, "all", "");
    }
    get(node(0), "/api/v1/channels", "");
    get(node(0), "/api/v1/channels/{id}", "all");
    assertListIsExplained();
  }

  private void assertListIsExplained() throws Exception {
    String path = "/api/v1/channels/{id}/list";
    JsonNode list = get(node(0), path + "?peer=all3&limit=4&explain=true", "all");
    assertEquals(4, list.path("peers").size());
    for (JsonNode peer : list.path("peers")) {
      assertEquals("all", peer.path("why").asText(), "by the policy random");
      assertNotEquals("all3", peer.path("peer_id").asText());
    }
    assertFalse(get(node(1), path + "?peer=all3", "all").at("/peers/0").has("why"));
    for (String bad : List.of("", "?peer=all3&limit=101", "?peer=all3&explain=1")) {
      ask(node(0), 400, "get", path + bad, "all", "");
    }
    ask(node(0), 404, "get", path + "?peer=nobody", "all", "");
  }

  @Test
  @Order(3)
  void aPeerIsTakenOutAndListenersAreTold() throws Exception {
    node(0)
        .client()
        .post(Message.connect("guest", "1").joinAsSeeder("one").joinAsSeeder("two"))
        .expectSuccess();
    JsonNode peer = get(node(1), "/api/v1/peers/{id}", "guest");
    assertEquals("TRACKING", peer.path("state").asText());
    assertEquals("SEEDER", peer.path("memberships").path("two").asText());
    assertFalse(peer.path("listed").asBoolean());
    assertEquals("no_address", peer.path("why_not_listed").path(0).asText());

    try (EventTap tap = EventTap.open(node(0), "kind=left")) {
      Await.until("the tap", PATIENCE, () -> !tap.lines().isEmpty());
      JsonNode kicked = ask(node(1), 200, "post", "/api/v1/peers/{id}/kick", "guest", WHY);
      assertEquals(2, kicked.path("swarms").size());
      Await.until("both ends", PATIENCE, () -> tap.events().size() == 2);
      for (JsonNode left : tap.events()) {
        assertEquals("guest", left.path("peer_id").asText());
        assertEquals("kicked", left.path("reason").asText());
        assertFalse(left.path("registered").asBoolean());
      }
    }
    ask(node(0), 404, "get", "/api/v1/peers/{id}", "guest", "");
    ask(node(0), 404, "post", "/api/v1/peers/{id}/kick", "guest", WHY);
    node(0).client().post(Message.find("guest", "2", "one")).expect(403, 3);
    JsonNode refused = get(node(1), "/api/v1/peers/{id}/refusals", "guest");
    assertFalse(refused.path("partial").asBoolean());
    assertEquals(1, refused.path("refusals").size());
    assertEquals("FIND", refused.at("/refusals/0/request_type").asText());
    assertEquals("unregistered", refused.at("/refusals/0/cause").asText());
    assertEquals(
        node(0).management().status().path("node").asText(),
        refused.at("/refusals/0/node").asText());
    assertEquals(
        0, get(node(0), "/api/v1/peers/{id}/refusals", "unheard-of").path("refusals").size());
    node(0).client().post(Message.connect("guest", "3").joinAsLeech("one")).expectSuccess();
    assertTrue(
        String.join("\n", node(1).log())
            .contains("local: kick peer 'guest' out of 2 swarms: a test"));
  }

  @Test
  @Order(4)
  void aClosedSwarmIsClosedAtAllNodesUntilItIsOpenedOrItsTimeIsOver() throws Exception {
    PpstpClient here = node(0).client();
    PpstpClient there = node(1).client();
    there.post(Message.connect("fan", "1").joinAsLeech("match-1")).expectSuccess();
    JsonNode rule = forbid(node(0), "close", "match-*", 3600);
    assertEquals("local", rule.path("by").asText());
    Await.until("the rule is there", PATIENCE, () -> rules(node(1)) == 1);
    for (PpstpClient client : List.of(here, there)) {
      client.post(Message.connect("late", "1").joinAsLeech("match-2")).expect(403, 3);
      client.post(Message.find("fan", "2", "match-1")).expect(403, 3);
    }
    here.post(Message.connect("late", "2").joinAsLeech("other")).expectSuccess();
    there.post(Message.connect("fan", "3").leave("match-1")).expectSuccess();
    JsonNode refused = get(node(0), "/api/v1/cluster", "").path("nodes");
    assertEquals(
        4,
        refused.get(0).path("refused").path("closed").asInt()
            + refused.get(1).path("refused").path("closed").asInt());

    ask(node(1), 200, "delete", "/api/v1/rules/{id}", rule.path("id").asText(), "");
    ask(node(1), 404, "delete", "/api/v1/rules/{id}", rule.path("id").asText(), "");
    there.post(Message.connect("late4", "1").joinAsLeech("match-2")).expectSuccess();
    Await.until("its end everywhere", PATIENCE, () -> rules(node(0)) == 0);
    here.post(Message.connect("later", "1").joinAsLeech("match-2")).expectSuccess();

    forbid(node(1), "close", "short", 1);
    there.post(Message.connect("late5", "1").joinAsLeech("short")).expect(403, 3);
    Await.until("its end by itself", PATIENCE, () -> rules(node(0)) + rules(node(1)) == 0);
    there.post(Message.connect("late6", "1").joinAsLeech("short")).expectSuccess();
  }

  @Test
  @Order(5)
  void whatMakesNoSenseIsNoRule() throws Exception {
    for (String bad :
        List.of(
            "{}",
            "[]",
            "{",
            "{\"kind\":\"close\",\"what\":\"a*b\",\"why\":\"x\",\"seconds\":1}",
            "{\"kind\":\"close\",\"what\":\"a\",\"why\":\"\",\"seconds\":1}",
            "{\"kind\":\"close\",\"what\":\"a\",\"why\":\"x\",\"seconds\":0}",
            "{\"kind\":\"close\",\"what\":\"a\",\"why\":\"x\"}",
            "{\"kind\":\"close\",\"what\":\"a\",\"why\":\"x\",\"seconds\":1,\"x\":1}",
            "{\"kind\":\"refuse\",\"what\":\"10.0.0.0/33\",\"why\":\"x\",\"seconds\":1}",
            "{\"kind\":\"open\",\"what\":\"a\",\"why\":\"x\",\"seconds\":1}")) {
      ask(node(0), 400, "post", "/api/v1/rules", "", bad);
    }
    String large = "{\"why\":\"" + "x".repeat(10_000) + "\"}";
    ask(node(0), 413, "post", "/api/v1/rules", "", large);
    assertEquals(404, node(0).management().get("/api/v1/nothing").statusCode());
    assertEquals(0, rules(node(0)));
  }

  @Test
  @Order(6)
  void aRefusedNetworkIsServedNowhere() throws Exception {
    PpstpClient before = node(1).client();
    before.post(Message.find("nobody", "1", "x")).expect(403, 3);
    // The management port stays open: it is not for peers.
    String id = forbid(node(0), "refuse", "127.0.0.0/8", 600).path("id").asText();
    Await.until("the rule is there", PATIENCE, () -> rules(node(1)) == 1);
    assertTrue(
        Await.holdsWithin(
            PATIENCE,
            () -> {
              try {
                return before.post(Message.connect("x", "1").joinAsLeech("y")).status() == 403;
              } catch (IOException closed) {
                return true;
              }
            }));
    ask(node(1), 200, "delete", "/api/v1/rules/{id}", id, "");
    Await.until("it is over", PATIENCE, () -> rules(node(0)) + rules(node(1)) == 0);
    node(1).client().post(Message.connect("x", "2").joinAsLeech("y")).expectSuccess();
  }

  @Test
  @Order(7)
  void aNodeDrainsAndComesBack() throws Exception {
    ask(node(0), 200, "post", "/api/v1/node/drain", "", WHY);
    assertEquals(503, node(0).management().get("/health/ready").statusCode());
    assertEquals(200, node(0).management().get("/health/live").statusCode());
    assertEquals(200, node(1).management().get("/health/ready").statusCode());
    Await.until(
        "the other node knows",
        PATIENCE,
        () -> {
          for (JsonNode one : get(node(1), "/api/v1/cluster", "").path("nodes")) {
            if (!one.path("this").asBoolean()) {
              return one.path("draining").asBoolean() && !one.path("ready").asBoolean();
            }
          }
          return false;
        });
    ask(node(0), 200, "post", "/api/v1/node/resume", "", WHY);
    assertEquals(200, node(0).management().get("/health/ready").statusCode());
    ask(node(0), 400, "post", "/api/v1/node/drain", "", "{}");
  }

  @Test
  @Order(8)
  void settingsAreToldWithTheirSourcesAndReadAgain() throws Exception {
    JsonNode settings = get(node(0), "/api/v1/config", "").path("settings");
    List<String> told = new ArrayList<>();
    for (JsonNode setting : settings) {
      told.add(
          setting.path("key").asText()
              + "="
              + setting.path("value").asText()
              + " "
              + setting.path("source").asText()
              + " "
              + setting.path("live").asBoolean());
    }
    assertTrue(told.contains("limits.rate.requests=100000 --set true"), told::toString);
    assertTrue(told.contains("timers.track=3m default false"), told::toString);
    JsonNode files = ask(node(0), 200, "post", "/api/v1/node/reload", "", WHY).path("files");
    assertEquals("settings", files.path(0).path("what").asText());
    assertFalse(files.path(0).has("refused"));
    assertEquals(
        api.document(), Json.parse(node(0).management().get("/api/v1/openapi.json").body()));
  }

  @Test
  @Order(9)
  void rulesOutliveTheNodeThatMadeThem() throws Exception {
    forbid(node(0), "close", "final", 3600);
    cluster.kill(node(0));
    TrackerProcess left = node(0);
    assertEquals(1, rules(left));
    TrackerProcess fresh = cluster.start();
    assertEquals(1, rules(fresh));
    fresh.client().post(Message.connect("late", "9").joinAsLeech("final")).expect(403, 3);
    cluster.nodes().forEach(node -> assertEquals(List.of(), node.errors()));
  }
}
