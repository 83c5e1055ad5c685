package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A tracker from its start to its end, as its operator sees it. */
class LifecycleIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern COMMENT =
      Pattern.compile("# (?:HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) .+");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\.)*\",?)*})?"
              + " (-?[0-9][0-9.eE+-]*|NaN|[+-]Inf)");

  private static void join(PpstpClient client, String peer, String swarm) throws Exception {
    int port = 1000 + Math.floorMod(peer.hashCode(), 1000);
    Message join = Message.connect(peer, "join").address("192.0.2.1", port);
    client.post(join.joinAsLeech(swarm)).expectSuccess();
  }

  @Test
  void statusFollowsTheTrackersStateMachine() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      PpstpClient client = tracker.client();
      Management management = tracker.management();
      assertEquals("INIT", management.status().path("state").asText());
      join(client, "a", "x");
      assertEquals("STARTED", management.status().path("state").asText());
      join(client, "b", "x");
      assertEquals(new Management.Held(2, 1, 2), management.held());
      client.post(Message.connect("a", "2").leave("x")).expectSuccess();
      assertEquals("STARTED", management.status().path("state").asText());
      client.post(Message.connect("b", "2").leave("x")).expectSuccess();
      assertEquals("INIT", management.status().path("state").asText());
      assertEquals(new Management.Held(0, 0, 0), management.held());

      client.post("{".getBytes(UTF_8)).expect(400, 1);
      client.post(Message.find("a", "3", "x")).expect(403, 3);
      var requests = management.status().path("requests");
      assertEquals(4, requests.path("CONNECT").path("NO_ERROR").asInt());
      assertEquals(1, requests.path("FIND").path("FORBIDDEN_ACTION").asInt());
      assertEquals(1, requests.path("MALFORMED").path("BAD_REQUEST").asInt());
    }
  }

  @Test
  void managementServesHealthAndMetrics() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      Management management = tracker.management();
      for (String health : List.of("/health/live", "/health/ready")) {
        HttpResponse<String> response = management.get(health);
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("date").isPresent(), "RFC 9110, Section 6.6.1");
        assertEquals("UP", Json.parse(response.body()).path("status").asText());
      }
      assertEquals(404, management.get("/nothing").statusCode());

      join(tracker.client(), "a", "x");
      tracker.client().post(Message.find("a", "2", "x")).expectSuccess();
      HttpResponse<String> metrics = management.get("/metrics");
      String type = metrics.headers().firstValue("content-type").orElse("");
      assertTrue(type.startsWith("text/plain; version=0.0.4"), type);
      assertPrometheus(metrics.body());
      String found = "ppstp_requests_total{outcome=\"NO_ERROR\",type=\"FIND\"}";
      assertEquals(Optional.of(1.0), management.metric(found));
      assertEquals(Optional.of(0.0), management.metric("ppstp_in_flight"));
      Await.until(
          "a census with the peer",
          SOON,
          () -> management.metric("ppstp_peers").equals(Optional.of(1.0)));
    }
  }

  /** Every line is a comment or a sample, every sample is of a declared family, none is twice. */
  private static void assertPrometheus(String text) {
    Set<String> families = new HashSet<>();
    Set<String> series = new HashSet<>();
    assertTrue(text.endsWith("\n"));
    text.lines()
        .forEach(
            line -> {
              Matcher comment = COMMENT.matcher(line);
              Matcher sample = SAMPLE.matcher(line);
              if (comment.matches()) {
                families.add(comment.group(1));
              } else {
                assertTrue(sample.matches(), line);
                String name = sample.group(1);
                String family = name.replaceFirst("_(bucket|sum|count)$", "");
                assertTrue(families.contains(name) || families.contains(family), line);
                assertTrue(series.add(line.substring(0, line.lastIndexOf(' '))), line);
              }
            });
    assertTrue(families.contains("ppstp_requests_total"));
    assertTrue(families.contains("ppstp_request_duration_seconds"));
  }

  @Test
  void logsNothingPerRequest() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      List<String> before = tracker.log();
      try (RawConnection connection = tracker.connection()) {
        for (int i = 0; i < 100; i++) {
          connection.post(Message.connect("p" + i, "1").joinAsLeech("s").bytes());
          connection.receive().expectSuccess();
          connection.post(Message.statReport("nobody", "1").bytes());
          connection.receive().expect(403, 3);
          connection.post(new byte[] {'{'});
          connection.receive().expect(400, 1);
        }
        connection.send("NONSENSE\r\n\r\n");
      }
      tracker.management().status();
      assertEquals(before, tracker.log());
    }
  }

  @Test
  void endsInGoodOrderOnSigterm() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts().set("shutdown.deadline", "10s").start()) {
      join(tracker.client(), "a", "x");
      Management management = tracker.management();
      try (RawConnection slow = tracker.connection()) {
        byte[] body = Message.find("a", "slow", "x").bytes();
        slow.send(slow.head(body.length));
        assertFalse(slow.hasInputWithin(Duration.ofMillis(200)));
        tracker.terminate();

        Await.until("not ready", SOON, () -> management.get("/health/ready").statusCode() == 503);
        assertEquals(200, management.get("/health/live").statusCode());
        Await.until("a closed port", SOON, () -> refusesConnections(tracker));
        assertTrue(tracker.isAlive());

        slow.send(body);
        assertEquals("slow", slow.receive().expectSuccess().transactionId());
      }
      assertEquals(0, tracker.exitCode(SOON));
      List<String> log = tracker.log();
      assertTrue(log.get(log.size() - 1).endsWith("Shutdown: stopped"), log::toString);
      assertEquals(List.of(), tracker.errors());
    }
  }

  private static boolean refusesConnections(TrackerProcess tracker) throws IOException {
    try (RawConnection connection = tracker.connection()) {
      return connection.localPort() < 0;
    } catch (ConnectException e) {
      return true;
    }
  }

  @Test
  void endsAtOnceWhenIdleConnectionsAreOpen() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start();
        RawConnection used = tracker.connection();
        RawConnection unused = tracker.connection()) {
      used.post(Message.statReport("nobody", "1").bytes());
      used.receive().expect(403, 3);
      assertFalse(unused.hasInputWithin(Duration.ofMillis(100)));
      tracker.terminate();
      assertEquals(0, tracker.exitCode(Duration.ofSeconds(15)), "shutdown.deadline is 20s");
      assertThrows(IOException.class, used::receive);
    }
  }

  @Test
  void doesNotWaitLongerThanItsDeadline() throws Exception {
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts()
                .set("shutdown.deadline", "2s")
                .set("http.request-deadline", "60s")
                .set("limits.connections.first-request", "60s")
                .start();
        RawConnection stuck = tracker.connection()) {
      stuck.send(stuck.head(100));
      assertFalse(stuck.hasInputWithin(Duration.ofMillis(200)));
      long start = System.nanoTime();
      tracker.terminate();
      assertEquals(0, tracker.exitCode(SOON));
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(taken.toSeconds() < 20, taken::toString);
    }
  }

  @Test
  void aFullTrackerServesThoseThatItHas() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("limits.peers", 3)
            .set("addresses.trust", "advertised")
            .start()) {
      PpstpClient client = tracker.client();
      for (String peer : List.of("a", "b", "c")) {
        join(client, peer, "x");
      }
      Message late = Message.connect("d", "1").joinAsLeech("x");
      for (int i = 0; i < 3; i++) {
        Reply full = client.post(late).expect(503, 5);
        assertTrue(Integer.parseInt(full.header("retry-after")) > 0);
      }
      client.post(Message.find("d", "2", "x")).expect(403, 3);
      assertEquals(Set.of("b", "c"), client.post(Message.find("a", "2", "x")).peers("x"));
      client.post(Message.statReport("b", "2", "x")).expectSuccess();
      client.post(Message.connect("c", "2").leave("x").joinAsLeech("y")).expectSuccess();
      assertEquals(new Management.Held(3, 2, 3), tracker.management().held());
      client.post(Message.connect("b", "3").leave("x")).expectSuccess();
      client.post(late).expectSuccess();
      client.post(Message.connect("b", "4").joinAsLeech("x")).expect(503, 5);
      assertEquals(3, tracker.management().held().peers());
    }
  }

  @Test
  void anOverloadedTrackerSaysSo() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().set("limits.in-flight", 1).start()) {
      PpstpClient client = tracker.client();
      Await.until(
          "an answer 05",
          SOON,
          () -> {
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
              replies.add(client.postAsync(Message.statReport("nobody", "t" + i)));
            }
            boolean refused = false;
            for (CompletableFuture<Reply> reply : replies) {
              int code = reply.get().errorCode();
              assertTrue(code == 3 || code == 5, () -> reply.join().toString());
              if (code == 5) {
                reply.get().expect(503, 5);
                assertFalse(reply.get().header("retry-after").isEmpty());
                refused = true;
              }
            }
            return refused;
          });
      // A place is free once the answer is on its way, a moment after a client may have read it.
      Await.until(
          "it goes on",
          SOON,
          () -> client.post(Message.statReport("nobody", "on")).errorCode() == 3);
      Await.until(
          "nothing is in flight",
          SOON,
          () -> tracker.management().metric("ppstp_in_flight").equals(Optional.of(0.0)));
    }
  }

  @Test
  void silentPeersExpireAndOthersStay() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("timers.track", "3s")
            .set("addresses.trust", "advertised")
            .set("timers.tick", "100ms")
            .start()) {
      PpstpClient client = tracker.client();
      Management management = tracker.management();
      // A tracker that has just started takes its time for the first request.
      client.post(Message.statReport("nobody", "0")).expect(403, 3);
      long start = System.nanoTime();
      join(client, "silent", "x");
      join(client, "erring", "x");
      join(client, "alive", "x");
      join(client, "seeking", "y");
      assertEquals(new Management.Held(4, 2, 4), management.held());
      Await.until(
          "two peers left",
          SOON,
          () -> {
            client.post(Message.statReport("alive", "k")).expectSuccess();
            client.post(Message.find("seeking", "k", "y")).expectSuccess();
            client.post(Message.find("erring", "k", "not joined")).expect(403, 3);
            return management.held().equals(new Management.Held(2, 2, 2));
          });
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(taken.toMillis() >= 2900, taken::toString);

      client.post(Message.find("silent", "2", "x")).expect(403, 3);
      client.post(Message.statReport("erring", "2")).expect(403, 3);
      assertEquals(Set.of(), client.post(Message.find("alive", "2", "x")).peers("x"));
      Await.until(
          "both counted",
          SOON,
          () -> management.metric("ppstp_peers_expired_total").equals(Optional.of(2.0)));
      join(client, "silent", "x");
      assertEquals(Set.of("silent"), client.post(Message.find("alive", "3", "x")).peers("x"));

      Await.until(
          "an empty tracker", SOON, () -> management.held().equals(new Management.Held(0, 0, 0)));
      assertEquals("INIT", management.status().path("state").asText());
      assertEquals(List.of(), tracker.errors());
    }
  }

  /** Nobody can be heard by a process that is stopped; so nobody was silent. */
  @Test
  void aTrackerThatStoodStillLongerThanTheTimerHearsEverybodyFirst() throws Exception {
    Duration track = Duration.ofSeconds(3);
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("timers.track", track.toSeconds() + "s")
            .set("timers.tick", "100ms")
            .start()) {
      PpstpClient client = tracker.client();
      client.post(Message.statReport("nobody", "0")).expect(403, 3);
      join(client, "alive", "x");
      join(client, "silent", "x");
      tracker.signal("STOP");
      long stoppedNs = System.nanoTime();
      Await.until("a long pause", SOON, () -> System.nanoTime() - stoppedNs > 5_000_000_000L);
      tracker.signal("CONT");
      long goesOnNs = System.nanoTime();
      boolean expired =
          Await.holdsWithin(Duration.ofSeconds(1), () -> tracker.management().held().peers() < 2);
      assertFalse(expired, "somebody expired because of the pause");

      Await.until(
          "the silent one expires",
          SOON,
          () -> {
            client.post(Message.statReport("alive", "1")).expectSuccess();
            return tracker.management().held().peers() == 1;
          });
      Duration taken = Duration.ofNanos(System.nanoTime() - goesOnNs);
      assertTrue(taken.compareTo(track.multipliedBy(3)) < 0, taken::toString);
    }
  }

  /** The tracker must not outlive the tests that start it, nor the helper invent an end. */
  @Test
  void aKilledTrackerIsSeenAsSuch() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      assertTrue(ProcessHandle.of(tracker.pid()).isPresent());
      tracker.kill();
      assertEquals(128 + 9, tracker.exitCode(SOON));
      assertFalse(tracker.isAlive());
    }
  }
}
