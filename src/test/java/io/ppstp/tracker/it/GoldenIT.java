package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What RFC 7846 prints, sent to the running tracker: its examples and the sessions it draws. */
class GoldenIT {
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts().set("addresses.trust", "advertised").start();
  private static final PpstpClient PEER = TRACKER.client();
  private static final Management MANAGEMENT = TRACKER.management();

  /** The two peers that the RFC's example answers list, as they must have connected. */
  private static final String LISTED_PEER =
      """
      {"PPSPTrackerProtocol":{"version":1,"request_type":"CONNECT","transaction_id":"%s",
        "peer_id":"%s","connect":{
          "peer_addr":[{"ip_address":{"address_type":"ipv4","address":"%s"},"port":80,
            "priority":2,"type":"REFLEXIVE","connection":"wired","asn":"64496",
            "peer_protocol":"PPSP-PP"}],
          "swarm_action":[{"swarm_id":"1111","action":"JOIN","peer_mode":"SEEDER"},
            {"swarm_id":"2222","action":"JOIN","peer_mode":"SEEDER"}]}}}
      """;

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  private interface Sender {
    Sent send(byte[] body) throws IOException, InterruptedException;
  }

  private record Sent(int status, String body) {}

  @Test
  void examplesThroughTheJdksClient() throws Exception {
    playExamples(
        body -> {
          Reply reply = PEER.post(body);
          reply.assertWellFormed();
          return new Sent(reply.status(), reply.text());
        });
  }

