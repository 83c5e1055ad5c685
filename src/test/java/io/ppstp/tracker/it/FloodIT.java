package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Http2Frames;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.Vitals;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Floods of one client against the bounds of its connections, while a good peer must go on being
 * served; what they cost is printed. Nobody is exempt here.
 */
class FloodIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** ENHANCE_YOUR_CALM (RFC 9113, Section 7). */
  private static final int CALM = 11;

  private static final int GOOD_REQUESTS = 200;
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts()
          .jvmOption("-Xmx160m")
          .jvmOption("-XX:MaxDirectMemorySize=96m")
          .set("limits.exempt", "")
          .set("limits.unsent.total", "16MiB")
          .set("http.response-deadline", "5s")
          // Nobody here is to be answered 04 because the machine is busy.
          .set("timers.reply", "60s")
          .set("https.enabled", true)
          .set("https.self-signed", true)
          .set("https.port", 0)
          .set("addresses.trust", "advertised")
          // The same peer's list is asked for from many addresses.
          .set("policy.anonymous", "open")
          .start();

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  private static double hits(String limit) throws Exception {
    return TRACKER
        .management()
        .metric("ppstp_limited_total{limit=\"" + limit + "\"}")
        .orElseThrow();
  }

  /**
   * Lets a good peer send requests one by one and returns how long the slowest took but for 1 %.
   */
  private static String goodPeer() throws IOException {
    byte[] body = Message.statReport("good", "r").bytes();
    long[] tookNs = new long[GOOD_REQUESTS];
    try (RawConnection connection = RawConnection.to(TRACKER.http())) {
      for (int i = 0; i < tookNs.length; i++) {
        long startNs = System.nanoTime();
        connection.post(body);
        assertEquals(403, connection.receive().status(), "the good peer is served");
        tookNs[i] = System.nanoTime() - startNs;
      }
    }
    Arrays.sort(tookNs);
    return "good peer: p50 %.2f ms, p99 %.2f ms"
        .formatted(tookNs[GOOD_REQUESTS / 2] / 1e6, tookNs[GOOD_REQUESTS * 99 / 100] / 1e6);
  }

  /**
   * Frames by type: PRIORITY, SETTINGS, its ACK, PING, its ACK, WINDOW_UPDATE, and one of no type.
   */
  @ParameterizedTest
  @CsvSource({"2,0,1,5", "4,0,0,0", "4,1,0,0", "6,0,0,8", "6,1,0,8", "8,0,0,4", "99,0,0,10"})
  void framesWithoutRequests(int type, int flags, int stream, int length) throws Exception {
    double before = hits("http2-control-frames");
    byte[] payload = new byte[length];
    if (length > 0) {
      payload[length - 1] = 3;
    }
    int code;
    int sent = 0;
    try (Http2Frames connection = new Http2Frames(TRACKER.https())) {
      try {
        for (; sent < 200_000; sent++) {
          connection.frame(type, flags, stream, payload);
          if (sent % 50 == 49) {
            connection.flush();
          }
        }
      } catch (IOException e) {
        // Cut off, as it should be.
      }
      code = connection.readGoAway();
    }
    System.out.printf(
        "FloodIT: frames of type %d: cut off after at most %d, GOAWAY %d; %s%n",
        type, sent, code, goodPeer());
    assertTrue(sent < 200_000, "cut off");
    assertEquals(before + 1, hits("http2-control-frames"));
  }

  @Test
  void aClientWithFewOfThemIsToldWhyItIsCutOff() throws Exception {
    try (Http2Frames connection = new Http2Frames(TRACKER.https())) {
      for (int i = 0; i < 600; i++) {
        connection.frame(6, 0, 0, new byte[8]);
      }
      connection.flush();
      assertEquals(CALM, connection.readGoAway());
    }
  }

  /** No client may make the log grow. */
  @Test
  void garbageWhereHttp2WasAgreedOn() throws Exception {
    List<String> before = TRACKER.log();
    for (int i = 0; i < 20; i++) {
      try (SSLSocket socket = Http2Frames.open(TRACKER.https())) {
        socket.getOutputStream().write(("garbage " + i + " ").repeat(20).getBytes(US_ASCII));
        socket.getOutputStream().flush();
        assertTrue(isClosed(socket), "the end");
      }
    }
    assertEquals(before, TRACKER.log());
  }

  /** Reads what is still said, up to the end, which is waited for. */
  private static boolean isClosed(SSLSocket socket) throws IOException {
    socket.setSoTimeout((int) SOON.toMillis());
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void handshakesOfOneClient() throws Exception {
    double before = hits("handshake-rate");
    long startNs = System.nanoTime();
    int done = 0;
    for (int i = 0; i < 600; i++) {
      try (SSLSocket socket = Tls.socket("127.0.5.1", TRACKER.https())) {
        socket.startHandshake();
        done++;
      } catch (IOException e) {
        // Closed before the first byte.
      }
    }
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "FloodIT: 600 connections to HTTPS in %.1f s: %d handshakes; %s%n",
        seconds, done, goodPeer());
    assertTrue(done >= 200 && done <= 200 + 20 * (seconds + 2), "burst and rate");
    assertEquals(before + 600 - done, hits("handshake-rate"), "the others are counted");
  }

  @Test
  void connectionsOfOneClient() throws Exception {
    double before = hits("connection-rate");
    for (int i = 0; i < 3500; i++) {
      try (RawConnection connection = RawConnection.from("127.0.5.2", TRACKER.http())) {
        assertTrue(connection.localPort() > 0);
      } catch (IOException e) {
        // Closed at once.
      }
    }
    Await.until("refusals", SOON, () -> hits("connection-rate") - before >= 100);
    System.out.printf(
        "FloodIT: 3500 connections: %.0f closed at once; %s%n",
        hits("connection-rate") - before, goodPeer());
  }

  /** 20 x 100 requests, answered with some 45 kB each, of which nothing is read. */
  @Test
  void answersThatNobodyReads() throws Exception {
    // Three bytes a character.
    String longest = "\u672c".repeat(250);
    for (int i = 0; i < 30; i++) {
      Message join = Message.connect(longest + i, "j").joinAsLeech("s");
      for (int address = 0; address < 8; address++) {
        join.address("2a00:db8:" + (i + 1) + "::" + (address + 1), 4000);
      }
      TRACKER.client().post(join).expectSuccess();
    }
    byte[] find = Message.find(longest + 0, "f", "s").bytes();
    TRACKER.client().post(find).expectSuccess();
    for (int i = 0; i < 40; i++) {
      // The threads of the cryptography are started one by one.
      Tls.shownBy(TRACKER.https());
    }
    Vitals before = Vitals.of(TRACKER);
    double cutBefore = hits("response-deadline");
    double unsentBefore = hits("unsent-answers");
    List<Http2Frames> attackers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Http2Frames attacker = Http2Frames.from("127.0.6." + (1 + i), TRACKER.https());
      attackers.add(attacker);
      for (int stream = 0; stream < 100; stream++) {
        attacker.post(2 * stream + 1, find);
      }
      attacker.flush();
    }
    Await.until("refusals", SOON, () -> hits("unsent-answers") > unsentBefore);
    Vitals during = Vitals.of(TRACKER);
    String good = goodPeer();
    Await.until(
        "all of them cut off",
        SOON,
        () -> TRACKER.management().metric("ppstp_unsent_bytes").orElseThrow() == 0);
    System.out.printf(
        "FloodIT: answers never read: %.0f refused, %.0f cut off, during it %s; %s%n",
        hits("unsent-answers") - unsentBefore, hits("response-deadline") - cutBefore, during, good);
    assertEquals(0, TRACKER.management().metric("ppstp_in_flight").orElseThrow());
    for (Http2Frames attacker : attackers) {
      attacker.close();
    }
    assertTrue(during.heapBytes() < before.heapBytes() + (48L << 20), during::toString);
    // The pools of cryptography and of metrics grow up to their bound of 20 threads each.
    Await.until(
        "a heap as before",
        SOON,
        () -> {
          Vitals after = Vitals.of(TRACKER);
          return after.heapBytes() < before.heapBytes() + (8L << 20)
              && after.threads() <= before.threads() + 40;
        });
  }
}
