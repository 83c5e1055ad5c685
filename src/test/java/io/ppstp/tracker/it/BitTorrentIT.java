package io.ppstp.tracker.it;

import static io.ppstp.tracker.testing.AnnounceClient.query;
import static io.ppstp.tracker.testing.Browser.announce;
import static io.ppstp.tracker.testing.Browser.twenty;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.AnnounceClient;
import io.ppstp.tracker.testing.AnnounceClient.Answer;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Bencode;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.ViewerTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BitTorrent clients at one node that runs from the jar, some of them behind a proxy. */
class BitTorrentIT {
  private static final String HASH = twenty("film");
  private static final String ALICE = twenty("-AB0001-alice");
  private static final String BOB = twenty("-AB0001-bob");
  private static final String SWARM_ID = "bt:66696c6d" + "2e".repeat(16);
  private static final Duration SOON = Duration.ofSeconds(10);

  private static TrackerProcess tracker;

  private AnnounceClient client;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Path accounts = Files.writeString(folder.resolve("accounts"), "");
    tracker =
        TrackerProcess.onFreePorts()
            .set("bittorrent.enabled", true)
            .set("webtorrent.enabled", true)
            .set("proxy.header", "x-forwarded-for")
            .set("proxy.trusted", "127.0.0.1")
            .set("addresses.private", "anyone")
            .set("limits.peers-per-address", 200)
            .set("limits.rate.requests", 1)
            .set("limits.rate.requests-burst", 410)
            .set("auth.swarms", "bt:636c6f736564*")
            .set("auth.digest.accounts", accounts)
            .set("auth.required", false)
            .start();
  }

  @AfterAll
  static void stop() {
    tracker.close();
    assertEquals(List.of(), tracker.errors());
  }

  @BeforeEach
  void open() throws Exception {
    client = new AnnounceClient(tracker.http());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
  }

  private static String from(String ip) {
    return "X-Forwarded-For: " + ip;
  }

  private Answer announced(String ip, String query) throws Exception {
    return client.get("/announce?" + query, from(ip));
  }

  @Test
  void clientsFindEachOtherOverOneConnectionOrMany() throws Exception {
    Answer first = announced("192.0.2.1", query(HASH, ALICE, 0x4141) + "&left=1&event=started");
    assertEquals(200, first.status());
    assertTrue(first.head().contains("\r\ncontent-type: text/plain\r\n"), first::head);
    assertEquals("", first.dictionary().get("peers"));

    Answer second = announced("2001:db8::1", query(HASH, BOB, 0x4242) + "&left=0");
    assertEquals("\u00c0\0\u0002\u0001AA", second.dictionary().get("peers"));
    assertEquals(1L, second.dictionary().get("complete"));
    assertEquals(1L, second.dictionary().get("incomplete"));
    Answer again = announced("192.0.2.1", query(HASH, ALICE, 0x4141) + "&left=1");
    assertEquals(" \u0001\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001BB", again.dictionary().get("peers6"));

    Answer scraped = client.get("/scrape?info_hash=" + HASH, from("192.0.2.9"));
    assertEquals(
        Map.of(HASH, Map.of("complete", 1L, "downloaded", 0L, "incomplete", 1L)),
        scraped.dictionary().get("files"));
    assertEquals(2, tracker.management().held().peers());
    assertTrue(tracker.management().status().path("bittorrent").path("announces").asInt() >= 3);
    assertTrue(
        tracker
                .management()
                .metric("ppstp_bittorrent_requests_total{kind=\"scrapes\"}")
                .orElse(-1.0)
            >= 1);

    // Nobody else may speak of them, by whatever protocol.
    tracker.client().post(Message.connect("p", "1").joinAsSeeder(SWARM_ID)).expect(403, 3);
    tracker.client().post(Message.find("p", "2", SWARM_ID)).expect(403, 3);
    announced("192.0.2.66", query(HASH, ALICE, 1) + "&event=stopped");
    assertEquals(2, tracker.management().held().peers());

    announced("192.0.2.1", query(HASH, ALICE, 0x4141) + "&event=stopped");
    announced("2001:db8::1", query(HASH, BOB, 0x4242) + "&event=stopped");
    assertEquals(new Held(0, 0, 0), tracker.management().held());
  }

  @Test
  void browsersOnTheSamePathAreServedBeside() throws Exception {
    try (Browser browser = Browser.of(tracker.http())) {
      browser.send(announce(HASH, twenty("browser"))).takeAnnounced();
      Answer answer = announced("192.0.2.1", query(HASH, ALICE, 1000));
      assertEquals("", answer.dictionary().get("peers"));
      assertEquals(1L, answer.dictionary().get("incomplete"));
      announced("192.0.2.1", query(HASH, ALICE, 1000) + "&event=stopped");
    }
    Await.until("nobody is left", SOON, () -> tracker.management().held().peers() == 0);
  }

  @Test
  void hostileRequestsAreRefusedAndTheConnectionGoesOn() throws Exception {
    String good = query(HASH, ALICE, 1000);
    for (String hostile :
        List.of(
            "",
            "info_hash=%",
            good.replace("film", "fil%"),
            good.replace("film", "fil%zz"),
            good.replace("film", "filmfilm"),
            good.replace("film", "fi"),
            good + "&info_hash=" + HASH,
            good + "&peer_id=" + BOB,
            good + "&port=1",
            good.replace("1000", "65536"),
            good.replace("1000", "-1"),
            good.replace("1000", "9".repeat(400)),
            good + "&numwant=" + "9".repeat(400),
            good + "&left=0x",
            good + "&left=1&left=0",
            "a".repeat(2000))) {
      Answer answer = announced("192.0.2.1", hostile);
      assertEquals(200, answer.status(), hostile);
      assertNotEquals("", answer.failure(), hostile);
      assertEquals(1, answer.dictionary().size(), hostile);
    }
    for (String hostile : List.of("", "info_hash=a", "x=y", "info_hash=" + HASH + "%")) {
      assertNotEquals("", client.get("/scrape?" + hostile, from("192.0.2.1")).failure(), hostile);
    }
    assertNotEquals("", client.get("/scrape", from("192.0.2.1")).failure());
    assertEquals(0, tracker.management().held().peers());

    // Forged addresses and numbers that mean nothing.
    String forged = good + "&ip=203.0.113.1&ipv4=203.0.113.1:80&left=-1&uploaded=-1&downloaded=x";
    assertEquals("", announced("192.0.2.1", forged).failure());
    assertEquals(
        "\u00c0\0\u0002\u0001\u0003\u00e8",
        announced("192.0.2.2", query(HASH, BOB, 0)).dictionary().get("peers"));
    announced("192.0.2.1", good + "&event=stopped");
    announced("192.0.2.2", query(HASH, BOB, 0) + "&event=stopped");
  }

  @Test
  void whatIsNoAnnounceIsAnsweredAsEver() throws Exception {
    try (AnnounceClient other = new AnnounceClient(tracker.http())) {
      assertEquals(405, other.get("/announces", from("192.0.2.1")).status());
      assertEquals(405, other.get("/announce/", from("192.0.2.1")).status());
      other.send("POST", "/announce", from("192.0.2.1"), "Content-Length: 0");
      Answer posted = other.receive();
      assertEquals(400, posted.status());
      assertTrue(posted.body().startsWith("{\"PPSPTrackerProtocol\""), posted::body);
    }
    // A page cannot let its visitors announce themselves.
    try (AnnounceClient page = new AnnounceClient(tracker.http())) {
      String target = "/announce?" + query(HASH, ALICE, 1);
      String origin = "Origin: https://evil.example";
      assertEquals("not from this page", page.get(target, from("192.0.2.1"), origin).failure());
      assertEquals(
          "not from this page",
          page.get(target, from("192.0.2.1"), "Sec-Fetch-Site: cross-site").failure());
      // A body means nothing, and is read so that the next request is found.
      page.send("GET", target, from("192.0.2.1"), "Content-Length: 3");
      page.sendRaw("abc");
      assertEquals("", page.receive().failure());
      assertEquals("", page.get(target + "&event=stopped", from("192.0.2.1")).failure());
    }
    assertEquals(0, tracker.management().held().peers());
  }

  @Test
  void aClientGetsAsManyPeersAndRequestsAsOthersDo() throws Exception {
    String ip = "198.51.100.7";
    for (int i = 0; i < 200; i++) {
      String id = twenty("-AB0001-" + i);
      assertEquals("", announced(ip, query(HASH, id, 1001 + i) + "&left=1").failure());
    }
    assertEquals("too many peers from your address", announced(ip, query(HASH, BOB, 1)).failure());
    Set<String> listed = new HashSet<>();
    Answer most = announced("198.51.100.8", query(HASH, BOB, 1) + "&numwant=2147483648");
    String peers = Bencode.text(most.dictionary(), "peers");
    for (int i = 0; i < peers.length(); i += 6) {
      listed.add(peers.substring(i, i + 6));
    }
    assertEquals(50, listed.size());
    for (int i = 0; i < 200; i++) {
      String id = twenty("-AB0001-" + i);
      announced(ip, query(HASH, id, 1001 + i) + "&event=stopped");
    }
    announced("198.51.100.8", query(HASH, BOB, 1) + "&event=stopped");
    assertEquals(0, tracker.management().held().peers());

    Answer last = announced(ip, query(HASH, ALICE, 1));
    for (int i = 0; i < 60 && last.failure().isEmpty(); i++) {
      last = announced(ip, query(HASH, ALICE, 1) + "&event=stopped");
    }
    assertEquals(200, last.status());
    assertEquals("too many requests", last.failure());
    assertEquals(1L, last.dictionary().get("retry in"));
    assertEquals("", announced("198.51.100.8", query(HASH, ALICE, 1)).failure());
    announced("198.51.100.8", query(HASH, ALICE, 1) + "&event=stopped");
  }

  /** Returns why a client that asks for {@code target} is refused, empty if it is not. */
  private static String refusal(TrackerProcess by, String target, String... fields)
      throws Exception {
    try (AnnounceClient client = new AnnounceClient(by.http())) {
      Answer answer = client.get(target, fields);
      assertEquals(200, answer.status(), target);
      return answer.failure();
    }
  }

  @Test
  void aKeyInTheUrlIsForTheSwarmsThatItNames(@TempDir Path folder) throws Exception {
    ViewerTokens issuer = ViewerTokens.in(folder);
    String key = issuer.issue(SWARM_ID, Duration.ofMinutes(5));
    String late = issuer.issue(SWARM_ID, Duration.ofMinutes(-5));
    String film = query(HASH, ALICE, 1);
    try (TrackerProcess closed =
        issuer
            .acceptedBy(TrackerProcess.onFreePorts())
            .set("bittorrent.enabled", true)
            .set("bittorrent.token", "path")
            .set("bittorrent.allowed", SWARM_ID.substring(3) + "," + "00".repeat(20))
            .set("auth.required", true)
            .start()) {
      assertEquals("", refusal(closed, "/" + key + "/announce?" + film));
      assertEquals("", refusal(closed, "/announce/" + key + "?" + film));
      assertEquals("", refusal(closed, "/" + key + "/scrape?info_hash=" + HASH));
      assertEquals(new Held(1, 1, 1), closed.management().held());

      String none = "the credentials are missing or not good";
      assertEquals(none, refusal(closed, "/announce?" + film));
      assertEquals(none, refusal(closed, "/scrape?info_hash=" + HASH));
      assertEquals(none, refusal(closed, "/announce?token=" + key + "&" + film));
      assertEquals(none, refusal(closed, "/" + late + "/announce?" + film));
      assertEquals(none, refusal(closed, "/" + key.substring(9) + "/announce?" + film));
      // Of a key in the URL and one in the field it is not known which is meant.
      assertEquals(
          none, refusal(closed, "/" + key + "/announce?" + film, "Authorization: Bearer " + key));
      assertEquals(
          "the credentials do not cover this swarm",
          refusal(closed, "/" + key + "/announce?" + film.replace(HASH, "%00".repeat(20))));
      assertEquals(
          "this tracker does not serve this swarm",
          refusal(closed, "/" + key + "/announce?" + film.replace(HASH, "%01".repeat(20))));
      assertEquals(new Held(1, 1, 1), closed.management().held());
      for (String line : closed.log()) {
        assertFalse(line.contains(key.substring(0, 20)) || line.contains(late), line);
      }
      assertEquals(List.of(), closed.errors());
    }
  }

  @Test
  void aClosedSwarmIsClosedToThem() throws Exception {
    String closed = twenty("closed");
    assertEquals(
        "this swarm needs credentials", announced("192.0.2.1", query(closed, ALICE, 1)).failure());
    assertEquals(
        "this swarm needs credentials",
        client.get("/scrape?info_hash=" + closed, from("192.0.2.1")).failure());
  }
}