  @Test
  void examplesThroughOneConnectionAsTheyArePrinted() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      playExamples(
          body -> {
            connection.send(
                "POST http://tracker.example.com/video_1 HTTP/1.1\r\n"
                    + "Host: tracker.example.com\r\n"
                    + "Content-Length: "
                    + body.length
                    + "\r\nContent-Type: application/ppsp-tracker+json\r\n"
                    + "Accept: application/ppsp-tracker+json\r\n\r\n");
            connection.send(body);
            Reply reply = connection.receive();
            return new Sent(reply.status(), reply.text());
          });
    }
  }

  @Test
  void examplesThroughCurl(@TempDir Path folder) throws Exception {
    assumeTrue(Commands.has("curl"), "skipped: this machine has no curl");
    Path request = folder.resolve("request.json");
    Path response = folder.resolve("response.json");
    playExamples(
        body -> {
          Files.write(request, body);
          String status =
              Commands.run(
                  "curl",
                  "--silent",
                  "--show-error",
                  "--data-binary",
                  "@" + request,
                  "--header",
                  "Content-Type: application/ppsp-tracker+json",
                  "--output",
                  response.toString(),
                  "--write-out",
                  "%{http_code}",
                  TRACKER.http().resolve("/video_1").toString());
          return new Sent(Integer.parseInt(status), Files.readString(response));
        });
  }

  private static final AtomicInteger PLAYS = new AtomicInteger();

  /** Plays all five example requests, each in a state in which it is valid; leaves no trace. */
  private static void playExamples(Sender sender) throws Exception {
    // The same CONNECT once more would be taken for a copy that is late.
    String play = "play-" + PLAYS.incrementAndGet();
    PEER.post(LISTED_PEER.formatted(play, "956264622298", "198.51.100.22").getBytes(UTF_8))
        .expectSuccess();
    PEER.post(LISTED_PEER.formatted(play, "3332001256741", "198.51.100.201").getBytes(UTF_8))
        .expectSuccess();
    for (String example :
        List.of(
            "connect-leech-join",
            "find",
            "stat-report",
            "connect-leech-switch",
            "connect-seeder-two-swarms")) {
      Sent sent = sender.send(resource("/rfc7846/" + example + ".request.json"));
      assertEquals(200, sent.status(), sent.body());
      assertGolden(example, sent);
    }
    for (String peer : List.of("956264622298", "3332001256741")) {
      PEER.post(Message.connect(peer, play + "-end").leave("1111").leave("2222")).expectSuccess();
    }
    // With the ID of all examples, so that the tracker takes none of theirs for a copy.
    PEER.post(Message.connect("656164657220", "12345").leave("1111").leave("2222")).expectSuccess();
    PEER.post(Message.connect("656164657221", "12345").leave("2222")).expectSuccess();
  }

  /** The order of a list is drawn at random. */
  private static void assertGolden(String example, Sent sent) throws IOException {
    JsonNode golden =
        Json.parse(new String(resource("/golden/" + example + ".response.json"), UTF_8));
    JsonNode actual = Json.parse(sent.body());
    assertEquals(actual.toString(), sent.body(), "compact");
    for (JsonNode result : actual.path("PPSPTrackerProtocol").path("swarm_result")) {
      sortByPeer(result.path("peer_group").path("peer_info"));
    }
    assertEquals(golden.toString(), actual.toString());
  }

  private static void sortByPeer(JsonNode list) {
    if (list instanceof ArrayNode array) {
      List<JsonNode> entries = new ArrayList<>();
      array.forEach(entries::add);
      entries.sort(Comparator.comparing(entry -> entry.path("peer_id").asText()));
      array.removeAll();
      array.addAll(entries);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GoldenIT.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return in.readAllBytes();
    }
  }

  @Test
  void failuresHoldTheFourMandatoryMembersAndNothingElse() throws Exception {
    String failure =
        "{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":1,\"error_code\":%d,"
            + "\"transaction_id\":\"%s\"}}";
    byte[] find = resource("/rfc7846/find.request.json");
    String text = new String(find, UTF_8);
    Map<String, String> bodies =
        Map.of(
            text,
            failure.formatted(3, "12345"),
            text.replace("\"version\": 1", "\"version\": 2"),
            failure.formatted(2, "12345"),
            text.replace("\"FIND\"", "\"find\""),
            failure.formatted(1, "12345"),
            text.replace("\"swarm_id\"", "\"swarm\""),
            failure.formatted(1, "12345"),
            "",
            failure.formatted(1, ""),
            "{}",
            failure.formatted(1, ""));
    for (Map.Entry<String, String> body : bodies.entrySet()) {
      assertEquals(body.getValue(), PEER.post(body.getKey().getBytes(UTF_8)).text());
    }
  }

  @Test
  void figure1TheSessionOfALeech() throws Exception {
    PEER.post(Message.connect("f1-seed", "1").address("192.0.2.7", 7000).joinAsSeeder("f1-x"))
        .expectSuccess();

    Reply joined =
        PEER.post(Message.connect("f1-leech", "1").address("192.0.2.8", 7001).joinAsLeech("f1-x"));
    assertEquals(Set.of("f1-seed"), joined.expectSuccess().peers("f1-x"));

    Reply reported = PEER.post(Message.statReport("f1-leech", "2", "f1-x")).expectSuccess();
    assertEquals(Optional.of(0), reported.result("f1-x"));

    PEER.post(Message.connect("f1-late", "1").address("192.0.2.9", 7002).joinAsLeech("f1-x"))
        .expectSuccess();
    Reply found = PEER.post(Message.find("f1-leech", "3", "f1-x")).expectSuccess();
    assertEquals(Set.of("f1-seed", "f1-late"), found.peers("f1-x"));

    for (String peer : List.of("f1-seed", "f1-leech", "f1-late")) {
      PEER.post(Message.connect(peer, "bye").leave("f1-x")).expectSuccess();
    }
  }

  @Test
  void figure2TheSessionOfASeeder() throws Exception {
    Message join = Message.connect("f2-seed", "1").address("192.0.2.7", 7000);
    Reply joined =
        PEER.post(join.joinAsSeeder("f2-x").joinAsSeeder("f2-y").joinAsSeeder("f2-z"))
            .expectSuccess();
    for (String swarm : List.of("f2-x", "f2-y", "f2-z")) {
      assertEquals(Optional.of(0), joined.result(swarm));
      assertEquals(List.of(), joined.entries(swarm), "no list for a SEEDER that asks for none");
    }
    for (int i = 0; i < 3; i++) {
      Reply reported =
          PEER.post(Message.statReport("f2-seed", "r" + i, "f2-x", "f2-y", "f2-z")).expectSuccess();
      assertEquals(3, reported.message().path("swarm_result").size());
      Reply alive = PEER.post(Message.statReport("f2-seed", "k" + i)).expectSuccess();
      assertTrue(alive.message().path("swarm_result").isMissingNode(), alive.text());
    }
    PEER.post(Message.connect("f2-seed", "2").leave("f2-x").leave("f2-y").leave("f2-z"))
        .expectSuccess();
    PEER.post(Message.statReport("f2-seed", "late")).expect(403, 3);
  }

  @Test
  void figure6TheExtendedSessionUnderTheAdditivePolicy() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("policy.connect", "additive")
            .set("addresses.trust", "advertised")
            .start()) {
      PpstpClient peer = tracker.client();
      peer.post(Message.connect("f6-b", "1").address("192.0.2.9", 7009).joinAsSeeder("swarm_b"))
          .expectSuccess();

      Message first = Message.connect("f6", "1").address("192.0.2.6", 7006);
      peer.post(first.joinAsSeeder("swarm_a")).expectSuccess();
      peer.post(Message.statReport("f6", "2", "swarm_a")).expectSuccess();
      Reply second = peer.post(Message.connect("f6", "3").joinAsLeech("swarm_b")).expectSuccess();
      assertEquals(Set.of("f6-b"), second.peers("swarm_b"));
      assertEquals(new Management.Held(2, 2, 3), tracker.management().held());
      peer.post(Message.statReport("f6", "4", "swarm_a", "swarm_b")).expectSuccess();
      peer.post(Message.connect("f6", "5").leave("swarm_b")).expectSuccess();
      Reply partly = peer.post(Message.statReport("f6", "6", "swarm_a", "swarm_b"));
      assertEquals(Optional.of(0), partly.expectSuccess().result("swarm_a"));
      assertEquals(Optional.of(1), partly.result("swarm_b"));
      peer.post(Message.connect("f6", "7").leave("swarm_a")).expectSuccess();
      peer.post(Message.statReport("f6", "8")).expect(403, 3);
      assertEquals(new Management.Held(1, 1, 1), tracker.management().held());
      assertEquals(List.of(), tracker.errors());
    }
  }

  @Test
  void table6LetsASeederThatAddsSwarmsStartOver() throws Exception {
    PEER.post(Message.connect("t6-seed", "1").joinAsSeeder("t6-a")).expectSuccess();
    Message more = Message.connect("t6-seed", "2").joinAsSeeder("t6-b").joinAsSeeder("t6-c");
    PEER.post(more).expect(403, 3);
    PEER.post(Message.statReport("t6-seed", "3")).expect(403, 3);
    PEER.post(more).expectSuccess();
    PEER.post(Message.statReport("t6-seed", "4", "t6-a")).expect(403, 3);
    PEER.post(Message.statReport("t6-seed", "5", "t6-b", "t6-c")).expectSuccess();
    PEER.post(Message.connect("t6-seed", "6").leave("t6-b").leave("t6-c")).expectSuccess();
  }

  @Test
  void table6KeepsALeechThatAddsASwarmWhereItIs() throws Exception {
    PEER.post(Message.connect("t6-leech", "1").joinAsLeech("t6-d")).expectSuccess();
    PEER.post(Message.connect("t6-leech", "2").joinAsLeech("t6-e")).expect(403, 3);
    PEER.post(Message.connect("t6-leech", "3").joinAsLeech("t6-d").joinAsLeech("t6-e"))
        .expect(403, 3);
    PEER.post(Message.find("t6-leech", "4", "t6-d")).expectSuccess();
    PEER.post(Message.find("t6-leech", "5", "t6-e")).expect(403, 3);
    PEER.post(Message.connect("t6-leech", "6").leave("t6-d")).expectSuccess();
  }

  @Test
  void anUnknownPeerCanOnlyJoin() throws Exception {
    PEER.post(Message.find("nobody", "1", "n-x")).expect(403, 3);
    PEER.post(Message.statReport("nobody", "2", "n-x")).expect(403, 3);
    PEER.post(Message.connect("nobody", "3").leave("n-x")).expect(403, 3);
    PEER.post(Message.connect("nobody", "4").leave("n-x").joinAsLeech("n-y")).expect(403, 3);
    PEER.post(Message.statReport("nobody", "5")).expect(403, 3);
  }

  @Test
  void switchesChannelInOneRequest() throws Exception {
    PEER.post(Message.connect("cs-seed", "1").address("192.0.2.1", 1000).joinAsSeeder("cs-new"))
        .expectSuccess();
    PEER.post(Message.connect("cs", "1").address("192.0.2.2", 1001).joinAsLeech("cs-old"))
        .expectSuccess();
    Reply switched =
        PEER.post(Message.connect("cs", "2").leave("cs-old").joinAsLeech("cs-new")).expectSuccess();
    JsonNode results = switched.message().path("swarm_result");
    assertEquals("cs-new", results.path(0).path("swarm_id").asText(), "JOIN before LEAVE");
    assertEquals("cs-old", results.path(1).path("swarm_id").asText());
    assertEquals(Set.of("cs-seed"), switched.peers("cs-new"));
    assertTrue(results.path(1).path("peer_group").isMissingNode());
    PEER.post(Message.find("cs", "3", "cs-old")).expect(403, 3);
    Reply seen = PEER.post(Message.find("cs-seed", "2", "cs-new")).expectSuccess();
    assertEquals(Set.of("cs"), seen.peers("cs-new"));
    PEER.post(Message.connect("cs", "4").leave("cs-new")).expectSuccess();
    PEER.post(Message.connect("cs-seed", "4").leave("cs-new")).expectSuccess();
  }

  @Test
  void repeatsOfAConnectAreAnsweredAndNotDoneAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      String id = "rp-other" + i;
      PEER.post(Message.connect(id, "1").address("192.0.2.1" + i, 1000 + i).joinAsSeeder("rp"))
          .expectSuccess();
    }
    Management.Held before = MANAGEMENT.held();
    Message join = Message.connect("rp-peer", "1").peerCount(3);
    join.address("192.0.2.99", 999).joinAsLeech("rp");
    try (RawConnection first = TRACKER.connection();
        RawConnection second = TRACKER.connection()) {
      String answer = ask(first, join).text();
      assertEquals(answer, ask(first, join).text());
      assertEquals(answer, ask(second, join).text(), "over another connection");
      assertEquals(
          new Management.Held(before.peers() + 1, before.swarms(), before.members() + 1),
          MANAGEMENT.held());

      Message move = Message.connect("rp-peer", "2").leave("rp").joinAsLeech("rp-2");
      String moved = ask(first, move).text();
      assertEquals(moved, ask(second, move).text());
      ask(first, Message.statReport("rp-peer", "3", "rp-2")).expectSuccess();
      ask(first, Message.statReport("rp-peer", "4", "rp")).expect(403, 3);
      assertEquals(moved, ask(second, move).text(), "after other requests");

      Message leave = Message.connect("rp-peer", "5").leave("rp-2");
      String left = ask(first, leave).text();
      assertEquals(before, MANAGEMENT.held());
      assertEquals(left, ask(first, leave).text(), "after the end of the registration");
      assertEquals(left, ask(second, leave).text());
      assertEquals(before, MANAGEMENT.held());
      ask(first, Message.statReport("rp-peer", "6")).expect(403, 3);
    }
    for (int i = 0; i < 5; i++) {
      PEER.post(Message.connect("rp-other" + i, "2").leave("rp")).expectSuccess();
    }
  }

  @Test
  void aTransactionIdWithOtherContentIsANewRequestAndCounted() throws Exception {
    String reused = "ppstp_lenient_total{kind=\"transaction_reused\"}";
    double before = MANAGEMENT.metric(reused).orElseThrow();
    Reply joined = PEER.post(Message.connect("tr", "same").joinAsLeech("tr-a")).expectSuccess();
    Message move = Message.connect("tr", "same").leave("tr-a").joinAsLeech("tr-b");
    assertNotEquals(joined.text(), PEER.post(move).expectSuccess().text());
    PEER.post(Message.find("tr", "same", "tr-b")).expectSuccess();
    assertEquals(before + 1, MANAGEMENT.metric(reused).orElseThrow());
    PEER.post(Message.connect("tr", "end").leave("tr-b")).expectSuccess();
  }

  private static Reply ask(RawConnection connection, Message message) throws IOException {
    connection.post(message.bytes());
    return connection.receive();
  }
}
