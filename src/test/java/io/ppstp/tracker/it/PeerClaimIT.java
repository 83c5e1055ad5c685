package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Strangers who act for a peer that they know the ID of, and peers that move. The peer is at
 * 127.0.0.1, others are at other addresses of loopback.
 */
class PeerClaimIT {
  private static final String FIELD = "ppstp-registration";
  private static final String PEER = "127.0.0.1";
  private static final String STRANGER = "127.0.0.2";
  private static final Duration TRACK = Duration.ofSeconds(12);

  private static TrackerProcess.Builder tracker() {
    return TrackerProcess.onFreePorts().set("addresses.private", "anyone");
  }

  private static Reply post(TrackerProcess tracker, String from, Message message, String... headers)
      throws IOException {
    try (RawConnection connection = RawConnection.from(from, tracker.http())) {
      connection.post(message.bytes(), headers);
      return connection.receive();
    }
  }

  private static Message offer(String transaction, String address) {
    return Message.connect("victim", transaction).address(address, 4000).joinAsSeeder("s");
  }

  /** Registers the peer and returns the secret. */
  private static String register(TrackerProcess tracker) throws IOException {
    String secret = post(tracker, PEER, offer("1", PEER)).expectSuccess().header(FIELD);
    assertTrue(secret.matches("[A-Za-z0-9_-]{24}"), secret);
    return secret;
  }

  private static String field(String secret) {
    return "PPSTP-Registration: " + secret;
  }

  /** Returns where a viewer is told that the peer is. */
  private static Set<String> told(TrackerProcess tracker, String viewer) throws IOException {
    Message join = Message.connect(viewer, "1").joinAsLeech("s");
    Set<String> addresses = new TreeSet<>();
    for (JsonNode entry : post(tracker, "127.0.0.9", join).expectSuccess().entries("s")) {
      assertEquals("victim", entry.path("peer_id").textValue());
      addresses.add(entry.path("peer_addr").path("ip_address").path("address").textValue());
    }
    return addresses;
  }

  private static double foreign(TrackerProcess tracker) throws Exception {
    return tracker.management().metric("ppstp_limited_total{limit=\"foreign-peer\"}").orElseThrow();
  }

  @Test
  void aStrangerNeitherRemovesNorDelistsNorReplacesAPeer() throws Exception {
    try (TrackerProcess tracker = tracker().start()) {
      register(tracker);

      for (Message message :
          new Message[] {
            Message.connect("victim", "2").leave("s"),
            Message.find("victim", "3", "s"),
            Message.statReport("victim", "4", "s"),
            Message.statReport("victim", "5"),
            offer("6", STRANGER),
            offer("1", PEER),
            Message.connect("victim", "7").leave("s").joinAsLeech("t")
          }) {
        Reply refused = post(tracker, STRANGER, message, field("A".repeat(24))).expect(403, 3);
        assertEquals("", refused.header(FIELD));
      }

      assertEquals(Set.of(PEER), told(tracker, "viewer"));
      assertEquals(7.0, foreign(tracker));
      assertEquals("", post(tracker, PEER, Message.find("victim", "8", "s")).header(FIELD));
      post(tracker, PEER, Message.connect("victim", "9").leave("s")).expectSuccess();
      assertEquals(Set.of(), told(tracker, "viewer-2"));
      assertTrue(
          tracker.log().stream()
              .anyMatch(line -> line.contains("and proxy.header is none: behind")));
    }
  }

  @Test
  void aPeerThatMovesProvesItselfByTheSecretOfItsRegistration() throws Exception {
    try (TrackerProcess tracker = tracker().start()) {
      Message both = Message.connect("victim", "1").address(PEER, 4000).address("127.0.0.3", 4001);
      Reply first = post(tracker, PEER, both.joinAsSeeder("s")).expectSuccess();
      // Its answer may have been lost: each that comes holds.
      Reply again = post(tracker, PEER, both).expectSuccess();
      assertFalse(first.header(FIELD).equals(again.header(FIELD)));
      assertEquals(Set.of(PEER), told(tracker, "a"));

      post(tracker, "127.0.0.3", Message.statReport("victim", "2"), field(again.header(FIELD)))
          .expectSuccess();
      assertEquals(Set.of("127.0.0.3"), told(tracker, "b"));
      post(tracker, PEER, Message.statReport("victim", "3")).expect(403, 3);
      post(tracker, "127.0.0.3", Message.statReport("victim", "4")).expectSuccess();

      post(tracker, PEER, Message.find("victim", "5", "s"), field(first.header(FIELD)))
          .expectSuccess();
      assertEquals(Set.of(PEER), told(tracker, "c"));
      for (String useless : new String[] {"", "of another tracker", "A".repeat(24)}) {
        post(tracker, PEER, Message.statReport("victim", "6"), field(useless)).expectSuccess();
        post(tracker, STRANGER, Message.statReport("victim", "7"), field(useless)).expect(403, 3);
      }
      String proof = field(first.header(FIELD));
      post(tracker, STRANGER, Message.statReport("victim", "8"), proof, proof).expect(403, 3);
      String log = String.join("\n", tracker.log());
      assertFalse(log.contains(first.header(FIELD)) || log.contains(again.header(FIELD)));
    }
  }

