package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Rsyslog;
import io.ppstp.tracker.testing.Rsyslog.Received;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tap} to rsyslog, which says what it has read. */
class SyslogTapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HOSTILE = "a\"b\\c]d [e@1 f=\"g\"] é";

  @TempDir private static Path folder = Path.of("set by JUnit");
  private static TrackerProcess tracker;
  private static Authority authority;
  private static Tls.PemFiles own;
  private static Rsyslog receiver;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Rsyslog.program().isPresent(), "no rsyslog with rsyslog-openssl here");
    authority = Authority.found(folder, "ours");
    X509Bundle server = authority.issueServer();
    own = Authority.write(server, folder, "server");
    receiver = Rsyslog.start(folder.resolve("rsyslog"), authority.certificate(), own);
    tracker = TrackerProcess.onFreePorts().set("timers.track", "1h").start();
  }

  @AfterAll
  static void stop() {
    if (tracker != null) {
      receiver.close();
      tracker.close();
    }
  }

  private static TrackerProcess tap(String... arguments) {
    TrackerProcess tap =
        TrackerProcess.bare()
            .jvmOption("-XX:TieredStopAtLevel=1")
            .arguments("tap", "http://" + tracker.management().uri().getAuthority())
            .arguments(arguments)
            .launch();
    awaitLine(tap, " follows ");
    return tap;
  }

  private static void awaitLine(TrackerProcess tap, String part) {
    Await.until(
        () -> part + " in " + tap.log(),
        () -> tap.log().stream().anyMatch(line -> line.contains(part)));
  }

  private static void live(String peer) throws Exception {
    PpstpClient client = tracker.client();
    client.post(Message.connect(peer, "1").joinAsLeech(HOSTILE)).expectSuccess();
    client.post(Message.statReport(peer, "2", HOSTILE)).expectSuccess();
    client.post(Message.find(peer, "3", "elsewhere")).expect(403, 3);
    client.post(Message.connect(peer, "4").leave(HOSTILE)).expectSuccess();
  }

  private static List<Received> of(String peer) throws Exception {
    return of(receiver, peer);
  }

  private static List<Received> of(Rsyslog at, String peer) throws Exception {
    return at.received().stream()
        .filter(it -> it.params().path("peer_id").asText().equals(peer))
        .toList();
  }

  private static final List<String> LIFE =
      List.of(
          "134 registered: registered",
          "134 joined: joined",
          "135 reported: reported",
          "132 refused: refused: not_a_member",
          "134 left: left: left");

  /** The structured data is that of the event, whatever its strings are. */
  private static void assertSame(List<Received> received, List<JsonNode> told) {
    for (Received got : received) {
      JsonNode event =
          told.stream()
              .filter(it -> it.path("seq").asText().equals(got.params().path("seq").asText()))
              .findFirst()
              .orElseThrow();
      event
          .fields()
          .forEachRemaining(
              member -> {
                if (!member.getKey().equals("v")) {
                  assertEquals(
                      member.getValue().asText(),
                      got.params().path(member.getKey()).asText(),
                      got::toString);
                }
              });
      assertEquals(event.size() - 1, got.params().size(), got::toString);
      assertEquals(event.path("node").asText(), got.process());
      assertEquals(event.path("event").asText(), got.id());
      assertTrue(got.time().startsWith(event.path("at").asText().substring(0, 19)), got::time);
    }
  }

  private static List<String> words(List<Received> received) {
    return received.stream()
        .map(it -> it.priority() + " " + it.id() + ": " + it.text().strip())
        .toList();
  }

  @Test
  void overUdp() throws Exception {
    try (EventTap curl = EventTap.open(tracker, "");
        TrackerProcess tap = tap("--to=" + receiver.udp())) {
      Await.until("curl hears", PATIENCE, () -> !curl.lines().isEmpty());
      live("by-udp");
      Await.until("all", PATIENCE, () -> of("by-udp").size() >= LIFE.size());
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
      assertEquals(LIFE, words(of("by-udp")));
      assertSame(of("by-udp"), curl.events());
    }
  }

  @Test
  void overTls() throws Exception {
    Tls.PemFiles shown = authority.issue("tap");
    try (EventTap curl = EventTap.open(tracker, "");
        TrackerProcess tap =
            tap(
                "--to=" + receiver.tls(),
                "--ca=" + authority.certificate(),
                "--certificate=" + shown.certificate(),
                "--key=" + shown.key())) {
      Await.until("curl hears", PATIENCE, () -> !curl.lines().isEmpty());
      live("by-tls");
      Await.until("all", PATIENCE, () -> of("by-tls").size() >= LIFE.size());
      assertEquals(LIFE, words(of("by-tls")));
      assertSame(of("by-tls"), curl.events());

      receiver.kill();
      // What is said until the tap sees that nobody is there any more may be lost.
      Await.until(
          "it is noticed",
          PATIENCE,
          () -> {
            live("meanwhile-" + System.nanoTime());
            return tap.log().stream().anyMatch(line -> line.contains("trying again"));
          });
      live("waits");
      receiver.start();
      Await.until("all", PATIENCE, () -> of("waits").size() >= LIFE.size());
      assertEquals(LIFE, words(of("waits")));
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
    }
  }

  @Test
  void aReceiverThatNobodyTrustsGetsNothing() throws Exception {
    Path other = Authority.found(folder, "other").certificate();
    assertGetsNothing(receiver, other, "unable to find valid certification path");
  }

  /** Its certificate is of an authority that is trusted, and names another host. */
  @Test
  void aReceiverOfAnotherNameGetsNothing() throws Exception {
    X509Bundle elsewhere =
        authority.issue("CN=log.example.org", it -> it.addSanDnsName("log.example.org"));
    try (Rsyslog misnamed =
        Rsyslog.start(
            folder.resolve("misnamed"),
            authority.certificate(),
            Authority.write(elsewhere, folder, "elsewhere"))) {
      assertGetsNothing(misnamed, authority.certificate(), "127.0.0.1 found");
    }
  }

  private static void assertGetsNothing(Rsyslog to, Path trusted, String why) throws Exception {
    try (TrackerProcess tap = tap("--to=" + to.tls(), "--ca=" + trusted)) {
      String peer = "unsaid-" + System.nanoTime();
      live(peer);
      assertEquals(2, tap.exitCode(PATIENCE));
      assertTrue(of(to, peer).isEmpty());
      assertTrue(tap.log().toString().contains(to.tls() + ": "), () -> tap.log().toString());
      assertTrue(tap.log().toString().contains(why), () -> tap.log().toString());
    }
  }
}
