package io.ppstp.tracker.bus;

import static io.ppstp.tracker.testing.TrackerEvents.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the table in {@code src/docs/events.md} to the events. */
class EventsDocTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|(.*)\\|$");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final Set<String> COMMON = Set.of("event", "at", "peer_id");

  private static final StreamStats STATS = new StreamStats("s", 1, 2, 3, 4);

  private static final List<TrackerEvent> ONE_OF_EACH =
      List.of(
          new TrackerEvent.Registered(0, "p"),
          new TrackerEvent.Joined(0, "p", "s", PeerMode.LEECH),
          new TrackerEvent.Left(0, "p", "s", true, LeaveReason.LEFT, 7, STATS),
          new TrackerEvent.Switched(0, "p", "s", "t", PeerMode.LEECH, 7, STATS),
          new TrackerEvent.Expired(0, "p", List.of(new Ended(new SwarmKey("s"), 7))),
          new TrackerEvent.Reported(
              0, "p", new StreamStats("s", 1, 2, 3, 4), new StreamStats("s", 1, 1, 3, 4)),
          new TrackerEvent.Accounted(0, "p", "s", 7, 3, STATS, false),
          new TrackerEvent.Refused(0, "p", RequestType.FIND, RefusalCause.FOREIGN, "s"),
          new TrackerEvent.Configured(0, List.of("limits.peers"), List.of("http.port")));

  @Test
  void everyEventStandsThereWithItsMembers() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    String page = Files.readString(Path.of("src", "docs", "events.md"));
    Matcher row =
        ROW.matcher(page.substring(page.indexOf("and what its kind has"), page.indexOf("## Who")));
    while (row.find()) {
      Set<String> names =
          NAME.matcher(row.group(2)).results().map(EventsDocTest::name).collect(Collectors.toSet());
      documented.put(row.group(1), names);
    }
    Map<String, Set<String>> published = new TreeMap<>();
    for (TrackerEvent event : ONE_OF_EACH) {
      JsonObject json = json(event);
      Set<String> names = new TreeSet<>(json.fieldNames());
      names.removeAll(COMMON);
      published.put(event.kind(), names);
    }

    assertEquals(TrackerEventTest.kindsOf(TrackerEvent.class), published.size());
    assertEquals(published, documented);
  }

  @Test
  void everyReasonAndCauseStandsThere() throws IOException {
    String page = Files.readString(Path.of("src", "docs", "events.md"));
    for (LeaveReason reason : LeaveReason.values()) {
      assertTrue(page.contains("\n* `" + reason.text() + "`: "), reason::text);
    }
    for (RefusalCause cause : RefusalCause.values()) {
      assertTrue(page.contains("\n* `" + cause.text() + "`: "), cause::text);
    }
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }
}
