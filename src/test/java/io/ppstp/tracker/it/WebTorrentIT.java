package io.ppstp.tracker.it;

import static io.ppstp.tracker.testing.Browser.announce;
import static io.ppstp.tracker.testing.Browser.answer;
import static io.ppstp.tracker.testing.Browser.twenty;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Browsers at one node that runs from the jar. */
class WebTorrentIT {
  private static final String HASH = "\u0000\u0001\n\"\\\u007f\u0080\u00ffabcdefghijkl";
  private static final String ALICE = twenty("-PM0203-alice");
  private static final String BOB = twenty("-PM0203-bob");
  private static final Duration SOON = Duration.ofSeconds(10);

  private static TrackerProcess tracker;

  private final List<Browser> browsers = new ArrayList<>();

  @BeforeAll
  static void start() {
    tracker =
        TrackerProcess.onFreePorts()
            .set("webtorrent.enabled", true)
            .set("webtorrent.origins", "https://player.example")
            .start();
  }

  @AfterAll
  static void stop() {
    tracker.close();
    assertEquals(List.of(), tracker.errors());
  }

  @AfterEach
  void everybodyGoes() throws Exception {
    browsers.forEach(Browser::close);
    Await.until("nobody is left", SOON, () -> tracker.management().held().peers() == 0);
  }

  private Browser browser() throws Exception {
    Browser opened = Browser.of(tracker.http());
    browsers.add(opened);
    return opened;
  }

  @Test
  void twoPeersExchangeAnOfferAndItsAnswer() throws Exception {
    Browser alice = browser();
    Browser bob = browser();
    JsonNode first = alice.send(announce(HASH, ALICE, "alice", 2)).takeAnnounced();
    assertEquals(HASH, first.path("info_hash").asText());
    assertTrue(first.path("interval").asInt() >= 108 && first.path("interval").asInt() <= 132);

    JsonNode numbers = bob.announceUntil(announce(HASH, BOB, "bob", 2), 2);
    assertEquals(0, numbers.path("complete").asInt());
    JsonNode offer = alice.takeOffer();
    assertEquals(HASH, offer.path("info_hash").asText());
    assertEquals(BOB, offer.path("peer_id").asText());
    assertEquals(
        Json.object().put("type", "offer").put("sdp", "sdp of bob 0"), offer.path("offer"));
    assertNotEquals(twenty("bob-offer-0"), offer.path("offer_id").asText());
    assertEquals(20, offer.path("offer_id").asText().length());

    alice.send(answer(offer, ALICE, "yes"));
    JsonNode answer = bob.takeAnswer();
    assertEquals(HASH, answer.path("info_hash").asText());
    assertEquals(ALICE, answer.path("peer_id").asText());
    assertEquals(twenty("bob-offer-0"), answer.path("offer_id").asText());
    assertEquals(Json.object().put("type", "answer").put("sdp", "yes"), answer.path("answer"));

    // An answer counts once, and one that was made up not at all.
    alice.send(answer(offer, ALICE, "again"));
    alice.send(
        answer(
            Json.object()
                .put("info_hash", HASH)
                .put("offer_id", "x".repeat(20))
                .put("peer_id", BOB),
            ALICE,
            "made up"));
    String token = offer.path("offer_id").asText();
    String forged = token.substring(0, 19) + (char) (token.charAt(19) ^ 1);
    alice.send(
        answer(
            Json.object().put("info_hash", HASH).put("offer_id", forged).put("peer_id", BOB),
            ALICE,
            "forged"));
    awaitDropped("late", 1);
    awaitDropped("foreign", 1);
    awaitDropped("forged", 1);
    assertEquals(List.of(), bob.received().stream().filter(it -> it.has("answer")).toList());
  }

  private static void awaitDropped(String reason, int atLeast) throws Exception {
    String series = "ppstp_webtorrent_dropped_total{reason=\"" + reason + "\"}";
    Await.until(series, SOON, () -> tracker.management().metric(series).orElse(0.0) >= atLeast);
  }

  @Test
  void onePageUsesOneSocketForSeveralPeersAndSwarms() throws Exception {
    Browser page = browser();
    String audio = twenty("audio");
    page.send(announce(HASH, ALICE, "a", 1)).takeAnnounced();
    page.send(announce(audio, BOB, "b", 1)).takeAnnounced();
    // In one swarm, but over one socket: they do not meet.
    page.announceUntil(announce(HASH, BOB, "c", 5), 2);
    assertTrue(page.received().stream().noneMatch(it -> it.has("offer")));
    Await.until(
        "three memberships", SOON, () -> tracker.management().held().equals(new Held(3, 2, 3)));

    Browser other = browser();
    other.announceUntil(announce(HASH, twenty("carol"), "d", 5), 3);
    Set<String> offered = new HashSet<>();
    offered.add(page.takeOffer().path("offer").path("sdp").asText());
    offered.add(page.takeOffer().path("offer").path("sdp").asText());
    assertEquals(2, offered.size());
    page.close();
    other.announceUntil(announce(HASH, twenty("carol")), 1);
  }

