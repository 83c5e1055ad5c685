package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How PPSTP is carried by HTTP/1.1: methods, targets, media types, statuses, connections. */
class HttpIT {
  private static final TrackerProcess TRACKER = TrackerProcess.onFreePorts().start();
  private static final PpstpClient PEER = TRACKER.client();
  private static final Management MANAGEMENT = TRACKER.management();
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String MEDIA_TYPE_TOLERATED = "ppstp_lenient_total{kind=\"media_type\"}";

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  /** A request of a peer that is not registered: read whole, then answered with 03. */
  private static byte[] unregistered(String transactionId) {
    return Message.statReport("nobody", transactionId).bytes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO", "post"})
  void onlyPostIsAllowed(String method) throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(method + " /video_1 HTTP/1.1\r\nHost: tracker\r\n\r\n");
      Reply reply = method.equals("HEAD") ? connection.receiveHead() : connection.receive();
      assertEquals(405, reply.status());
      assertEquals("POST", reply.header("allow"));
      connection.post(unregistered("after"));
      assertEquals("after", connection.receive().expect(403, 3).transactionId());
    }
  }

  @Test
  void aTunnelIsNotOpened() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
      Reply reply = connection.receive();
      assertTrue(reply.status() == 405 || reply.status() == 400, reply::toString);
    }
  }

  @Test
  void servesTheConfiguredPathsOnly() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts().set("http.paths", "/ppstp,/video_1").start()) {
      for (String served :
          List.of(
              "/ppstp",
              "/video_1",
              "/ppstp?sessionDev=7",
              "http://tracker.example.com/video_1",
              "https://tracker.example.com:7443/ppstp?x=/y")) {
        assertEquals(403, statusOf(tracker, served), served);
      }
      for (String unknown :
          List.of(
              "/",
              "/ppstp/",
              "/video_1/ppstp",
              "/PPSTP",
              "/other?/ppstp",
              "http://tracker.example.com",
              "http://tracker.example.com/")) {
        assertEquals(404, statusOf(tracker, unknown), unknown);
      }
      assertEquals(List.of(), tracker.errors());
    }
  }

  private static int statusOf(TrackerProcess tracker, String target) throws IOException {
    try (RawConnection connection = tracker.connection()) {
      byte[] body = unregistered("path");
      connection.send(connection.head(body.length).replace("POST /", "POST " + target));
      connection.send(body);
      return connection.receive().status();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/video_1",
        "/a/b/c?swarm=1111#x",
        "//",
        "http://tracker.example.com",
        "http://tracker.example.com/video_1?sessionDev=1"
      })
  void servesAnyTargetByDefault(String target) throws Exception {
    assertEquals(403, statusOf(TRACKER, target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/ppsp-tracker+json",
        "Application/PPSP-Tracker+JSON",
        "application/ppsp-tracker+json; charset=utf-8",
        "application/ppsp-tracker+json;charset=\"UTF-8\"",
        "application/ppsp-tracker+json; version=1",
      })
  void takesTheRegisteredMediaTypeInAllItsSpellings(String contentType) throws Exception {
    double before = MANAGEMENT.metric(MEDIA_TYPE_TOLERATED).orElseThrow();
    assertEquals(403, statusOfType("Content-Type: " + contentType + "\r\n"));
    assertEquals(before, MANAGEMENT.metric(MEDIA_TYPE_TOLERATED).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type: application/json\r\n",
        "Content-Type: application/JSON; charset=UTF-8\r\n",
        "content-type:application/json;x=y\r\n",
      })
  void toleratesPlainJsonAndNoMediaTypeAndCountsThem(String header) throws Exception {
    double before = MANAGEMENT.metric(MEDIA_TYPE_TOLERATED).orElseThrow();
    assertEquals(403, statusOfType(header));
    assertEquals(before + 1, MANAGEMENT.metric(MEDIA_TYPE_TOLERATED).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain\r\n",
        "Content-Type: application/xml\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: application/ppsp-tracker+json; charset=iso-8859-1\r\n",
        "Content-Type: application/json; charset=\"utf-16\"\r\n",
        "Content-Type: ;;;\r\n",
        "Content-Type:\r\n",
        "Content-Type: application/ppsp-tracker+json\r\nContent-Encoding: gzip\r\n",
        "Content-Type: application/ppsp-tracker+json\r\nContent-Encoding: br\r\n",
      })
  void refusesForeignMediaTypesAndEncodings(String header) throws Exception {
    assertEquals(415, statusOfType(header));
  }

  @Test
  void takesTheIdentityEncoding() throws Exception {
    assertEquals(403, statusOfType("Content-Encoding: identity\r\n"));
  }

  /** Whatever the status, a POST is answered with a PPSTP message, and the connection goes on. */
  private static int statusOfType(String header) throws IOException {
    try (RawConnection connection = TRACKER.connection()) {
      byte[] body = unregistered("type");
      connection.send(
          connection
              .head(body.length)
              .replace("Content-Type: application/ppsp-tracker+json\r\n", header));
      connection.send(body);
      Reply reply = connection.receive();
      assertEquals(reply.status() == 415 ? 1 : 3, reply.errorCode());
      reply.assertWellFormed();
      connection.post(unregistered("after"));
      assertEquals("after", connection.receive().transactionId());
      return reply.status();
    }
  }

  @Test
  void strictPolicyTakesTheRegisteredMediaTypeOnly() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().set("policy.strict", true).start()) {
      PpstpClient peer = tracker.client();
      peer.post(unregistered("1")).expect(403, 3);
      var request = peer.request("/", unregistered("2"));
      peer.send(request.setHeader("Content-Type", "application/json").build()).expect(400, 1);
      Message join = Message.connect("p", "1").joinAsLeech("s");
      peer.post(join).expectSuccess();
      peer.post(Message.connect("p", "1").leave("s")).expect(400, 1);
      peer.post(Message.connect("p", "2").leave("s")).expectSuccess();
    }
  }

  @Test
  void strictPolicyTakesTheExamplesOfTheRfc() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().set("policy.strict", true).start()) {
      PpstpClient peer = tracker.client();
      for (String example :
          List.of(
              "connect-seeder-two-swarms",
              "connect-leech-join",
              "find",
              "stat-report",
              "connect-leech-switch")) {
        try (InputStream in =
            HttpIT.class.getResourceAsStream("/rfc7846/" + example + ".request.json")) {
          peer.post(Objects.requireNonNull(in).readAllBytes()).expectSuccess();
        }
      }
    }
  }

  /** By default a message can name as many swarms as a peer may join, by IDs that are hashes. */
  @Test
  void takesAllSwarmsOfAPeerInOneMessage() throws Exception {
    for (int swarms : List.of(600, 1024)) {
      String peer = "seeder-of-" + swarms;
      String[] ids = new String[swarms];
      Message join = Message.connect(peer, "1");
      Message leave = Message.connect(peer, "3");
      for (int i = 0; i < swarms; i++) {
        ids[i] = "%064x".formatted(i);
        join.joinAsSeeder(ids[i]);
        leave.leave(ids[i]);
      }
      assertTrue(join.bytes().length > 70_000);
      assertEquals(swarms, PEER.post(join).expectSuccess().message().path("swarm_result").size());
      PEER.post(Message.statReport(peer, "2", ids)).expectSuccess();
      PEER.post(leave).expectSuccess();
    }
  }

  @Test
  void ignoresAccept() throws Exception {
    for (String accept : List.of("text/html", "application/json;q=0", "nonsense,,;")) {
      var request = PEER.request("/", unregistered("a")).header("Accept", accept).build();
      PEER.send(request).expect(403, 3);
    }
  }

  @Test
  void mapsErrorCodesToStatuses() throws Exception {
    PEER.post("{".getBytes(US_ASCII)).expect(400, 1);
    String foreign = Message.find("p", "t", "s").json().replace("\"version\":1", "\"version\":2");
    assertEquals("t", PEER.post(foreign.getBytes(US_ASCII)).expect(400, 2).transactionId());
    PEER.post(unregistered("t")).expect(403, 3);
  }

  @Test
  void canAnswerEveryErrorWithStatus200() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("http.status", "always-200")
            .set("limits.peers", 1)
            .set("limits.body", "1KiB")
            .start()) {
      PpstpClient peer = tracker.client();
      peer.post("{".getBytes(US_ASCII)).expect(200, 1);
      peer.post(unregistered("t")).expect(200, 3);
      peer.post(new byte[2000]).expect(200, 1);
      peer.send(peer.request("/", unregistered("t")).setHeader("Content-Type", "a/b").build())
          .expect(200, 1);
      peer.post(Message.connect("p1", "1").joinAsLeech("s")).expectSuccess();
      Reply full = peer.post(Message.connect("p2", "1").joinAsLeech("s")).expect(200, 5);
      assertTrue(full.headers().containsKey("retry-after"));
      assertEquals(405, peer.exchange(peer.request("/", new byte[0]).GET().build()).statusCode());
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        String body =
            switch (i % 3) {
              case 0 -> Message.statReport("pipe", "t" + i).json();
              case 1 -> Message.connect("pipe" + i, "t" + i).joinAsLeech("pipe").json();
              default -> Message.find("pipe", "t" + i, "pipe").json().replace("FIND", "FOUND");
            };
        requests.append(connection.head(body.length())).append(body);
        if (i % 10 == 9) {
          requests.append("GET / HTTP/1.1\r\nHost: tracker\r\n\r\n");
        }
      }
      connection.send(requests.toString());
      int[] statuses = {403, 200, 400};
      for (int i = 0; i < 100; i++) {
        Reply reply = connection.receive();
        assertEquals("t" + i, reply.transactionId());
        assertEquals(statuses[i % 3], reply.status());
        if (i % 10 == 9) {
          assertEquals(405, connection.receive().status());
        }
      }
    }
  }

  @Test
  void keepsConnectionsUntilAskedToClose() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      for (int i = 0; i < 300; i++) {
        connection.post(unregistered("k" + i));
        assertEquals("k" + i, connection.receive().transactionId());
      }
      connection.post(unregistered("last"), "Connection: close");
      assertEquals("last", connection.receive().transactionId());
      assertTrue(connection.isClosedWithin(SOON));
    }
  }

  @Test
  void servesHttp10() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      byte[] body = unregistered("old");
      connection.send(connection.head(body.length).replace("HTTP/1.1", "HTTP/1.0"));
      connection.send(body);
      assertEquals("old", connection.receive().transactionId());
      assertTrue(connection.isClosedWithin(SOON));
    }
  }

  @Test
  void closesIdleConnections() throws Exception {
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts().set("http.idle-timeout", "1s").start();
        RawConnection used = tracker.connection();
        RawConnection unused = tracker.connection()) {
      used.post(unregistered("1"));
      used.receive();
      assertTrue(used.isClosedWithin(SOON));
      assertTrue(unused.isClosedWithin(SOON));
    }
  }

  @Test
  void servesIpv6Loopback() throws Exception {
    assumeTrue(hasIpv6Loopback(), "skipped: this machine has no IPv6 loopback");
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("http.host", "::1")
            .set("management.host", "::1")
            .set("addresses.trust", "advertised")
            .start()) {
      Reply reply =
          tracker
              .client()
              .post(Message.connect("six", "1").address("2001:DB8:0::1", 4000).joinAsLeech("s6"))
              .expectSuccess();
      var own = reply.message().path("peer_addr");
      assertEquals("ipv6", own.path("ip_address").path("address_type").asText());
      assertEquals("::1", own.path("ip_address").path("address").asText());
      assertEquals(4000, own.path("port").asInt());
      Reply other = tracker.client().post(Message.connect("6b", "1").joinAsLeech("s6"));
      assertEquals(
          "2001:db8::1",
          other.entries("s6").get(0).path("peer_addr").path("ip_address").path("address").asText());
      assertEquals(2, tracker.management().held().peers());
    }
  }

  private static boolean hasIpv6Loopback() {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
