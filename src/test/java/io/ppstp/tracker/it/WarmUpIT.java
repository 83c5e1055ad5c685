package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Set<String> fresh;
    try (TrackerProcess unprepared = tracker("0s").start()) {
      fresh = counted(unprepared);
      // The client of this test is cold as well.
      cold = ask(unprepared.client(), "cold", FIRST);
      ask(unprepared.client(), "client", MANY);
    }
    try (TrackerProcess prepared = tracker("20s").start()) {
      assertEquals(fresh, counted(prepared), "as if it had not been");
      assertNoTraceOfIt(prepared);
      double first = ask(prepared.client(), "first", FIRST);
      ask(prepared.client(), "more", MANY);
      double steady = ask(prepared.client(), "steady", FIRST);
      System.out.printf(
          "p99 of the first %d requests %.2f ms, without a warm-up, and a cold client, %.2f ms, steady %.2f ms; %s%n",
          FIRST, first, cold, steady, logged(prepared, "warm after"));
      // The slowest ten of a thousand: a pause or two of the JVM, or of the client's, are among
      // them.
      assertTrue(first < 4 * steady + 5, "the first requests are as fast as later ones");
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

  /** It is over before the node joins its cluster, where others would see what it does. */
  @Test
  void norDoesThatOfANodeOfACluster(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(folder, node -> node.set("startup.warm-up", "2s"))) {
      TrackerProcess node = cluster.start();
      logged(node, "warm after");
      assertNoTraceOfIt(node);
    }
  }

  /**
   * Returns all that the node counts or measures itself and that is not 0, without values, which
   * may be times; and without how late its event loops are, which is 0 or not.
   */
  private static Set<String> counted(TrackerProcess tracker) throws Exception {
    return tracker
        .management()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("ppstp_") && !line.endsWith(" 0.0"))
        .filter(line -> !line.startsWith("ppstp_event_loop_lag"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
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
    JsonNode channels = Json.parse(tracker.management().get("/api/v1/channels").body());
    assertTrue(channels.path("channels").isEmpty(), channels::toString);
    AtomicInteger events = new AtomicInteger();
    try (EventTap tap = EventTap.open(tracker, "")) {
      Await.until(
          "the first event of all",
          Duration.ofSeconds(30),
          () -> {
            tracker.client().post(Message.statReport("nobody", "1")).expect(403, 3);
            events.incrementAndGet();
            return !tap.events().isEmpty();
          });
      // Numbers begin at 1, heard or not.
      int seq = tap.events().get(0).path("seq").asInt();
      assertTrue(seq >= 1 && seq <= events.get(), () -> seq + " of " + events);
    }
  }

  private static String logged(TrackerProcess tracker, String part) {
    return tracker.log().stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  /**
   * Joins, then asks, reports, and changes the channel and back by turns, one request after
   * another; returns the p99 in ms.
   */
  private static double ask(PpstpClient client, String name, int count) throws Exception {
    String channel = name;
    client.post(Message.connect(name, "0").joinAsLeech(channel)).expectSuccess();
    long[] tookNs = new long[count];
    for (int i = 0; i < count; i++) {
      Message message;
      if (i % 4 == 3) {
        String next = channel.equals(name) ? name + "-2" : name;
        message = Message.connect(name, "c" + i).leave(channel).joinAsLeech(next);
        channel = next;
      } else if (i % 4 == 1) {
        message = Message.statReport(name, "r" + i, channel);
      } else {
        message = Message.find(name, "f" + i, channel);
      }
      long beganNs = System.nanoTime();
      client.post(message).expectSuccess();
      tookNs[i] = System.nanoTime() - beganNs;
    }
    Arrays.sort(tookNs);
    return tookNs[count * 99 / 100] / 1e6;
  }
}