  @Test
  void onePeerIdOverTwoSocketsIsTwoMembersAndDisplacesNobody() throws Exception {
    Browser one = browser();
    Browser two = browser();
    one.send(announce(HASH, ALICE)).takeAnnounced();
    two.announceUntil(announce(HASH, ALICE, "a", 5), 2);
    assertTrue(one.received().stream().noneMatch(it -> it.has("offer")), "not to itself");
    two.close();
    one.announceUntil(announce(HASH, ALICE), 1);
  }

  @Test
  void whoHasAllIsCountedAsSeederAndWhoStopsIsGone() throws Exception {
    Browser alice = browser();
    Browser bob = browser();
    alice.send(announce(HASH, ALICE).put("left", 0)).takeAnnounced();
    bob.announceUntil(announce(HASH, BOB), 2);
    JsonNode scraped =
        bob.send(Json.object().put("action", "scrape").put("info_hash", HASH))
            .take("scrape", it -> it.path("action").asText().equals("scrape"));
    assertEquals(
        Json.object().put("complete", 1).put("incomplete", 1).put("downloaded", 0),
        scraped.path("files").path(HASH));

    bob.send(announce(HASH, BOB).put("event", "completed")).takeAnnounced();
    Await.until(
        "two seeders",
        SOON,
        () -> alice.send(announce(HASH, ALICE)).takeAnnounced().path("complete").asInt() == 2);
    bob.send(announce(HASH, BOB).put("event", "stopped")).takeAnnounced();
    assertEquals(1, alice.announceUntil(announce(HASH, ALICE), 1).path("complete").asInt());
    bob.send(announce(HASH, BOB).put("event", "stopped")).takeAnnounced();
    bob.send(announce(HASH, BOB)).takeAnnounced();
    alice.announceUntil(announce(HASH, ALICE), 2);
  }

  @Test
  void whatIsWrongIsToldAndTheSocketStaysOpen() throws Exception {
    Browser browser = browser();
    JsonNode failure = browser.send("{\"action\":").takeFailure();
    assertEquals("announce", failure.path("action").asText());
    failure = browser.send(announce(HASH, "short")).takeFailure();
    assertEquals(HASH, failure.path("info_hash").asText());
    failure = browser.send(Json.object().put("action", "scrape")).takeFailure();
    assertEquals("scrape", failure.path("action").asText());
    browser.send(announce(HASH, ALICE).toString().getBytes(UTF_8)).takeAnnounced();

    // Somebody who says nothing else is not answered for ever.
    for (int i = 0; i < 50; i++) {
      browser.send("nonsense " + i);
    }
    String unanswered = "ppstp_webtorrent_messages_total{kind=\"unanswered\"}";
    Await.until(
        "some without an answer",
        SOON,
        () -> tracker.management().metric(unanswered).orElse(0.0) >= 30);
    browser.send(announce(HASH, ALICE)).takeAnnounced();
    assertTrue(browser.isOpen());
  }

  @Test
  void onlyPagesThatMayOpenASocketDo() throws Exception {
    browsers.add(Browser.of(tracker.http(), "/", "https://player.example"));
    browsers.add(Browser.of(tracker.http(), "/", "http://" + tracker.http().getAuthority()));
    assertThrows(
        Exception.class, () -> Browser.of(tracker.http(), "/", "https://elsewhere.example"));
    assertThrows(Exception.class, () -> Browser.of(tracker.http(), "/other", ""));
    assertEquals(List.of(), tracker.errors());
  }

  @Test
  void noRequestOfPpstpTouchesWhatBelongsToBrowsers() throws Exception {
    Browser alice = browser();
    alice.send(announce(HASH, ALICE)).takeAnnounced();
    String swarm = "wt:00010a225c7f80ff6162636465666768696a6b6c";
    PpstpClient client = tracker.client();
    client.post(Message.connect("p", "1").joinAsSeeder(swarm)).expect(403, 3);
    client.post(Message.connect("wt:p", "2").joinAsSeeder("s")).expect(403, 3);
    client.post(Message.find("p", "3", swarm)).expect(403, 3);
    client.post(Message.statReport("p", "4", swarm)).expect(403, 3);
    alice.announceUntil(announce(HASH, ALICE), 1);
    assertFalse(alice.received().stream().anyMatch(it -> it.has("offer")));
  }
}
