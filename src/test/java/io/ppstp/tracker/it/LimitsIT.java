package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What one client may have of the tracker, and who that client is. Clients differ in their loopback
 * address, which is exempt by default only.
 */
class LimitsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MANY = 200;

  private final List<TrackerProcess> started = new ArrayList<>();

  @AfterEach
  void stop() {
    List<String> errors = new ArrayList<>();
    for (TrackerProcess tracker : started) {
      errors.addAll(tracker.errors());
      tracker.close();
    }
    assertEquals(List.of(), errors);
  }

  private TrackerProcess tracker(String... settings) {
    TrackerProcess.Builder builder = TrackerProcess.onFreePorts().set("limits.exempt", "");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      builder.set(parts[0], parts[1]);
    }
    TrackerProcess tracker = builder.start();
    started.add(tracker);
    return tracker;
  }

  private static Reply post(TrackerProcess tracker, String from, Message message, String... headers)
      throws IOException {
    try (RawConnection connection = RawConnection.from(from, tracker.http())) {
      connection.post(message.bytes(), headers);
      return connection.receive();
    }
  }

  private static Message join(String peer) {
    return Message.connect(peer, "t").joinAsLeech("s");
  }

  private static double hits(TrackerProcess tracker, String limit) throws Exception {
    return tracker
        .management()
        .metric("ppstp_limited_total{limit=\"" + limit + "\"}")
        .orElseThrow();
  }

  @Test
  void connectionsOverTheBoundsAreClosedAtOnce() throws Exception {
    TrackerProcess tracker =
        tracker("limits.connections.total=5", "limits.connections.per-address=3");
    List<RawConnection> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(RawConnection.from("127.0.0.2", tracker.http()));
    }
    try (RawConnection fourth = RawConnection.from("127.0.0.2", tracker.http())) {
      assertTrue(fourth.isClosedWithin(SOON));
    }
    for (int i = 0; i < 2; i++) {
      open.add(RawConnection.from("127.0.0.3", tracker.http()));
    }
    try (RawConnection sixth = RawConnection.from("127.0.0.4", tracker.http())) {
      assertTrue(sixth.isClosedWithin(SOON));
    }
    for (RawConnection connection : open) {
      connection.post(Message.statReport("nobody", "t").bytes());
      assertEquals(403, connection.receive().status());
    }
    assertEquals(1, hits(tracker, "connections-per-address"));
    assertEquals(1, hits(tracker, "connections"));
    assertEquals(5, tracker.management().metric("ppstp_connections").orElseThrow());

    open.get(0).close();
    Await.until(
        "room for another",
        SOON,
        () -> tracker.management().metric("ppstp_connections").orElseThrow() == 4);
    assertEquals(403, post(tracker, "127.0.0.2", Message.statReport("nobody", "t")).status());
    for (RawConnection connection : open) {
      connection.close();
    }
  }

  @Test
  void bytesThatTrickleInDoNotKeepAConnectionOpen() throws Exception {
    TrackerProcess tracker =
        tracker(
            "limits.connections.first-request=2s",
            "http.request-deadline=2s",
            "http.idle-timeout=5s",
            "https.enabled=true",
            "https.self-signed=true",
            "https.port=0");
    // A tracker that has just started takes its time for the first request.
    post(tracker, "127.0.0.1", Message.statReport("nobody", "t"));
    try (RawConnection header = RawConnection.to(tracker.http());
        RawConnection later = RawConnection.to(tracker.http());
        RawConnection handshake = RawConnection.to(tracker.https())) {
      // A TLS handshake record of 512 bytes, of which one comes now and then.
      handshake.send(new byte[] {22, 3, 1, 2, 0});
      header.send("POST / HTTP/1.1\r\nHost: t\r\nX-Slow: ");
      later.post(Message.statReport("nobody", "t").bytes());
      assertEquals(403, later.receive().status());
      // All at the same time, so that none of them is ever silent.
      List<RawConnection> open = new ArrayList<>(List.of(header, later, handshake));
      Await.until(
          "the end of all three",
          SOON,
          () -> {
            open.removeIf(LimitsIT::isClosedAfterOneByteMore);
            return open.isEmpty();
          });
    }
    assertTrue(hits(tracker, "request-deadline") >= 1);
  }

  private static boolean isClosedAfterOneByteMore(RawConnection connection) {
    try {
      connection.send(new byte[] {'x'});
      return connection.isClosedWithin(Duration.ofMillis(100));
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void oldConnectionsAreClosedOnceTheyAreAnswered() throws Exception {
    TrackerProcess tracker = tracker("limits.connections.max-age=2s");
    try (RawConnection connection = RawConnection.to(tracker.http())) {
      int answered = 0;
      boolean open = true;
      while (open) {
        open = isAnswered(connection) && answered < MANY;
        answered += open ? 1 : 0;
        open &= !connection.isClosedWithin(Duration.ofMillis(50));
      }
      int all = answered;
      assertTrue(all >= 1 && all < MANY, () -> "closed in the end, after answers: " + all);
    }
  }

  /** Returns whether there is an answer; no answer, and no part of one, means that it is closed. */
  private static boolean isAnswered(RawConnection connection) throws IOException {
    try {
      connection.post(Message.statReport("nobody", "t").bytes());
      assertEquals(403, connection.receive().status());
      return true;
    } catch (EOFException | SocketException closedMeanwhile) {
      return false;
    }
  }

  /** A request that is sent again and again, with another number each time. */
  @FunctionalInterface
  private interface Numbered {
    Reply send(int number) throws IOException;
  }

  /** Sends requests faster than one a second, until one of them is too many. */
  private static Reply firstRefusal(Numbered request) throws IOException {
    Reply reply = request.send(0);
    for (int i = 1; i < MANY && reply.status() != 503; i++) {
      reply = request.send(i);
    }
    return reply;
  }

  @Test
  void whoeverAsksTooMuchIsToldToWaitAndOthersAreNot() throws Exception {
    TrackerProcess tracker = tracker("limits.rate.requests=1", "limits.rate.requests-burst=5");
    for (int i = 0; i < 5; i++) {
      assertEquals(403, post(tracker, "127.0.0.2", Message.statReport("nobody", "t")).status());
    }
    Reply refused = firstRefusal(i -> post(tracker, "127.0.0.2", Message.statReport("no", "t")));
    assertEquals(503, refused.status());
    assertEquals(5, refused.errorCode());
    assertEquals("1", refused.header("retry-after"));
    assertEquals(403, post(tracker, "127.0.0.3", Message.statReport("nobody", "t")).status());
    assertTrue(hits(tracker, "requests") >= 1);
    Await.until(
        "an answer after the wait",
        SOON,
        () -> post(tracker, "127.0.0.2", Message.statReport("nobody", "t")).status() == 403);
  }

  @Test
  void oneAddressRegistersSoManyPeersAndNoMore() throws Exception {
    TrackerProcess tracker =
        tracker("limits.peers-per-address=3", "timers.track=5s", "timers.tick=100ms");
    for (String peer : List.of("a", "b", "c")) {
      assertTrue(post(tracker, "127.0.0.2", join(peer)).isSuccess());
    }
    Reply refused = post(tracker, "127.0.0.2", join("d"));
    assertEquals(503, refused.status());
    assertEquals(5, refused.errorCode());
    assertEquals("t", refused.transactionId());
    assertEquals(403, post(tracker, "127.0.0.2", Message.statReport("d", "t")).status());
    assertTrue(post(tracker, "127.0.0.3", join("d")).isSuccess(), "elsewhere there is room");
    Message more = Message.connect("a", "t2").joinAsLeech("s2").leave("s");
    assertTrue(post(tracker, "127.0.0.2", more).isSuccess(), "registered peers go on");

    Message leave = Message.connect("b", "t2").leave("s");
    assertTrue(post(tracker, "127.0.0.2", leave).isSuccess());
    assertTrue(post(tracker, "127.0.0.2", join("e")).isSuccess(), "b made room");
    assertEquals(503, post(tracker, "127.0.0.2", join("f")).status());
    Await.until(
        "room after the others expired",
        SOON,
        () -> post(tracker, "127.0.0.2", join("g")).isSuccess());
    assertTrue(hits(tracker, "peers-per-address") >= 2);
  }

  /** With 1,068 of these CONNECTs one address once made 961,200 swarms. */
  @Test
  void oneAddressJoinsSoManySwarmsAndNoMore() throws Exception {
    TrackerProcess tracker = tracker("limits.body=256KiB");
    int made = 0;
    Reply last = null;
    for (int i = 0; i < 30 && (last == null || last.isSuccess()); i++) {
      Message many = Message.connect("p" + i, "t");
      for (int swarm = 0; swarm < 900; swarm++) {
        many.joinAsSeeder("s" + i + "-" + swarm);
      }
      last = post(tracker, "127.0.0.2", many);
      made += last.isSuccess() ? 900 : 0;
    }
    assertEquals(503, Objects.requireNonNull(last).status());
    assertEquals(9900, made, "within limits.peers-per-address");
    assertEquals(9900, tracker.management().held().members());
    Message more = Message.connect("p0", "t2").joinAsLeech("s0-x").leave("s0-0");
    assertTrue(post(tracker, "127.0.0.2", more).isSuccess(), "who is there may switch");
    assertTrue(post(tracker, "127.0.0.3", join("q")).isSuccess(), "elsewhere there is room");
  }

  @Test
  void newPeersOfOneAddressComeOneByOne() throws Exception {
    TrackerProcess tracker =
        tracker(
            "limits.peers-per-address=0",
            "limits.rate.registrations=1",
            "limits.rate.registrations-burst=2");
    assertTrue(post(tracker, "127.0.0.2", join("a")).isSuccess());
    assertTrue(post(tracker, "127.0.0.2", join("b")).isSuccess());
    Reply refused = firstRefusal(i -> post(tracker, "127.0.0.2", join("more-" + i)));
    assertEquals(5, refused.errorCode());
    for (int i = 0; i < 20; i++) {
      Message again = Message.connect("a", "t" + i).joinAsLeech("s");
      assertTrue(post(tracker, "127.0.0.2", again).isSuccess(), "a is registered");
    }
    Await.until("leave for another", SOON, () -> post(tracker, "127.0.0.2", join("c")).isSuccess());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-forwarded-for | X-Forwarded-For: 1.1.1.1, 192.0.2.7 | X-Forwarded-For: 192.0.2.8",
        "forwarded | Forwarded: for=1.1.1.1, for=192.0.2.7 | Forwarded: for=192.0.2.8"
      })
  void behindAProxyTheClientIsWhomTheProxyNames(String header, String one, String other)
      throws Exception {
    TrackerProcess tracker =
        tracker(
            "limits.exempt=127.0.0.0/8",
            "proxy.header=" + header,
            "proxy.trusted=127.0.0.9",
            "limits.rate.requests=1",
            "limits.rate.requests-burst=3");
    Reply reply = post(tracker, "127.0.0.9", join("a"), one);
    assertEquals("192.0.2.7", reflexive(reply));
    assertEquals("127.0.0.2", reflexive(post(tracker, "127.0.0.2", join("b"), one)), "a stranger");

    int refused = 0;
    for (int i = 0; i < MANY; i++) {
      refused +=
          post(tracker, "127.0.0.9", Message.statReport("a", "t"), one).status() == 503 ? 1 : 0;
    }
    assertTrue(refused >= MANY / 2, "limits are the client's");
    assertTrue(post(tracker, "127.0.0.9", join("c"), other).isSuccess());
    refused = 0;
    for (int i = 0; i < MANY; i++) {
      String forged = one.replaceAll(": .*", ": \u00ff\"for=127.0.0.1;;,[::" + i);
      Reply answer = post(tracker, "127.0.0.9", Message.statReport("a", "t"), forged);
      refused += answer.status() == 503 ? 1 : 0;
    }
    assertTrue(refused >= MANY / 2, "forgeries are the proxy's, which is not exempt");
    for (int i = 0; i < 20; i++) {
      assertEquals(200, post(tracker, "127.0.0.1", join("d"), one).status(), "exempt");
    }
  }

  private static String reflexive(Reply reply) {
    assertTrue(reply.isSuccess(), reply::text);
    return reply.message().path("peer_addr").path("ip_address").path("address").asText();
  }

  @Test
  void theProxyProtocolIsForTrustedProxiesOnly() throws Exception {
    TrackerProcess tracker =
        tracker(
            "proxy.header=proxy-protocol",
            "proxy.trusted=127.0.0.9",
            "limits.connections.per-address=2",
            "limits.connections.first-request=3s",
            "http.request-deadline=3s");
    byte[] body = join("a").bytes();
    try (RawConnection connection = RawConnection.from("127.0.0.9", tracker.http())) {
      connection.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\n");
      connection.post(body);
      assertEquals("192.0.2.7", reflexive(connection.receive()));
    }
    try (RawConnection connection = RawConnection.from("127.0.0.9", tracker.http())) {
      connection.send(version2(new byte[] {(byte) 198, 51, 100, 7}));
      connection.post(join("b").bytes());
      assertEquals("198.51.100.7", reflexive(connection.receive()));
    }
    try (RawConnection stranger = RawConnection.from("127.0.0.2", tracker.http())) {
      assertTrue(stranger.isClosedWithin(SOON));
    }
    for (String beginning :
        List.of(
            "POST / HTTP/1.1\r\nHost: t\r\n\r\n",
            "PROXY TCP4 garbage\r\n",
            "PROXY TCP4 999.1.1.1 1.1.1.1 1 1\r\n",
            "PRO")) {
      try (RawConnection connection = RawConnection.from("127.0.0.9", tracker.http())) {
        connection.send(beginning);
        assertTrue(connection.isClosedWithin(SOON), beginning);
      }
    }
    List<RawConnection> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      RawConnection connection = RawConnection.from("127.0.0.9", tracker.http());
      connection.send("PROXY TCP4 192.0.2.9 192.0.2.1 " + (100 + i) + " 80\r\n");
      open.add(connection);
      Duration patience = i == 2 ? SOON : Duration.ofMillis(200);
      assertEquals(i == 2, connection.isClosedWithin(patience), "the third is over");
    }
    for (RawConnection connection : open) {
      connection.close();
    }
    assertEquals(1, hits(tracker, "untrusted-proxy"));
    assertEquals(1, hits(tracker, "connections-per-address"));
  }

  /** Version 2 of the PROXY protocol's header, for TCP over IPv4. */
  private static byte[] version2(byte[] source) {
    byte[] header = new byte[28];
    byte[] signature = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);
    System.arraycopy(signature, 0, header, 0, signature.length);
    header[12] = 0x21;
    header[13] = 0x11;
    header[15] = 12;
    System.arraycopy(source, 0, header, 16, 4);
    header[20] = 127;
    header[25] = 99;
    return header;
  }

  @Test
  void loopbackIsExemptByDefault() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("limits.rate.requests", 1)
            .set("limits.rate.requests-burst", 1)
            .set("limits.peers-per-address", 1)
            .start()) {
      try (RawConnection connection = RawConnection.to(tracker.http())) {
        for (int i = 0; i < 50; i++) {
          connection.post(join("p" + i).bytes());
          assertEquals(200, connection.receive().status());
        }
      }
      assertEquals(50, tracker.management().held().peers());
    }
  }
}
