package io.ppstp.tracker.it;

import static io.ppstp.tracker.testing.Browser.announce;
import static io.ppstp.tracker.testing.Browser.answer;
import static io.ppstp.tracker.testing.Browser.twenty;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.RawWebSocket;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers do over WebSockets is bounded and counted, and two peers beside them go on. */
class WebTorrentHostileIT {
  private static final String HASH = twenty("the others' swarm");
  private static final String ALICE = twenty("alice");
  private static final String BOB = twenty("bob");
  private static final String MALLORY = twenty("mallory");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int SOCKETS = 12;
  private static final int OFFERS_PER_SECOND = 10;

  private static TrackerProcess tracker;

  private final List<Browser> browsers = new ArrayList<>();
  private Browser alice;
  private Browser bob;
  private int rounds;

  /** Bounds on HTTP connections that a WebSocket would not survive for long. */
  @BeforeAll
  static void start() {
    tracker =
        TrackerProcess.onFreePorts()
            .set("webtorrent.enabled", true)
            .set("webtorrent.sockets", SOCKETS)
            .set("webtorrent.ping-interval", "1s")
            .set("webtorrent.offers-per-second", OFFERS_PER_SECOND)
            .set("http.idle-timeout", "1s")
            .set("http.request-deadline", "1s")
            .set("limits.connections.first-request", "1s")
            .set("limits.connections.max-age", "1s")
            .start();
  }

  @AfterAll
  static void stop() {
    tracker.close();
    assertEquals(List.of(), tracker.errors());
  }

  @BeforeEach
  void twoPeersMeet() throws Exception {
    alice = browser();
    bob = browser();
    alice.send(announce(HASH, ALICE)).takeAnnounced();
    bob.announceUntil(announce(HASH, BOB), 2);
  }

  @AfterEach
  void theyStillDo() throws Exception {
    twoPeersExchange();
    browsers.forEach(Browser::close);
    Await.until("nobody is left", SOON, () -> tracker.management().held().peers() == 0);
    Await.until("no socket is left", SOON, () -> metric("ppstp_webtorrent_sockets") == 0);
  }

  private void twoPeersExchange() throws Exception {
    String name = "round" + ++rounds;
    bob.send(announce(HASH, BOB, name, 5)).takeAnnounced();
    JsonNode offer =
        alice.take("offer", it -> it.path("offer").path("sdp").asText().contains(name));
    alice.send(answer(offer, ALICE, name));
    bob.take("answer", it -> it.path("answer").path("sdp").asText().equals(name));
  }

  private Browser browser() throws Exception {
    Browser opened = Browser.of(tracker.http());
    browsers.add(opened);
    return opened;
  }

  private static double metric(String series) throws IOException, InterruptedException {
    return tracker.management().metric(series).orElse(0.0);
  }

  private static double dropped(String reason) throws IOException, InterruptedException {
    return metric("ppstp_webtorrent_dropped_total{reason=\"" + reason + "\"}");
  }

