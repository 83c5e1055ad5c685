package io.ppstp.tracker.it;

import static io.ppstp.tracker.testing.Browser.announce;
import static io.ppstp.tracker.testing.Browser.answer;
import static io.ppstp.tracker.testing.Browser.twenty;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.TrackerProcess;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which browsers are served, over what, and how much each may have. */
class WebTorrentAccessIT {
  private static final String HASH = twenty("an open swarm");
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aPageOfHttpsMeetsOneOfHttp() throws Exception {
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts()
                .set("webtorrent.enabled", true)
                .set("https.enabled", true)
                .set("https.self-signed", true)
                .set("https.port", 0)
                .start();
        Browser secure = Browser.of(tracker.https());
        Browser plain = Browser.of(tracker.http())) {
      secure.send(announce(HASH, twenty("alice"))).takeAnnounced();
      plain.announceUntil(announce(HASH, twenty("bob"), "bob", 1), 2);
      plain.send(announce(HASH, twenty("bob"), "bob", 1)).takeAnnounced();
      secure.send(answer(secure.takeOffer(), twenty("alice"), "over TLS"));
      assertEquals("over TLS", plain.takeAnswer().path("answer").path("sdp").asText());
      secure.hangUp();
      plain.announceUntil(announce(HASH, twenty("bob")), 1);
      assertEquals(List.of(), tracker.errors());
    }
  }

  /** Returns the status with which a WebSocket is refused. */
  private static int refusal(TrackerProcess tracker, Map<String, String> fields) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> Browser.of(tracker.http(), fields));
    return assertInstanceOf(WebSocketHandshakeException.class, failure.getCause())
        .getResponse()
        .statusCode();
  }

  @Test
  void whereCredentialsAreNeededASocketWithoutThemIsOfNoUse(@TempDir Path folder) throws Exception {
    Path accounts = Files.writeString(folder.resolve("accounts"), "");
    String closed = twenty("a closed swarm");
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts()
                .set("webtorrent.enabled", true)
                .set("auth.digest.accounts", accounts)
                .set("auth.required", false)
                .set("auth.swarms", "wt:6120636c6f736564*")
                .start();
        Browser browser = Browser.of(tracker.http())) {
      assertEquals(
          "this swarm needs credentials",
          browser
              .send(announce(closed, twenty("alice")))
              .takeFailure()
              .path("failure reason")
              .asText());
      browser.send(announce(HASH, twenty("alice"))).takeAnnounced();
      Await.until("one member", SOON, () -> tracker.management().held().equals(new Held(1, 1, 1)));
    }
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("webtorrent.enabled", true)
            .set("auth.digest.accounts", accounts)
            .set("auth.required", true)
            .start()) {
      assertEquals(401, refusal(tracker, Map.of()));
      assertEquals(0, tracker.management().metric("ppstp_webtorrent_sockets").orElse(-1.0));
    }
  }

  @Test
  void oneClientHasSoManyPeersAndSocketsAlsoThroughAProxy() throws Exception {
    Map<String, String> client = Map.of("X-Forwarded-For", "192.0.2.7");
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts()
                .set("webtorrent.enabled", true)
                .set("proxy.header", "x-forwarded-for")
                .set("proxy.trusted", "127.0.0.1")
                .set("limits.peers-per-address", 2)
                .set("limits.connections.per-address", 3)
                .start();
        Browser one = Browser.of(tracker.http(), client);
        Browser two = Browser.of(tracker.http(), client);
        Browser other = Browser.of(tracker.http(), Map.of("X-Forwarded-For", "192.0.2.8"))) {
      one.send(announce(HASH, twenty("1"))).takeAnnounced();
      one.send(announce(HASH, twenty("2"))).takeAnnounced();
      assertEquals(
          "too many peers from your address",
          two.send(announce(HASH, twenty("3"))).takeFailure().path("failure reason").asText());
      other.send(announce(HASH, twenty("3"))).takeAnnounced();
      one.send(announce(HASH, twenty("2")).put("event", "stopped")).takeAnnounced();
      two.send(announce(HASH, twenty("3"))).takeAnnounced();

      Browser third = Browser.of(tracker.http(), client);
      assertEquals(503, refusal(tracker, client));
      third.close();
      Await.until(
          "a place is free again",
          SOON,
          () -> {
            try (Browser next = Browser.of(tracker.http(), client)) {
              return next.isOpen();
            } catch (ExecutionException e) {
              return false;
            }
          });
      assertTrue(one.isOpen() && two.isOpen());
      assertEquals(List.of(), tracker.errors());
    }
  }

  @Test
  void withoutTheSettingThereAreNone() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      assertEquals(405, refusal(tracker, Map.of()));
      assertTrue(tracker.management().status().path("webtorrent").isMissingNode());
    }
  }
}
