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

      cluster.kill(cluster.nodes().get(2));
      for (TrackerProcess node : cluster.nodes()) {
        Await.until(
            "all channels are told again",
            PATIENCE,
            () -> told(node, "").equals(all) && !channels(node, "").path("partial").asBoolean());
      }
      for (String bad :
          List.of("?top=0", "?top=1001", "?top=x", "?top=-1", "?by=x", "?top=1&x=1")) {
        assertRefused(cluster.nodes().get(0), bad);
      }
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
