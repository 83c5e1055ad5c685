package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP asks of an origin server, whatever it serves (RFC 9110, RFC 9112). */
class HttpDutiesIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String LINE = "POST / HTTP/1.1\r\n";
  private static final String HOST = "Host: tracker\r\n";
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts()
          .set("http.paths", "/,/video")
          .set("http.allowed-origins", "https://player.example")
          .set("limits.body", "4KiB")
          .start();

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  private static String body() {
    return Message.statReport("nobody", "duty").json();
  }

  /** Sends a POST with this request line and these fields besides its length. */
  private static Reply reply(String line, String fields) throws IOException {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(line + fields + "Content-Length: " + body().length() + "\r\n\r\n" + body());
      Reply reply = connection.receive();
      reply.assertWellFormed();
      return reply;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1",
        "POST /nowhere HTTP/1.1",
        "GET / HTTP/1.1",
        "POST / HTTP/3.0",
        "NONSENSE"
      })
  void everyAnswerHasADate(String line) throws Exception {
    Instant before = Instant.now().minusSeconds(2);
    String date = reply(line + "\r\n", HOST).header("date");
    assertTrue(date.matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT"), date);
    Instant said =
        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ENGLISH))
            .toInstant();
    assertFalse(said.isBefore(before), date);
    assertFalse(said.isAfter(Instant.now()), date);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host:\r\n",
        "Host: a\r\nHost: b\r\n",
        "Host: tracker\r\nHost: tracker\r\n",
        "Host: a b\r\n",
        "Host: tracker/path\r\n",
        "Host: user@tracker\r\n",
        "Host: tracker:port\r\n",
        "Host: tracker:1234567\r\n",
        "Host: [::1\r\n",
        "Host: ::1\r\n",
      })
  void aRequestNamesOneGoodHost(String fields) throws Exception {
    assertEquals(400, reply(LINE, fields).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracker", "tracker:7846", "127.0.0.1", "[::1]:80", "a-b_c.example."})
  void goodHosts(String host) throws Exception {
    assertEquals(403, reply(LINE, "Host: " + host + "\r\n").status());
    assertEquals(403, reply("POST http://" + host + "/ HTTP/1.1\r\n", HOST).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "tracker:80", "tracker", "ftp://tracker/", "http://", "http:///a"})
  void aTargetIsAPathOrAUrl(String target) throws Exception {
    assertEquals(400, reply("POST " + target + " HTTP/1.1\r\n", HOST).status());
  }

  @Test
  void versionsThatAreNotSpoken() throws Exception {
    assertEquals(403, reply("POST / HTTP/1.2\r\n", HOST).status(), "a later 1.x is 1.1");
    for (String version : List.of("HTTP/2.0", "HTTP/3.1", "HTTP/0.9")) {
      assertEquals(505, reply("POST / " + version + "\r\n", HOST).status(), version);
    }
    try (RawConnection connection = TRACKER.connection()) {
      connection.send("POST / HTTP/2.0\r\n" + HOST + "Content-Length: 0\r\n\r\n");
      assertEquals(505, connection.receive().status());
      assertTrue(connection.isClosedWithin(SOON));
    }
    assertEquals(403, reply("POST / HTTP/1.0\r\n", "").status(), "1.0 has no Host");
  }

  @Test
  void fieldsThatMayStandOnce() throws Exception {
    String json = "Content-Type: application/json\r\n";
    assertEquals(400, reply(LINE, HOST + json + json).status());
    assertEquals(400, reply(LINE, HOST + json + "Content-Type: text/plain\r\n").status());
    String identity = "Content-Encoding: identity\r\n";
    assertEquals(403, reply(LINE, HOST + identity + identity).status());
    assertEquals(415, reply(LINE, HOST + identity + "Content-Encoding: gzip\r\n").status());
    assertEquals(415, reply(LINE, HOST + "Content-Encoding: identity, gzip\r\n").status());
    String waits = "Expect: 100-continue\r\n";
    assertEquals(417, reply(LINE, HOST + waits + "Expect: more\r\n").status());
    String origin = "Origin: https://player.example\r\n";
    assertEquals(403, reply(LINE, HOST + origin + origin).expect(403, 3).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked\r\nTransfer-Encoding: gzip", "gzip", "chunked, chunked", "xyz"})
  void codingsThatAreNotSpoken(String codings) throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(LINE + HOST + "Transfer-Encoding: " + codings + "\r\n\r\n0\r\n\r\n");
      connection.receive().expect(400, 1);
      assertTrue(connection.isClosedWithin(SOON), "nobody knows where the next request begins");
    }
  }

  @Test
  void http10IsNotAskedForItsBody() throws Exception {
    Reply reply = reply("POST / HTTP/1.0\r\n", HOST + "Expect: 100-continue\r\n");
    assertEquals(403, reply.status());
    assertEquals(403, reply("POST / HTTP/1.0\r\n", HOST + "Expect: more\r\n").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /nowhere", "PUT /", "POST /"})
  void whoAwaitsTheGoAheadAndIsRefusedBeginsAnew(String line) throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(
          line + " HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
      Reply reply = connection.receive();
      assertTrue(reply.status() >= 400, reply::toString);
      assertEquals("close", reply.header("connection"));
      assertTrue(connection.isClosedWithin(SOON));
    }
  }

  @Test
  void everyRefusalSaysWhatItIsAboutInPpstp() throws Exception {
    assertEquals("duty", reply("POST /nowhere HTTP/1.1\r\n", HOST).expect(404, 1).transactionId());
    assertEquals("duty", reply("PUT / HTTP/1.1\r\n", HOST).expect(405, 1).transactionId());
    String type = "Content-Type: text/plain\r\n";
    assertEquals("duty", reply(LINE, HOST + type).expect(415, 1).transactionId());
    assertEquals("duty", reply(LINE, "").expect(400, 1).transactionId());
    reply("POST /" + "a".repeat(5000) + " HTTP/1.1\r\n", HOST).expect(414, 1);
    reply(LINE, HOST + "X: " + "a".repeat(9000) + "\r\n").expect(431, 1);
    reply("NONSENSE\r\n", HOST).expect(400, 1);
    reply("POST / HTTP/2.0\r\n", HOST).expect(505, 1);
    reply("POST / HTTP/1.1\r\n", HOST + "X : y\r\n").expect(400, 1);
    reply("POST / HTTP/1.1\r\n", HOST + "Content-Length: x\r\n").expect(400, 1);
    reply("POST / HTTP/1.1\r\n", HOST + "Transfer-Encoding: gzip\r\n").expect(400, 1);
    reply("POST * HTTP/1.1\r\n", HOST).expect(400, 1);
    reply("OPTIONS * HTTP/1.1\r\n", HOST).expect(405, 1);
    reply("CONNECT a:443 HTTP/1.1\r\n", HOST).expect(405, 1);
    reply(LINE, HOST + "Expect: 200-ok\r\n").expect(417, 1);
    try (RawConnection connection = TRACKER.connection()) {
      String large = body() + " ".repeat(5000);
      connection.send(connection.head(large.length()) + large);
      assertEquals("duty", connection.receive().expect(413, 1).transactionId());
      connection.send(connection.headWithoutLength("Transfer-Encoding: chunked"));
      connection.send(Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n");
      assertEquals("duty", connection.receive().expect(413, 1).transactionId());
    }
  }

  @Test
  void webPagesOfOtherOriginsRegisterNobody() throws Exception {
    for (String fields :
        List.of(
            "Origin: https://evil.example\r\n",
            "Origin: null\r\n",
            "Origin: https://tracker.evil.example\r\n",
            "Origin: http://tracker:81\r\n",
            "Sec-Fetch-Site: cross-site\r\n",
            "Sec-Fetch-Site: same-site\r\n",
            "Origin: http://tracker\r\nSec-Fetch-Site: cross-site\r\n")) {
      Reply reply = reply(LINE, HOST + fields).expect(403, 3);
      assertEquals("duty", reply.transactionId(), fields);
    }
    assertEquals(
        7.0,
        TRACKER.management().metric("ppstp_limited_total{limit=\"foreign-origin\"}").orElseThrow());
    String join = Message.connect("visitor", "v").joinAsLeech("s").json();
    for (String fields :
        List.of(
            "",
            "Origin: http://tracker\r\n",
            "Origin: https://Tracker\r\nSec-Fetch-Site: same-origin\r\n",
            "Sec-Fetch-Site: none\r\n",
            "Origin: https://player.example\r\nSec-Fetch-Site: cross-site\r\n")) {
      try (RawConnection connection = TRACKER.connection()) {
        connection.send(
            LINE + HOST + fields + "Content-Length: " + join.length() + "\r\n\r\n" + join);
        connection.receive().expectSuccess();
      }
    }
  }

  /** What a page needs to be a peer: the Fetch Standard's CORS protocol. */
  @Test
  void pagesOfAllowedOriginsMaySendWhatPeersSendAndReadTheAnswer() throws Exception {
    String page = "Origin: https://player.example\r\n";
    String asked = "Access-Control-Request-Method: POST\r\n";
    String asks = asked + "Access-Control-Request-Headers: content-type,ppstp-registration\r\n";
    Reply permit;
    try (RawConnection connection = TRACKER.connection()) {
      connection.send("OPTIONS / HTTP/1.1\r\n" + HOST + page + asks + "\r\n");
      permit = connection.receive();
      // The connection goes on.
      connection.post(body().getBytes(UTF_8), "Origin: https://player.example");
      connection.receive().expect(403, 3);
    }
    assertEquals(204, permit.status(), permit::toString);
    assertEquals("", permit.text());
    assertEquals("https://player.example", permit.header("access-control-allow-origin"));
    assertEquals("POST", permit.header("access-control-allow-methods"));
    assertTrue(permit.header("access-control-allow-headers").contains("ppstp-registration"));
    assertEquals("origin", permit.header("vary"));

    Reply answer = reply(LINE, HOST + page);
    assertEquals("https://player.example", answer.header("access-control-allow-origin"));
    assertTrue(answer.header("access-control-expose-headers").contains("ppstp-registration"));

    for (String other :
        List.of(
            "", "Origin: https://evil.example\r\n", "Origin: http://tracker\r\n", page + page)) {
      Reply refused = reply("OPTIONS / HTTP/1.1\r\n", HOST + other + asks).expect(405, 1);
      assertEquals("", refused.header("access-control-allow-origin"), other);
      assertEquals("", refused.header("access-control-allow-headers"), other);
    }
    reply("OPTIONS / HTTP/1.1\r\n", HOST + page).expect(405, 1);
    assertEquals("", reply(LINE, HOST).header("access-control-allow-origin"));
  }
}
