package io.ppstp.tracker.it;

import static io.ppstp.tracker.testing.Browser.announce;
import static io.ppstp.tracker.testing.Browser.answer;
import static io.ppstp.tracker.testing.Browser.twenty;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.ViewerTokens;
import io.ppstp.tracker.webtorrent.protocol.MediaStream;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
    return refusal(() -> Browser.of(tracker.http(), fields));
  }

  private static int refusal(Executable opening) {
    ExecutionException failure = assertThrows(ExecutionException.class, opening);
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

  private static String reason(JsonNode failure, String hash) {
    assertEquals("announce", failure.path("action").asText());
    assertEquals(hash, failure.path("info_hash").asText());
    return failure.path("failure reason").asText();
  }

  @Test
  void aTokenInTheUrlIsForTheChannelsThatItNamesUntilItRunsOut(@TempDir Path folder)
      throws Exception {
    String news = MediaStream.parse("news main BANDWIDTH=800000").infoHash();
    String sports = MediaStream.parse("sports main BANDWIDTH=800000").infoHash();
    String alice = twenty("alice");
    ViewerTokens issuer = ViewerTokens.in(folder);
    Path file = folder.resolve("tracker.yaml");
    String both =
        """
        webtorrent:
          allowed:
            - news main BANDWIDTH=800000
            - sports main BANDWIDTH=800000,CODECS="mp4a.40.2"
        """;
    Files.writeString(file, both);
    String good = issuer.issue("news", Duration.ofMinutes(5));
    try (TrackerProcess tracker =
            issuer
                .acceptedBy(TrackerProcess.onFreePorts())
                .arguments("--config", file.toString())
                .set("reload.interval", "200ms")
                .set("webtorrent.enabled", true)
                .set("webtorrent.token", "path")
                .start();
        Browser viewer = Browser.of(tracker.http(), "/" + good + "/announce", "");
        // The clocks of issuer and tracker may be 30 seconds apart.
        Browser second =
            Browser.of(
                tracker.http(), "/announce/" + issuer.issue("news", Duration.ofSeconds(-25)), "")) {
      second.send(announce(news, twenty("bob"))).takeAnnounced();
      viewer.announceUntil(announce(news, alice), 2);
      assertEquals(
          "the credentials do not cover this swarm",
          reason(viewer.send(announce(sports, alice)).takeFailure(), sports));
      assertEquals(
          "this tracker does not serve this swarm",
          reason(viewer.send(announce(HASH, alice)).takeFailure(), HASH));

      assertEquals(401, refusal(tracker, Map.of()));
      String tampered = good.substring(0, good.length() - 8) + "AAAAAAAA";
      assertEquals(401, refusal(() -> Browser.of(tracker.http(), "/announce/" + tampered, "")));
      assertEquals(401, refusal(() -> Browser.of(tracker.http(), "/announce?token=" + good, "")));

      Await.until(
          "the token has run out",
          SOON,
          () ->
              second
                  .send(announce(news, twenty("bob")))
                  .take("reply", it -> true)
                  .path("failure reason")
                  .asText()
                  .equals("the credentials have expired"));
      Await.until("one is left", SOON, () -> tracker.management().held().peers() == 1);
      assertTrue(second.isOpen());

      Path next = Files.writeString(folder.resolve("next"), both.replace("- news", "- other"));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      Await.until(
          "the new list",
          SOON,
          () -> viewer.send(announce(news, alice)).take("reply", it -> true).has("failure reason"));
      Await.until("nobody is left", SOON, () -> tracker.management().held().peers() == 0);
      for (String line : tracker.log()) {
        assertFalse(line.contains(good.substring(0, 20)) || line.contains("restart"), line);
      }
      assertEquals(List.of(), tracker.errors());
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
