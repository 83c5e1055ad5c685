package io.ppstp.tracker.it;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.networks.AltoServer;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom peers of two networks are told of, by a table that changes. */
class SelectionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String PIDS =
      """
      { "PID1" : { "ipv4" : [ "31.0.2.0/24" ] },
        "PID2" : { "ipv4" : [ "32.51.100.128/25" ] },
        "PID3" : { "ipv4" : [ "0.0.0.0/0" ], "ipv6" : [ "::/0" ] } }
      """;

  @TempDir private Path folder = Path.of("set by JUnit");

  @Test
  void listsAreMostlyOfTheRequestersNetworkAndTablesCanChange() throws Exception {
    Path table =
        Files.writeString(folder.resolve("pfx2as"), "21.0.0.0\t8\t100\n22.0.0.0\t8\t200\n");
    try (AltoServer alto = altoServer();
        TrackerProcess tracker =
            TrackerProcess.onFreePorts()
                .set("selection.policy", "near")
                .set("selection.swarms", "priced=cost")
                .set("selection.tables", table + "," + alto.url("/directory"))
                .set("selection.refresh", "200ms")
                .set("proxy.header", "x-forwarded-for")
                .set("proxy.trusted", "127.0.0.1")
                .set("reload.interval", "200ms")
                .start()) {
      for (int i = 0; i < 100; i++) {
        connect(tracker, (i % 4 == 0 ? "21.1.0." : "22.1.0.") + i, "p" + i);
      }
      JsonNode found = post(tracker, "21.1.0.0", Message.find("p0", "2", "s").peerCount(29));

      assertEquals("100", found.path("peer_addr").path("asn").asText());
      int near = 0;
      JsonNode list = found.path("swarm_result").get(0).path("peer_group").path("peer_info");
      for (JsonNode peer : list) {
        JsonNode address = peer.path("peer_addr");
        boolean here = address.path("ip_address").path("address").asText().startsWith("21.");
        assertEquals(here ? "100" : "200", address.path("asn").asText());
        near += here ? 1 : 0;
      }
      int listed = near;
      assertEquals(29, list.size());
      assertTrue(listed >= 20 && listed <= 27, () -> listed + " of 29");
      assertTrue(metric(tracker, "listed") > 29);
      assertTrue(metric(tracker, "same_network") >= listed);

      assertCheapestFirst(tracker);
      alto.forget("/networkmap");
      Await.until(
          "a server without a map is told of",
          PATIENCE,
          () -> tracker.log().stream().anyMatch(line -> line.contains("/networkmap: HTTP status")));
      assertCheapestFirst(tracker);

      Files.writeString(table, "21.0.0.0\t8\t300\nnonsense\n");
      Await.until(
          "the bad table is refused",
          PATIENCE,
          () -> tracker.log().stream().anyMatch(line -> line.contains("pfx2as, line 2: ")));
      assertEquals("100", asn(tracker, "p4"));

      Files.writeString(table, "21.0.0.0\t8\t300\n");
      Await.until("the new table is in force", PATIENCE, () -> asn(tracker, "p4").equals("300"));
    }
  }

  /** The class that a node has looked up travels with the peer, to the copies of lists as well. */
  @Test
  void everyNodeKnowsWhoIsCheapAndAfterOneIsKilledToo() throws Exception {
    try (AltoServer alto = altoServer();
        TrackerCluster cluster =
            TrackerCluster.in(
                    folder,
                    node ->
                        node.set("selection.policy", "cost")
                            .set("selection.tables", alto.url("/directory"))
                            .set("proxy.header", "x-forwarded-for")
                            .set("proxy.trusted", "127.0.0.1"))
                .start(3)) {
      List<TrackerProcess> nodes = cluster.nodes();
      for (int i = 0; i < 30; i++) {
        joinPriced(nodes.get(i % 3), i);
      }
      for (TrackerProcess node : nodes) {
        awaitCheapest(node);
      }
      cluster.kill(nodes.get(1));
      awaitCheapest(nodes.get(0));
      awaitCheapest(nodes.get(2));
    }
  }

  /** What a peer has said of itself travels to the owner of the list, and from there to copies. */
  @Test
  void whoRunsOnABatteryIsLastInTheListsOfAllNodes() throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(
                folder,
                node ->
                    node.set("selection.policy", "able")
                        .set("proxy.header", "x-forwarded-for")
                        .set("proxy.trusted", "127.0.0.1"))
            .start(2)) {
      for (int i = 0; i < 10; i++) {
        TrackerProcess node = cluster.nodes().get(i % 2);
        connect(node, "21.1.0." + i, "p" + i);
        Message report = Message.statReport("p" + i, "2", "s");
        post(node, "21.1.0." + i, i < 3 ? report.ofFirstStat("battery", 17) : report);
      }
      for (TrackerProcess node : cluster.nodes()) {
        Await.until("p1 and p2 are last of nine", PATIENCE, () -> lastTwo(node).equals("p1 p2"));
        for (int i = 0; i < 20; i++) {
          assertEquals("p1 p2", lastTwo(node));
        }
      }
    }
  }

  /** Returns who is last in a list of p0's, in their own order. */
  private static String lastTwo(TrackerProcess node) throws Exception {
    List<String> ids = new ArrayList<>();
    JsonNode found = post(node, "21.1.0.0", Message.find("p0", "3", "s"));
    for (JsonNode peer : found.path("swarm_result").get(0).path("peer_group").path("peer_info")) {
      ids.add(peer.path("peer_id").asText());
    }
    return ids.size() < 9 ? "" : ids.subList(7, 9).stream().sorted().collect(joining(" "));
  }

  private static void joinPriced(TrackerProcess tracker, int i) throws Exception {
    String ip = (i % 3 == 0 ? "31.0.2." : i % 3 == 1 ? "32.51.100.2" : "33.0.113.") + (10 + i);
    post(tracker, ip, Message.connect("c" + i, "1").address(ip, 4000).joinAsLeech("priced"));
  }

  /** Lists follow registrations, and nodes refuse for a moment when one is gone. */
  private static void awaitCheapest(TrackerProcess node) throws Exception {
    PpstpClient client = node.client();
    Await.until(
        "9 others of the requester's PID, in each list of 20",
        PATIENCE,
        () -> {
          Message find = Message.find("c0", "4", "priced").peerCount(20);
          var answer =
              client.send(
                  client.request("/", find.bytes()).header("X-Forwarded-For", "31.0.2.10").build());
          return answer.status() == 200 && ofItsPid(answer.expectSuccess().message()) == 9;
        });
  }

  private static int ofItsPid(JsonNode found) {
    int count = 0;
    for (JsonNode peer : found.path("swarm_result").get(0).path("peer_group").path("peer_info")) {
      String ip = peer.path("peer_addr").path("ip_address").path("address").asText();
      count += ip.startsWith("31.") ? 1 : 0;
    }
    return count;
  }

  private static AltoServer altoServer() throws IOException {
    AltoServer server = AltoServer.at("1");
    server.take("2", PIDS, AltoServer.COSTS);
    return server;
  }

  /** By the costs of RFC 7285's example, among public addresses: others are told to nobody. */
  private static void assertCheapestFirst(TrackerProcess tracker) throws Exception {
    for (int i = 0; i < 30; i++) {
      joinPriced(tracker, i);
    }
    JsonNode found = post(tracker, "31.0.2.10", Message.find("c0", "4", "priced").peerCount(20));
    assertEquals(9, ofItsPid(found), "all of its PID, of whom there are fewer than the share");
    String path = "/api/v1/channels/priced/list?peer=c0&limit=20&explain=true";
    JsonNode explained = Json.parse(tracker.management().get(path).body()).path("peers");
    int cheap = 0;
    for (JsonNode peer : explained) {
      cheap += peer.path("why").asText().equals("cheap") ? 1 : 0;
    }
    assertEquals(14, cheap, explained::toString);
    assertTrue(
        tracker.management().metric("ppstp_selection_cost_total{policy=\"cost\"}").orElseThrow()
            > 0);
  }

  private static void connect(TrackerProcess tracker, String ip, String id) throws Exception {
    post(tracker, ip, Message.connect(id, "1").address(ip, 4000).joinAsLeech("s"));
  }

  private static String asn(TrackerProcess tracker, String id) throws Exception {
    Message find = Message.find(id, "3", "s");
    return post(tracker, "21.1.0." + id.substring(1), find).path("peer_addr").path("asn").asText();
  }

  private static JsonNode post(TrackerProcess tracker, String ip, Message message)
      throws Exception {
    PpstpClient client = tracker.client();
    return client
        .send(client.request("/", message.bytes()).header("X-Forwarded-For", ip).build())
        .expectSuccess()
        .message();
  }

  private static double metric(TrackerProcess tracker, String name) throws Exception {
    return tracker
        .management()
        .metric("ppstp_selection_" + name + "_total{policy=\"near\"}")
        .orElseThrow();
  }
}
