package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no honest peer sends: each is refused cleanly, and the next honest peer is served. */
class HttpDirtIT {
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts().set("addresses.trust", "advertised").start();
  private static final PpstpClient PEER = TRACKER.client();
  private static final Duration SOON = Duration.ofSeconds(5);

  @AfterEach
  void stillServes() throws Exception {
    PEER.post(Message.statReport("nobody", "still")).expect(403, 3);
  }

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  /** Sends bytes and returns all responses until the end of the connection or a silence. */
  private static List<Reply> responsesTo(String bytes) throws IOException {
    List<Reply> replies = new ArrayList<>();
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(bytes);
      while (connection.hasInputWithin(replies.isEmpty() ? SOON : Duration.ofMillis(300))) {
        replies.add(connection.receive());
      }
    } catch (EOFException | SocketException e) {
      // The tracker hung up, which is an answer too.
    }
    return replies;
  }

  private static String post(String headers, String body) {
    return "POST / HTTP/1.1\r\nHost: tracker\r\n" + headers + "\r\n" + body;
  }

  @Test
  void refusesFloodsOfHeaders() throws Exception {
    String one = "X-Long: " + "x".repeat(20_000) + "\r\n";
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      many.append("X-").append(i).append(": y\r\n");
    }
    for (String headers : List.of(one, many.toString())) {
      for (Reply reply : responsesTo(post(headers + "Content-Length: 0\r\n", ""))) {
        assertEquals(431, reply.status());
      }
    }
  }

  @Test
  void refusesTooLongRequestLines() throws Exception {
    for (Reply reply :
        responsesTo("POST /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: tracker\r\n\r\n")) {
      assertEquals(414, reply.status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002\r\n\r\n",
        "HELO tracker\r\n\r\n",
        "POST\r\n\r\n",
        "POST / HTTP/9.9\r\nHost: tracker\r\n\r\n",
        "POST / HTTP/1.1\r\nNo colon\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: tracker\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: tracker\r\nContent-Length: abc\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: tracker\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: tracker\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        "POST / HTTP/1.1\r\nHost: tracker\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: tracker\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost : tracker\r\nContent-Length: 2\r\n\r\n{}",
        "POST / HTTP/1.1\r\nHost: tracker\r\nX: a\u0000b\r\nContent-Length: 2\r\n\r\n{}",
        "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003\r\n\r\n",
      })
  void answersBrokenHttpWithAClientErrorOrHangsUp(String bytes) throws Exception {
    for (Reply reply : responsesTo(bytes)) {
      assertTrue(reply.status() >= 400 && reply.status() < 506, reply::toString);
      assertNotEquals(500, reply.status());
    }
  }

  /**
   * A proxy in front that goes by the length sees one request; whoever goes by the chunks sees a
   * second one behind it, which its sender was never asked about (RFC 9112, Section 6.1).
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n",
        "Transfer-Encoding: xchunked\r\nContent-Length: LENGTH\r\n",
        "Transfer-Encoding: chunked, identity\r\nContent-Length: LENGTH\r\n",
        "Transfer-Encoding : chunked\r\nContent-Length: LENGTH\r\n",
        "Content-Length: LENGTH\r\nTransfer-Encoding: identity, chunked\r\n",
      })
  void smugglesNothing(String headers) throws Exception {
    String hidden = Message.connect("smuggled", "s").joinAsLeech("smuggled").json();
    String body = "0\r\n\r\n" + post("Content-Length: " + hidden.length() + "\r\n", hidden);
    List<Reply> replies =
        responsesTo(post(headers.replace("LENGTH", String.valueOf(body.length())), body));
    assertFalse(replies.stream().anyMatch(reply -> reply.status() == 200), replies::toString);
    PEER.post(Message.statReport("smuggled", "s")).expect(403, 3);
  }

  @Test
  void refusesHttp2InClearText() throws Exception {
    byte[] body = Message.statReport("nobody", "h2c").bytes();
    try (RawConnection connection = TRACKER.connection()) {
      connection.post(
          body,
          "Connection: Upgrade, HTTP2-Settings",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAAP__");
      assertEquals("h2c", connection.receive().expect(403, 3).transactionId());
      connection.post(body);
      connection.receive().expect(403, 3);
    }
    for (Reply reply :
        responsesTo("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000")) {
      assertTrue(reply.status() >= 400 && reply.status() != 500, reply::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff", // never in UTF-8
        "\u0080", // a continuation alone
        "\u00c3", // the beginning of a character
        "\u00e2\u0082",
        "\u00c0\u00af", // a slash in two bytes
        "\u00e0\u0080\u00af", // a slash in three
        "\u00ed\u00a0\u0080", // half a surrogate pair
        "\u00ed\u00a0\u0080\u00ed\u00b0\u0080", // a whole one
        "\u00f4\u0090\u0080\u0080", // beyond Unicode
        "\u00f8\u0088\u0080\u0080\u0080",
      })
  void answersWhatIsNotUtf8With01(String bytes) throws Exception {
    for (String place : List.of("PEER", "TRANSACTION", "SWARM", "UNKNOWN")) {
      String message = Message.connect("PEER", "TRANSACTION").joinAsLeech("SWARM").json();
      message = message.replaceFirst("\\{", "{\"UNKNOWN\":\"UNKNOWN\",");
      PEER.post(message.replace(place, "a" + bytes + "b").getBytes(ISO_8859_1)).expect(400, 1);
    }
  }

  @Test
  void carriesAllOfUnicode() throws Exception {
    String id = "pêer-日本-\uD83D\uDE00-\uFFFF";
    Message join = Message.connect(id, id).address("192.0.2.1", 1).joinAsLeech(id);
    Reply reply = PEER.post(join).expectSuccess();
    assertEquals(id, reply.transactionId());
    Reply other = PEER.post(Message.connect("b", "b").joinAsLeech(id)).expectSuccess();
    assertEquals(Set.of(id), other.peers(id));
    PEER.post(Message.connect(id, "end").leave(id)).expectSuccess();
    PEER.post(Message.connect("b", "end").leave(id)).expectSuccess();
  }

  @Test
  void refusesDeepNesting() throws Exception {
    for (int depth : List.of(17, 100, 10_000)) {
      String nested = "[".repeat(depth) + "]".repeat(depth);
      PEER.post(nested.getBytes(UTF_8)).expect(400, 1);
      String inside =
          Message.statReport("p", "deep").json().replaceFirst("\\{", "{\"x\":" + nested + ",");
      PEER.post(inside.getBytes(UTF_8)).expect(413, 1);
      String objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      PEER.post(objects.getBytes(UTF_8)).expect(413, 1);
    }
    String allowed = "[".repeat(10) + "]".repeat(10);
    String message =
        Message.statReport("p", "deep").json().replaceFirst("\\{", "{\"x\":" + allowed + ",");
    PEER.post(message.getBytes(UTF_8)).expect(403, 3);
  }

  @Test
  void refusesTheSameMemberTwice() throws Exception {
    String message = Message.find("p", "t", "s").json();
    for (String member : List.of("\"version\":1", "\"peer_id\":\"p\"", "\"swarm_id\":\"s\"")) {
      PEER.post(message.replace(member, member + "," + member).getBytes(UTF_8)).expect(400, 1);
    }
  }

  @Test
  void refusesOtherEncodingsOfUnicode() throws Exception {
    String message = Message.find("p", "t", "s").json();
    PEER.post(message.getBytes(UTF_16LE)).expect(400, 1);
    PEER.post(message.getBytes(UTF_16BE)).expect(400, 1);
    PEER.post(message.getBytes(UTF_16)).expect(400, 1);
    PEER.post(("\uFEFF" + message).getBytes(UTF_8)).expect(403, 3);
  }
}