  @Test
  void damagedMessagesHarmNobody() throws Exception {
    SplittableRandom random = Seeds.random();
    Browser mallory = browser();
    byte[] good = announce(twenty("m"), MALLORY, "m", 3).toString().getBytes(UTF_8);
    for (int i = 0; i < 500; i++) {
      byte[] bad = good.clone();
      for (int left = random.nextInt(1, 5); left > 0; left--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      mallory.send(bad);
    }
    mallory.send(new String(good, UTF_8).getBytes(UTF_16LE));
    mallory.send(announce(twenty("m"), MALLORY)).takeAnnounced();
    assertTrue(mallory.isOpen());
    assertEquals(List.of(), tracker.errors());
  }

  @Test
  void aFrameOfAMegabyteClosesItsSocketOnly() throws Exception {
    try (RawWebSocket mallory = RawWebSocket.to(tracker.http())) {
      assertTrue(mallory.head().startsWith("HTTP/1.1 101 "), mallory.head());
      assertFalse(mallory.head().contains("deflate"), mallory.head());
      try {
        mallory.frame(RawWebSocket.TEXT, true, new byte[1 << 20]);
      } catch (IOException e) {
        // Closed before it had all.
      }
      assertTrue(mallory.isClosedWithin(SOON));
    }
  }

  @Test
  void piecesWithoutEndCloseTheirSocket() throws Exception {
    for (int length : new int[] {0, 1000}) {
      try (RawWebSocket mallory = RawWebSocket.to(tracker.http())) {
        mallory.frame(RawWebSocket.TEXT, false, "{\"a\":\"".getBytes(UTF_8));
        try {
          for (int i = 0; i < 2000; i++) {
            mallory.frame(RawWebSocket.CONTINUATION, false, "x".repeat(length).getBytes(UTF_8));
          }
        } catch (IOException e) {
          // Closed before it had all.
        }
        assertTrue(mallory.isClosedWithin(SOON));
      }
    }
    Browser honest = browser();
    String message = announce(twenty("m"), MALLORY, "m", 3).toString();
    honest.sendPiece(message.substring(0, 50), false);
    honest.sendPiece(message.substring(50, 60), false);
    honest.sendPiece(message.substring(60), true);
    honest.takeAnnounced();
  }

  @Test
  void aFloodOfPingsClosesItsSocket() throws Exception {
    try (RawWebSocket mallory = RawWebSocket.to(tracker.http())) {
      try {
        for (int i = 0; i < 1000; i++) {
          mallory.frame(RawWebSocket.PING, true, new byte[100]);
        }
      } catch (IOException e) {
        // Closed before it had all.
      }
      assertTrue(mallory.isClosedWithin(SOON));
    }
  }

  @Test
  void whoNeverAnnouncesOrNeverAnswersAPingIsClosed() throws Exception {
    Browser useless = browser();
    try (RawWebSocket mute = RawWebSocket.to(tracker.http());
        RawWebSocket deaf = RawWebSocket.to(tracker.http())) {
      deaf.send(announce(twenty("m"), MALLORY).toString());
      assertTrue(mute.isClosedWithin(SOON));
      assertTrue(deaf.isClosedWithin(SOON));
      useless.closedWith();
    }
    // The bounds of HTTP are shorter than this was, and do not hold for who answers pings.
    assertTrue(alice.isOpen() && bob.isOpen());
  }

  @Test
  void moreSocketsThanThereMayBeAreRefusedInPlainWords() throws Exception {
    List<RawWebSocket> all = new ArrayList<>();
    try {
      for (int i = 0; i < SOCKETS - 2; i++) {
        all.add(RawWebSocket.to(tracker.http()));
        all.get(i).send(announce(twenty("m" + i), MALLORY).toString());
      }
      try (RawWebSocket oneTooMany = RawWebSocket.to(tracker.http())) {
        assertTrue(oneTooMany.head().startsWith("HTTP/1.1 503 "), oneTooMany.head());
        assertTrue(oneTooMany.head().contains("retry-after: 10"), oneTooMany.head());
      }
      assertTrue(metric("ppstp_webtorrent_sockets_refused_total") >= 1);
      all.remove(0).close();
      Await.until(
          "a place is free again",
          SOON,
          () -> {
            try (RawWebSocket next = RawWebSocket.to(tracker.http())) {
              return next.head().startsWith("HTTP/1.1 101 ");
            }
          });
    } finally {
      for (RawWebSocket one : all) {
        one.close();
      }
    }
  }

  @Test
  void onePeerIsNotBuriedInOffers() throws Exception {
    String swarm = twenty("flash crowd");
    alice.send(announce(swarm, ALICE)).takeAnnounced();
    Browser mallory = browser();
    mallory.announceUntil(announce(swarm, MALLORY), 2);
    double before = dropped("rate") + dropped("sender");
    long startNs = System.nanoTime();
    ObjectNode flood = announce(swarm, MALLORY, "flood", 1);
    for (int i = 0; i < 2000; i++) {
      mallory.send(flood).takeAnnounced();
    }
    long offers =
        alice.received().stream()
            .filter(it -> it.has("offer") && it.path("info_hash").asText().equals(swarm))
            .count();
    double seconds = (System.nanoTime() - startNs) / 1e9;
    long most = (long) ((seconds + 2) * OFFERS_PER_SECOND);
    assertTrue(offers > 0 && offers <= most, offers + " offers in " + seconds + " s");
    assertTrue(dropped("rate") + dropped("sender") - before >= 2000 - most);
  }

  @Test
  void whatOneDoesNotReadIsDroppedAndTheOthersGoOn() throws Exception {
    try (TrackerProcess generous =
            TrackerProcess.onFreePorts()
                .set("webtorrent.enabled", true)
                .set("webtorrent.offers-per-second", 1000)
                .start();
        RawWebSocket deaf = RawWebSocket.to(generous.http());
        Browser sender = Browser.of(generous.http());
        Browser reader = Browser.of(generous.http())) {
      String swarm = twenty("with one who is deaf");
      deaf.send(announce(swarm, MALLORY).toString());
      sender.announceUntil(announce(swarm, ALICE), 2);
      ObjectNode flood = announce(swarm, ALICE);
      ObjectNode offer = flood.withArray("offers").addObject().put("offer_id", twenty("o"));
      offer.putObject("offer").put("type", "offer").put("sdp", "x".repeat(8 << 10));
      String slow = "ppstp_webtorrent_dropped_total{reason=\"slow-socket\"}";
      Await.until(
          "some offers are dropped",
          Duration.ofSeconds(60),
          () -> {
            for (int i = 0; i < 100; i++) {
              sender.send(flood).takeAnnounced();
            }
            return generous.management().metric(slow).orElse(0.0) > 0;
          });
      reader.announceUntil(announce(swarm, BOB), 3);
      Await.until(
          "an offer for who reads",
          SOON,
          () -> {
            sender.send(announce(swarm, ALICE, "still", 5)).takeAnnounced();
            return reader.received().stream().anyMatch(it -> it.has("offer"));
          });
      assertEquals(List.of(), generous.errors());
    }
  }
}
