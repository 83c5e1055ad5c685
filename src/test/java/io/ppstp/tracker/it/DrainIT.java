package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Http2Frames;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A restart as busy clients see it: they are told before their connections end. */
class DrainIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int CLIENTS = 8;

  private static TrackerProcess start() {
    return TrackerProcess.onFreePorts()
        .set("shutdown.delay", "3s")
        .set("shutdown.deadline", "20s")
        .set("https.enabled", true)
        .set("https.self-signed", true)
        .set("https.port", 0)
        .start();
  }

  /**
   * A client that keeps its connection until it is told to close it, and then makes another.
   *
   * @param lost requests on a connection that had been kept
   */
  private record Outcome(int answered, int closings, int lost) {}

  private static Outcome sendUntilRefused(TrackerProcess tracker) throws IOException {
    int answered = 0;
    int closings = 0;
    while (true) {
      boolean kept = false;
      try (RawConnection connection = tracker.connection()) {
        String told = "";
        while (!told.equals("close")) {
          connection.post(Message.statReport("nobody", "t").bytes());
          Reply reply = connection.receive();
          assertEquals(403, reply.status());
          told = reply.header("connection");
          answered++;
          kept = true;
        }
        closings++;
      } catch (IOException e) {
        return new Outcome(answered, closings, kept ? 1 : 0);
      }
    }
  }

  @Test
  void busyConnectionsLoseNoRequest() throws Exception {
    try (TrackerProcess tracker = start()) {
      List<CompletableFuture<Outcome>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        clients.add(outcome);
        Thread client =
            new Thread(
                () -> {
                  try {
                    outcome.complete(sendUntilRefused(tracker));
                  } catch (IOException | RuntimeException | AssertionError e) {
                    outcome.completeExceptionally(e);
                  }
                });
        client.setDaemon(true);
        client.start();
      }
      Await.until(
          "busy clients",
          SOON,
          () -> {
            String count =
                "ppstp_requests_total{outcome=\"FORBIDDEN_ACTION\",type=\"STAT_REPORT\"}";
            return tracker.management().metric(count).orElse(0.0) > 200;
          });
      tracker.terminate();
      int lost = 0;
      for (CompletableFuture<Outcome> client : clients) {
        Outcome outcome = client.get(60, TimeUnit.SECONDS);
        assertTrue(outcome.closings() >= 1, () -> "told that it ends: " + outcome);
        lost += outcome.lost();
      }
      assertEquals(0, lost);
      assertEquals(0, tracker.exitCode(SOON));
      assertEquals(List.of(), tracker.errors());
      assertTrue(
          tracker.log().stream().anyMatch(line -> line.contains("refused after 3s, 20s to finish")),
          () -> tracker.log().toString());
    }
  }

  @Test
  void http2ConnectionsGetAGoAway() throws Exception {
    try (TrackerProcess tracker = start();
        Http2Frames connection = new Http2Frames(tracker.https())) {
      connection.post(1, Message.statReport("nobody", "t").bytes());
      connection.flush();
      Await.until(
          "an answer",
          SOON,
          () -> {
            String count =
                "ppstp_requests_total{outcome=\"FORBIDDEN_ACTION\",type=\"STAT_REPORT\"}";
            return tracker.management().metric(count).orElse(0.0) == 1;
          });
      tracker.terminate();
      assertEquals(0, connection.readGoAway(), "NO_ERROR");
      assertEquals(0, tracker.exitCode(SOON));
      assertEquals(List.of(), tracker.errors());
    }
  }

  @Test
  void agedConnectionsAreToldBeforeTheyEnd() throws Exception {
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts().set("limits.connections.max-age", "1s").start();
        RawConnection connection = tracker.connection()) {
      String told = "";
      while (!told.equals("close")) {
        connection.post(Message.statReport("nobody", "t").bytes());
        told = connection.receive().header("connection");
      }
      assertTrue(connection.isClosedWithin(SOON));
    }
  }
}
