package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code startup.warm-up} does for the first peers, and that nothing else is left of it. */
class WarmUpIT {
  private static final int FIRST = 1000;
  private static final int MANY = 8000;

  private static TrackerProcess.Builder tracker(String warmUp) {
    return TrackerProcess.onFreePorts()
        .set("startup.warm-up", warmUp)
        .set("limits.exempt", "127.0.0.0/8");
  }

  @Test
  void aReadyNodeIsFastAndKnowsNobody() throws Exception {
    double cold;
    try (TrackerProcess unprepared = tracker("0s").start()) {
      // The client of this test is cold as well.
      cold = ask(unprepared.client(), "cold", FIRST);
      ask(unprepared.client(), "client", MANY);
    }
    try (TrackerProcess prepared = tracker("10s").start()) {
      assertNoTraceOfIt(prepared);
      double first = ask(prepared.client(), "first", FIRST);
      ask(prepared.client(), "more", MANY);
      double steady = ask(prepared.client(), "steady", FIRST);
      System.out.printf(
          "p99 of the first %d requests %.2f ms, without a warm-up, and a cold client, %.2f ms, steady %.2f ms; %s%n",
          FIRST, first, cold, steady, logged(prepared, "warm after"));
      assertTrue(first < 4 * steady + 2, "the first requests are as fast as later ones");
    }
  }

  /** Shorter than it takes to begin: what was begun must not stay. */
  @Test
  void aShortOneLeavesNothingBehindEither() throws Exception {
    try (TrackerProcess tracker = tracker("1ms").start()) {
      logged(tracker, "warm after");
      assertNoTraceOfIt(tracker);
    }
  }

  private static void assertNoTraceOfIt(TrackerProcess tracker) throws Exception {
    JsonNode status = tracker.management().status();
    assertEquals(0, status.path("peers").asInt(-1));
    assertEquals(0, status.path("swarms").asInt(-1));
    assertTrue(status.path("requests").isEmpty(), () -> status.path("requests").toString());
    assertEquals(0, tracker.management().metric("ppstp_connections").orElseThrow());
    assertEquals(
        List.of(),
        tracker
            .management()
            .get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("ppstp_requests_total") && !line.endsWith(" 0.0"))
            .toList());
    assertEquals(1, tracker.log().stream().filter(line -> line.contains(" is ready")).count());
    try (EventTap tap = EventTap.open(tracker, "")) {
      Await.until(
          "the first event of all",
          Duration.ofSeconds(30),
          () -> {
            tracker.client().post(Message.statReport("nobody", "1")).expect(403, 3);
            return !tap.events().isEmpty();
          });
      assertTrue(tap.events().get(0).path("seq").asInt() < 20, "numbers begin at 1");
    }
  }

  private static String logged(TrackerProcess tracker, String part) {
    return tracker.log().stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  /** Joins, then asks and reports by turns, one request after another; returns the p99 in ms. */
  private static double ask(PpstpClient client, String name, int count) throws Exception {
    client.post(Message.connect(name, "0").joinAsLeech(name)).expectSuccess();
    long[] tookNs = new long[count];
    for (int i = 0; i < count; i++) {
      Message message =
          i % 2 == 0 ? Message.find(name, "f" + i, name) : Message.statReport(name, "r" + i, name);
      long beganNs = System.nanoTime();
      client.post(message).expectSuccess();
      tookNs[i] = System.nanoTime() - beganNs;
    }
    Arrays.sort(tookNs);
    return tookNs[count * 99 / 100] / 1e6;
  }
}
