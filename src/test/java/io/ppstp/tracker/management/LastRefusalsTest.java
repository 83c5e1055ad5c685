package io.ppstp.tracker.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.Refused;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastRefusalsTest {
  private final LastRefusals refusals = new LastRefusals("a1");
  private final List<TrackerEvent> passed = new ArrayList<>();
  private final EventSink sink = ((EventSink) passed::add).noting(refusals::note);

  private void refuse(String peer, long atMs) {
    sink.publish(new Refused(atMs, peer, RequestType.CONNECT, RefusalCause.FULL, "live"));
  }

  private static List<String> times(JsonArray told) {
    return told.stream().map(it -> ((JsonObject) it).getString("at")).toList();
  }

  @Test
  void theLastOfAPeerAreToldTheLastFirst() {
    IntStream.rangeClosed(1, 6).forEach(i -> refuse("one", i * 1000L));
    refuse("two", 9000);

    assertEquals(
        List.of(
            "1970-01-01T00:00:06Z",
            "1970-01-01T00:00:05Z",
            "1970-01-01T00:00:04Z",
            "1970-01-01T00:00:03Z"),
        times(refusals.of("one")));
    assertEquals(
        new JsonObject()
            .put("at", "1970-01-01T00:00:09Z")
            .put("node", "a1")
            .put("request_type", "CONNECT")
            .put("error_code", 5)
            .put("cause", "full")
            .put("swarm_id", "live"),
        refusals.of("two").getJsonObject(0));
    assertEquals(0, refusals.of("three").size());
    assertEquals(7, passed.size());
  }

  @Test
  void aFloodOfNamesPushesOutTheOldestOnly() {
    refuse("early", 1);
    refuse("victim", 2);
    for (int i = 0; i < LastRefusals.MOST_PEERS - 1; i++) {
      refuse("stranger-" + i, 3);
    }
    assertEquals(0, refusals.of("early").size());
    assertEquals(1, refusals.of("victim").size());
    refuse("one-more", 4);
    assertTrue(refusals.of("one-more").size() == 1);
  }
}
