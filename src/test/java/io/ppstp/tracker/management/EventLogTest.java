package io.ppstp.tracker.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The events that are kept for readers who are slow or come back. */
class EventLogTest {
  private static FeedEvent event(int seq, String peer) {
    FeedEvent event =
        FeedEvent.of(
            new JsonObject()
                .put("node", "0a")
                .put("seq", seq)
                .put("event", "joined")
                .put("peer_id", peer)
                .toBuffer()
                .getBytes());
    assertNotNull(event);
    return event;
  }

  private static EventLog logOf(int most, long bytes, int events, String peer) {
    EventLog log = new EventLog(most, bytes);
    IntStream.range(0, events).forEach(i -> log.add(event(i, peer)));
    return log;
  }

  private static String idAt(EventLog log, long position) {
    FeedEvent event = log.at(position);
    return event == null ? "none" : event.id();
  }

  @Test
  void theLatestAreKept() {
    EventLog log = logOf(16, 1 << 20, 40, "p");

    assertEquals(24, log.first());
    assertEquals(40, log.next());
    assertNull(log.at(23));
    assertEquals("0a-24", idAt(log, 24));
    assertEquals("0a-39", idAt(log, 39));
    assertNull(log.at(40));
  }

  @Test
  void longIdsLeaveRoomForFewer() {
    EventLog log = logOf(1000, 100_000, 500, "p".repeat(250));

    assertEquals(100_000 / 2000, log.next() - log.first());
    assertEquals("0a-499", idAt(log, 499));
  }

  @Test
  void aReaderGoesOnBehindTheLastThatItHad() {
    EventLog log = logOf(16, 1 << 20, 40, "p");

    assertEquals(31, log.after("0a-30"));
    assertEquals(40, log.after("0a-39"));
    assertEquals(-1, log.after("0a-23"), "kept no more");
    assertEquals(-1, log.after("0b-30"), "of another node");
  }

  @Test
  void whatIsForgottenIsNotCountedAnew() {
    EventLog log = logOf(16, 1 << 20, 40, "p");
    log.clear();

    assertEquals(40, log.first());
    log.add(event(40, "p"));
    assertEquals("0a-40", idAt(log, 40));
    assertEquals(41, log.next());
  }
}
