package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Bodies as they come over a network: in pieces, too long, too slow, or never whole. */
class HttpBodyIT {
  private static final int LIMIT = 4096;
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts()
          .set("limits.body", LIMIT)
          .set("http.request-deadline", "2s")
          .start();
  private static final PpstpClient PEER = TRACKER.client();
  private static final Management MANAGEMENT = TRACKER.management();
  private static final Duration SOON = Duration.ofSeconds(30);

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  private static byte[] unregistered(String transactionId) {
    return Message.statReport("nobody", transactionId).bytes();
  }

  /** Spaces behind a message change nothing but its length. */
  private static byte[] padded(int length) {
    byte[] message = unregistered("padded");
    byte[] body = Arrays.copyOf(message, length);
    Arrays.fill(body, message.length, length, (byte) ' ');
    return body;
  }

  private static String chunk(String piece) {
    return Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n";
  }

  private static void expectNext(RawConnection connection) throws IOException {
    connection.post(unregistered("next"));
    assertEquals("next", connection.receive().expect(403, 3).transactionId());
  }

  @Test
  void readsChunkedBodies() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      String body = Message.connect("chunks", "c").joinAsLeech("c").json();
      StringBuilder bytewise = new StringBuilder();
      body.chars().forEach(c -> bytewise.append(chunk(String.valueOf((char) c))));
      for (String chunks :
          List.of(
              chunk(body) + "0\r\n\r\n",
              bytewise + "0\r\n\r\n",
              chunk(body.substring(0, 7)) + chunk(body.substring(7)) + "0\r\nX-Trailer: x\r\n\r\n",
              chunk(body).replaceFirst("\r\n", ";ext=1\r\n") + "0\r\n\r\n")) {
        connection.send(connection.headWithoutLength("Transfer-Encoding: chunked"));
        connection.send(chunks);
        assertEquals("c", connection.receive().expectSuccess().transactionId());
      }
      expectNext(connection);
    }
  }

  @Test
  void readsBodiesThatArriveByteByByte() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      byte[] body = unregistered("bytes");
      for (byte b : connection.head(body.length).getBytes(US_ASCII)) {
        connection.send(new byte[] {b});
      }
      for (byte b : body) {
        connection.send(new byte[] {b});
      }
      assertEquals("bytes", connection.receive().expect(403, 3).transactionId());
    }
  }

  @Test
  void asksForTheBodyOfAClientThatWaits() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      byte[] body = unregistered("expected");
      connection.send(connection.head(body.length, "Expect: 100-continue"));
      assertEquals(100, connection.receive().status());
      connection.send(body);
      assertEquals("expected", connection.receive().expect(403, 3).transactionId());
      expectNext(connection);
    }
  }

  @Test
  void refusesTooLongABodyBeforeItIsSent() throws Exception {
    try (RawConnection waiting = TRACKER.connection();
        RawConnection eager = TRACKER.connection()) {
      waiting.send(waiting.head(LIMIT + 1, "Expect: 100-continue"));
      waiting.receive().expect(413, 1);
      eager.send(eager.head(LIMIT + 1));
      eager.receive().expect(413, 1);
      eager.send(new byte[LIMIT + 1]);
      expectNext(eager);
    }
  }

  @Test
  void takesABodyOfExactlyTheLimit() throws Exception {
    PEER.post(padded(LIMIT)).expect(403, 3);
    PEER.post(padded(LIMIT + 1)).expect(413, 1);
  }

  @Test
  void refusesChunksBeyondTheLimit() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(connection.headWithoutLength("Transfer-Encoding: chunked"));
      String body = new String(padded(LIMIT), UTF_8);
      connection.send(chunk(body));
      assertFalse(connection.hasInputWithin(Duration.ofMillis(100)), "not yet too long");
      connection.send(chunk("x"));
      connection.receive().expect(413, 1);
      connection.send(chunk(body) + "0\r\n\r\n");
      expectNext(connection);
    }
  }

  @Test
  void cutsTheConnectionOfABodyThatDoesNotEnd() throws Exception {
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(connection.head(1L << 40));
      connection.receive().expect(413, 1);
      byte[] piece = new byte[64 * 1024];
      assertTrue(
          Await.holdsWithin(
              SOON,
              () -> {
                try {
                  connection.send(piece);
                  return false;
                } catch (SocketException e) {
                  return true;
                }
              }));
    }
  }

  @Test
  void answersAnEmptyBodyWith01() throws Exception {
    PEER.post(new byte[0]).expect(400, 1);
    try (RawConnection connection = TRACKER.connection()) {
      connection.send(connection.headWithoutLength());
      connection.receive().expect(400, 1);
      connection.send(connection.headWithoutLength("Transfer-Encoding: chunked") + "0\r\n\r\n");
      connection.receive().expect(400, 1);
      expectNext(connection);
    }
  }

  @Test
  void givesUpBodiesThatAreNotWholeInTime() throws Exception {
    try (RawConnection silent = TRACKER.connection();
        RawConnection dripping = TRACKER.connection();
        RawConnection chunked = TRACKER.connection()) {
      long start = System.nanoTime();
      silent.send(silent.head(100) + "{");
      chunked.send(chunked.headWithoutLength("Transfer-Encoding: chunked") + "5\r\nhel");
      dripping.send(dripping.head(1000));
      int sent = 0;
      while (!dripping.hasInputWithin(Duration.ofMillis(50))) {
        dripping.send(" ");
        sent++;
        assertTrue(sent < 400, "a deadline is not reset by each byte");
      }
      for (RawConnection connection : List.of(dripping, silent, chunked)) {
        connection.receive().expect(408, 1);
        assertTrue(connection.isClosedWithin(SOON));
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(taken.toMillis() >= 1900 && taken.toSeconds() < 30, taken::toString);
    }
    PEER.post(unregistered("on")).expect(403, 3);
  }

  @Test
  void goesOnWhenClientsHangUpHalfWay() throws Exception {
    byte[] body = Message.connect("hung", "h").joinAsLeech("hung").bytes();
    for (int i = 0; i < 300; i++) {
      RawConnection connection = TRACKER.connection();
      switch (i % 5) {
        case 0 -> connection.send("POST / HT");
        case 1 -> connection.send(connection.head(body.length) + "{\"PPSP");
        case 2 -> connection.send(connection.headWithoutLength("Transfer-Encoding: chunked") + "5");
        case 3 -> connection.post(body);
        default -> {
          for (int more = 0; more < 5; more++) {
            connection.post(body);
          }
        }
      }
      if (i % 2 == 0) {
        connection.reset();
      } else {
        connection.close();
      }
    }
    PEER.post(unregistered("on")).expect(403, 3);
    Await.until(
        "nothing in flight",
        SOON,
        () -> MANAGEMENT.metric("ppstp_in_flight").equals(Optional.of(0.0)));
    PEER.post(Message.connect("hung", "end").leave("hung")).expectSuccess();
  }

  @Test
  void answersThousandsThatComeAtOnceOnManyConnections() throws Exception {
    RawConnection[] connections = new RawConnection[100];
    for (int i = 0; i < connections.length; i++) {
      connections[i] = TRACKER.connection();
      for (int j = 0; j < 20; j++) {
        connections[i].post(unregistered(i + "." + j));
      }
    }
    for (int i = 0; i < connections.length; i++) {
      for (int j = 0; j < 20; j++) {
        Reply reply = connections[i].receive();
        assertEquals(i + "." + j, reply.expect(403, 3).transactionId());
      }
      connections[i].close();
    }
  }
}