  @Test
  void aPeerThatHasBeenSilentForAThirdOfTheTrackTimerCanBeRegisteredAnew() throws Exception {
    try (TrackerProcess tracker = tracker().set("timers.track", TRACK.toSeconds() + "s").start()) {
      register(tracker);
      long heardNs = System.nanoTime();
      post(tracker, PEER, Message.statReport("victim", "2")).expectSuccess();

      Message takeOver = offer("3", STRANGER);
      Await.until(
          "an ID that can be registered anew",
          TRACK,
          () -> post(tracker, STRANGER, takeOver).isSuccess());

      long silentMs = (System.nanoTime() - heardNs) / 1_000_000;
      assertTrue(silentMs >= TRACK.toMillis() / 3, () -> "taken over after " + silentMs + " ms");
      assertEquals(Set.of(STRANGER), told(tracker, "viewer"));
      post(tracker, PEER, Message.statReport("victim", "4")).expect(403, 3);
      post(tracker, PEER, offer("5", PEER)).expect(403, 3);
    }
  }

  @Test
  void whereThePolicyIsOpenAnybodyActsForAPeer() throws Exception {
    try (TrackerProcess tracker = tracker().set("policy.anonymous", "open").start()) {
      assertEquals("", post(tracker, PEER, offer("1", PEER)).expectSuccess().header(FIELD));

      post(tracker, STRANGER, Message.connect("victim", "2").leave("s")).expectSuccess();

      assertEquals(Set.of(), told(tracker, "viewer"));
      assertFalse(tracker.log().stream().anyMatch(line -> line.contains("proxy.header is none")));
    }
  }

  @ParameterizedTest
  @CsvSource({"--http2, 2", "--http1.1, 1.1"})
  void theFieldIsThereInBothVersionsOfHttp(String option, String version, @TempDir Path folder)
      throws Exception {
    assumeTrue(Commands.has("curl"), "skipped: this machine has no curl");
    assumeTrue(Commands.run("curl", "--version").contains("HTTP2"), "skipped: curl without HTTP/2");
    try (TrackerProcess tracker =
        tracker()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.self-signed", true)
            .start()) {
      Curl curl = new Curl(tracker, option, folder.resolve("body"));
      String answer = curl.post(PEER, offer("1", PEER), "X: y");
      assertTrue(answer.contains("200 over " + version), answer);
      String secret = answer.lines().filter(line -> line.startsWith(FIELD)).findFirst().orElse("");
      assertTrue(secret.matches(FIELD + ": [A-Za-z0-9_-]{24}"), answer);

      Message keepAlive = Message.statReport("victim", "2");
      assertTrue(curl.post(STRANGER, keepAlive, "X: y").contains("403 over " + version));
      assertTrue(curl.post(STRANGER, keepAlive, secret).contains("200 over " + version));
      assertTrue(curl.post(STRANGER, keepAlive, "X: y").contains("200 over " + version));
    }
  }

  /** curl, which can choose the address that it comes from. */
  private record Curl(TrackerProcess tracker, String option, Path body) {
    String post(String from, Message message, String header) throws Exception {
      Files.write(body, message.bytes());
      return Commands.run(
          "curl",
          "--silent",
          "--show-error",
          "--include",
          "--insecure",
          option,
          "--interface",
          from,
          "--header",
          "Content-Type: " + Reply.MEDIA_TYPE,
          "--header",
          header,
          "--data-binary",
          "@" + body,
          "--write-out",
          "\n%{http_code} over %{http_version}\n",
          tracker.https().toString());
    }
  }

  @Test
  void aSecretOfOneNodeHoldsAtTheOther(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(
                folder,
                node -> node.set("addresses.trust", "observed").set("addresses.private", "anyone"))
            .start(2)) {
      TrackerProcess one = cluster.nodes().get(0);
      TrackerProcess other = cluster.nodes().get(1);
      String proof = field(register(one));
      post(other, STRANGER, Message.connect("victim", "2").leave("s")).expect(403, 3);
      post(other, STRANGER, Message.find("victim", "3", "s")).expect(403, 3);
      post(other, STRANGER, Message.statReport("victim", "4")).expect(403, 3);
      assertEquals(3.0, foreign(other));
      post(other, PEER, Message.statReport("victim", "5")).expectSuccess();

      post(other, "127.0.0.3", Message.statReport("victim", "6"), proof).expectSuccess();

      post(one, "127.0.0.3", Message.statReport("victim", "7")).expectSuccess();
      post(one, PEER, Message.statReport("victim", "8")).expect(403, 3);
      post(one, PEER, Message.statReport("victim", "9"), proof).expectSuccess();
    }
  }
}
