package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which channels have most viewers, as an operator sees it at any node of a cluster. */
class ChannelsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> CHANNELS = List.of("news", "sports", "films", "music", "talk");

  private static JsonNode channels(TrackerProcess node, String query) throws Exception {
    HttpResponse<String> answer = node.management().get("/api/v1/channels" + query);
    assertEquals(200, answer.statusCode(), answer::body);
    return Json.parse(answer.body());
  }

  /** Returns the channels in their order, as {@code ID peers/seeders}. */
  private static List<String> told(TrackerProcess node, String query) throws Exception {
    List<String> told = new ArrayList<>();
    for (JsonNode channel : channels(node, query).path("channels")) {
      assertEquals("ppstp", channel.path("protocol").asText());
      assertEquals(
          channel.path("peers").asInt(),
          channel.path("leeches").asInt() + channel.path("seeders").asInt());
      told.add(
          channel.path("swarm_id").asText()
              + ' '
              + channel.path("peers").asInt()
              + '/'
              + channel.path("seeders").asInt());
    }
    return told;
  }

  private static double shown(List<TrackerProcess> nodes, String swarm) throws Exception {
    double shown = 0;
    for (TrackerProcess node : nodes) {
      shown += node.management().metric("ppstp_channel_peers{swarm=\"" + swarm + "\"}").orElse(0.0);
    }
    return shown;
  }

  private static JsonNode one(TrackerProcess node, String swarm) throws Exception {
    HttpResponse<String> answer = node.management().get("/api/v1/channels/" + swarm);
    assertEquals(200, answer.statusCode(), answer::body);
    return Json.parse(answer.body());
  }

  /** Returns {@code joins leaves switchesIn switchesOut silent}. */
  private static String happened(TrackerProcess node, String swarm) throws Exception {
    JsonNode channel = one(node, swarm).path("channel");
    return String.join(
        " ",
        channel.path("joins").asText(),
        channel.path("leaves").asText(),
        channel.path("switches_in").asText(),
        channel.path("switches_out").asText(),
        channel.path("silent").asText());
  }

  @Test
  void whatHappensInAChannelIsToldOfAllNodesAtEach(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(
                folder, node -> node.set("timers.track", "5s").set("timers.tick", "250ms"))
            .start(2)) {
      TrackerProcess here = cluster.nodes().get(0);
      TrackerProcess there = cluster.nodes().get(1);
      for (String viewer : List.of("a", "b", "c")) {
        here.client().post(Message.connect(viewer, "1").joinAsLeech("news")).expectSuccess();
      }
      there
          .client()
          .post(Message.connect("a", "2").leave("news").joinAsLeech("films"))
          .expectSuccess();
      there.client().post(Message.connect("b", "2").leave("news")).expectSuccess();
      // c falls silent, and a as well.
      for (TrackerProcess node : cluster.nodes()) {
        Await.until("all of news", PATIENCE, () -> happened(node, "news").equals("3 2 0 1 1"));
        Await.until("all of films", PATIENCE, () -> happened(node, "films").equals("1 0 1 0 1"));
        JsonNode news = one(node, "news");
        assertFalse(news.path("partial").asBoolean());
        assertTrue(
            news.path("channel").path("watched_quantiles_ms").path("p50").asInt() < 2000,
            news::toString);
      }
      here.client().post(Message.connect("d", "1").joinAsSeeder("news")).expectSuccess();
      Await.until(
          "the curve",
          PATIENCE,
          () -> one(there, "news").at("/channel/curve/0/seeders").asInt() == 1);
      cluster.nodes().forEach(node -> assertEquals(List.of(), node.errors()));
    }
  }

  private static void assertRefused(TrackerProcess node, String query) throws Exception {
    HttpResponse<String> answer = node.management().get("/api/v1/channels" + query);
    assertEquals(400, answer.statusCode(), query);
    assertTrue(answer.body().contains("a number from 1 to 1000"), answer::body);
  }

  @Test
  void theLargestChannelsOfAllNodesAreToldAtEachAndGoOnBeingTold(@TempDir Path folder)
      throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(folder, node -> node.set("metrics.channels", 2)).start(3)) {
      for (int i = 0; i < CHANNELS.size(); i++) {
        for (int viewer = 0; viewer <= 2 * i; viewer++) {
          TrackerProcess node = cluster.nodes().get((i + viewer) % 3);
          Message joins = Message.connect(CHANNELS.get(i) + viewer, "1");
          node.client()
              .post(
                  viewer == 0
                      ? joins.joinAsSeeder(CHANNELS.get(i))
                      : joins.joinAsLeech(CHANNELS.get(i)))
              .expectSuccess();
        }
      }
      List<String> all = List.of("talk 9/1", "music 7/1", "films 5/1", "sports 3/1", "news 1/1");
      for (TrackerProcess node : cluster.nodes()) {
        Await.until("all channels", PATIENCE, () -> told(node, "").equals(all));
        assertEquals(all.subList(0, 2), told(node, "?top=2"));
        assertFalse(channels(node, "").path("partial").asBoolean());
      }
      // The sum is the truth, and no node has more series than it may.
      Await.until("the largest", PATIENCE, () -> shown(cluster.nodes(), "talk") == 9);
      double sum = 0;
      for (TrackerProcess node : cluster.nodes()) {
        List<String> series =
            node.management()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("ppstp_channel_peers{"))
                .toList();
        assertTrue(series.size() <= 3, series::toString);
        for (String one : series) {
          sum += Double.parseDouble(one.substring(one.lastIndexOf(' ')));
        }
      }
      assertEquals(25, sum);

      TrackerProcess stopped = cluster.nodes().get(2);
      TrackerProcess other = cluster.nodes().get(0);
      assertEquals("talk", channels(other, "?by=joins&top=1").at("/channels/0/swarm_id").asText());
      assertEquals(9, channels(other, "?by=peak&top=1").at("/channels/0/peak/peers").asInt());
      for (String query : List.of("", "?by=joins")) {
        stopped.signal("STOP");
        try {
          // It is a member still, and says nothing.
          assertTrue(channels(other, query).path("partial").asBoolean());
        } finally {
          stopped.signal("CONT");
        }
        Await.until(
            "all nodes answer",
            PATIENCE,
            () -> told(other, "").equals(all) && !channels(other, "").path("partial").asBoolean());
      }

      cluster.kill(stopped);
      for (TrackerProcess node : cluster.nodes()) {
        Await.until(
            "all channels are told again",
            PATIENCE,
            () -> told(node, "").equals(all) && !channels(node, "").path("partial").asBoolean());
      }
      for (String bad :
          List.of("?top=0", "?top=1001", "?top=x", "?top=-1", "?by=x", "?top=1&x=1", "?by=Joins")) {
        assertRefused(cluster.nodes().get(0), bad);
      }
      assertEquals(0, one(cluster.nodes().get(0), "none").path("channel").path("peers").asInt());
      // A page whose name leads here is told nothing.
      String url = cluster.nodes().get(0).management().uri() + "/api/v1/channels";
      assertEquals(
          "403",
          Commands.run(
                  "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Host: evil", url)
              .strip());
      cluster.nodes().forEach(node -> assertEquals(List.of(), node.errors()));
    }
  }
}
