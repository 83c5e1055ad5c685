package io.ppstp.tracker.channels;

import static io.ppstp.tracker.testing.TrackerEvents.json;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.channels.ChannelStatistics.ChannelHistory;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens in channels is counted at each node, and told of all together. */
class ChannelStatisticsTest {
  private static final long MINUTE_MS = 60_000;
  private static final List<String> ASKED = List.of("news", "films", "unknown");

  private final ChannelStatistics here = new ChannelStatistics(1L << 30);
  private final ChannelStatistics there = new ChannelStatistics(1L << 30);

  private static void tell(ChannelStatistics node, TrackerEvent... events) {
    List<TrackerEvent> passed = new ArrayList<>();
    for (TrackerEvent event : events) {
      node.before(passed::add).publish(event);
    }
    assertEquals(List.of(events), passed);
  }

  private static TrackerEvent joined(String peer, String swarm) {
    return new TrackerEvent.Joined(1, peer, swarm, PeerMode.LEECH);
  }

  private static TrackerEvent left(String peer, String swarm, LeaveReason reason, long watchedMs) {
    return new TrackerEvent.Left(1, peer, swarm, true, reason, watchedMs);
  }

  private List<ChannelHistory> asked(boolean curves) {
    ChannelQuestion question = new ChannelQuestion(ASKED, curves);
    List<JsonArray> answers = new ArrayList<>();
    for (ChannelStatistics node : List.of(here, there)) {
      // As it travels.
      answers.add(new JsonArray(node.answer(question).encode()));
    }
    return ChannelStatistics.together(ASKED, answers);
  }

  @Test
  void allNodesTogetherTellHowOftenAndHowLong() {
    tell(here, joined("a", "news"), joined("b", "news"), joined("c", "films"));
    tell(
        there,
        new TrackerEvent.Switched(2, "a", "news", "films", PeerMode.LEECH, 30_000),
        left("b", "news", LeaveReason.NEW_MODE, 10_000),
        new TrackerEvent.Joined(2, "b", "news", PeerMode.SEEDER),
        left("b", "news", LeaveReason.LEFT, 50_000),
        new TrackerEvent.Expired(3, "c", List.of(new Ended(new SwarmKey("films"), 20_000))));

    ChannelTally news = asked(false).get(0).tally();
    assertEquals(2, news.joins());
    assertEquals(2, news.leaves());
    assertEquals(1, news.switchesOut());
    assertEquals(0, news.silentDeaths());
    assertEquals(90_000, news.watchedMs());
    assertTrue(news.watchedMs(0.99) >= 48_000 && news.watchedMs(0.99) <= 64_000);

    ChannelTally films = asked(false).get(1).tally();
    assertEquals(2, films.joins());
    assertEquals(1, films.switchesIn());
    assertEquals(0, films.leaves());
    assertEquals(1, films.silentDeaths());
    assertEquals(20_000, films.watchedMs());
    assertEquals(0, asked(true).get(2).tally().joins());
  }

  private static StreamStats stats(String swarm, long uploaded, long downloaded) {
    return new StreamStats(swarm, uploaded, downloaded, 0, 0);
  }

  @Test
  void theOwnerOfAListKnowsHowManyWereThereAndWhatTheyHaveMoved() {
    SwarmObserver lists = here.observer();
    lists.grown("news", 3, 0);
    lists.grown("news", 2, 2);
    lists.reported(PeerMode.LEECH, "a", null, stats("news", 10, 50));
    lists.reported(PeerMode.LEECH, "a", stats("news", 10, 50), stats("news", 40, 100));
    lists.reported(PeerMode.SEEDER, "s", null, stats("news", 60, 0));
    // It began anew, and goes on.
    lists.reported(PeerMode.SEEDER, "s", stats("news", 60, 0), stats("news", 5, 0));
    lists.reported(PeerMode.SEEDER, "s", stats("news", 5, 0), stats("news", 6, 0));
    there.observer().grown("news", 1, 1);
    there.note(List.of(new SwarmSize("films", 7, 0)), 1);

    ChannelTally news = asked(false).get(0).tally();
    assertEquals(
        List.of(4, 3, 2),
        List.of(news.peak(), news.peak(PeerMode.LEECH), news.peak(PeerMode.SEEDER)));
    assertEquals(101, news.uploadedBytes());
    assertEquals(40, news.uploadedByLeeches());
    assertEquals(100, news.downloadedBytes());
    assertFalse(news.isInconsistent());
    assertEquals(7, asked(false).get(1).tally().peak());

    lists.reported(PeerMode.LEECH, "b", null, stats("news", 0, 20));
    assertTrue(asked(false).get(0).tally().isInconsistent(), "120 received, 101 sent");
    lists.reported(PeerMode.LEECH, "b", stats("news", 0, 20), stats("news", Long.MAX_VALUE, 20));
    assertEquals(Long.MAX_VALUE, asked(false).get(0).tally().uploadedBytes());
  }

  private static Member leech(String peer, long stamp) {
    return new Member(peer, PeerMode.LEECH, stamp, PeerAddresses.NONE, PeerNum.NOTHING, null);
  }

  @Test
  void whatSomebodyReportedLastIsToldWhenItGoes() {
    List<TrackerEvent> told = new ArrayList<>();
    EventSink sink = here.before(told::add);
    SwarmObserver lists = here.observer();
    lists.gone("news", leech("a", 1), stats("news", 1, 2));
    lists.gone("films", leech("a", 1), null);
    lists.gone("news", leech("b", 1), stats("news", 3, 4));
    lists.gone("news", leech("c", 1), stats("news", 5, 6));
    sink.publish(left("a", "news", LeaveReason.LEFT, 7));
    sink.publish(left("a", "films", LeaveReason.LEFT, 7));
    sink.publish(left("c", "news", LeaveReason.NEW_MODE, 7));
    sink.publish(new TrackerEvent.Switched(2, "b", "news", "films", PeerMode.LEECH, 7));
    sink.publish(
        new TrackerEvent.Expired(
            3,
            "c",
            List.of(new Ended(new SwarmKey("films"), 7), new Ended(new SwarmKey("news"), 7))));

    List<@Nullable Long> uploaded = new ArrayList<>();
    for (TrackerEvent event : told) {
      JsonObject json = json(event);
      JsonArray several = json.getJsonArray("memberships");
      uploaded.add(json.getLong("uploaded_bytes"));
      if (several != null) {
        uploaded.set(4, several.getJsonObject(1).getLong("downloaded_bytes"));
        assertNull(several.getJsonObject(0).getLong("downloaded_bytes"));
      }
    }
    assertEquals(Arrays.asList(1L, null, null, 3L, 6L), uploaded);

    // It came again and said nothing.
    lists.gone("news", leech("a", 1), null);
    sink.publish(left("a", "news", LeaveReason.LEFT, 7));
    assertNull(json(told.get(5)).getLong("uploaded_bytes"));
  }

  /** In a cluster lists follow after the event, and here may be what is known of a visit before. */
  @Test
  void whatWasReportedInAVisitBeforeIsNotToldOfTheNext() {
    List<TrackerEvent> told = new ArrayList<>();
    EventSink sink = here.before(told::add);
    here.observer().gone("news", leech("a", 1000), stats("news", 1, 2));
    sink.publish(new TrackerEvent.Left(9000, "a", "news", true, LeaveReason.LEFT, 2000, null));
    sink.publish(new TrackerEvent.Switched(9000, "a", "news", "b", PeerMode.LEECH, 2000));
    here.observer().gone("news", leech("a", 7000), stats("news", 3, 4));
    sink.publish(new TrackerEvent.Switched(9000, "a", "news", "b", PeerMode.LEECH, 2000));

    assertEquals(
        Arrays.asList(null, null, 3L),
        told.stream().map(event -> json(event).getLong("uploaded_bytes")).toList());
  }

  @Test
  void aReportThatComesAfterItsSenderIsGoneCountsToo() {
    SwarmObserver lists = here.observer();
    lists.reported(PeerMode.LEECH, "a", null, stats("news", 10, 20));
    lists.gone("news", leech("a", 1), stats("news", 10, 20));
    lists.reportedLate("a", stats("news", 15, 30));
    lists.reportedLate("a", stats("news", 15, 30));
    lists.reportedLate("stranger", stats("news", 1000, 1000));
    lists.gone("news", leech("b", 1), null);
    lists.reportedLate("b", stats("films", 1000, 1000));
    assertEquals(15, asked(false).get(0).tally().uploadedBytes());
    assertEquals(30, asked(false).get(0).tally().downloadedBytes());
    lists.reportedLate("b", stats("news", 1, 2));
    assertEquals(16, asked(false).get(0).tally().uploadedBytes());
  }

  /** Strangers who are refused can neither make tallies nor let others be forgotten. */
  @Test
  void refusalsAreCountedWhereSomethingElseHasHappened() {
    tell(
        here,
        joined("a", "news"),
        new TrackerEvent.Refused(1, "x", RequestType.FIND, RefusalCause.UNREGISTERED, "news"),
        new TrackerEvent.Refused(1, "x", RequestType.FIND, RefusalCause.UNREGISTERED, "films"),
        new TrackerEvent.Refused(1, "x", RequestType.CONNECT, RefusalCause.COMBINATION, null));
    assertEquals(1, asked(false).get(0).tally().refusals());
    assertEquals(0, asked(false).get(1).tally().refusals());
  }

  @Test
  void theHighestOfAllNodesAreFoundByWhatEachHasCounted() {
    for (int i = 0; i < 2000; i++) {
      for (int join = 0; join <= i % 50; join++) {
        tell(i % 2 == 0 ? here : there, joined("p", "s" + i));
      }
    }
    for (int join = 0; join < 30; join++) {
      tell(here, joined("p", "both"));
      tell(there, joined("p", "both"));
    }
    here.observer().grown("both", 9, 0);
    there.observer().grown("both", 8, 0);
    there.observer().grown("s1", 11, 0);
    List<JsonArray> joins = new ArrayList<>();
    List<JsonArray> peaks = new ArrayList<>();
    for (ChannelStatistics node : List.of(here, there)) {
      joins.add(new JsonArray(node.highest(ChannelMeasure.JOINS).encode()));
      peaks.add(node.highest(ChannelMeasure.PEAK));
    }
    joins.add(new JsonArray().add(1).add("x").addNull());
    assertEquals(2000, joins.get(0).size());
    assertEquals(
        List.of("both", "s1049", "s1099", "s1149"),
        ChannelStatistics.highest(ChannelMeasure.JOINS, 4, joins));
    assertEquals(List.of("s1", "both"), ChannelStatistics.highest(ChannelMeasure.PEAK, 4, peaks));
  }

  @Test
  void theLastHourIsKnownByMinute() {
    for (int minute = 0; minute < 100; minute++) {
      List<SwarmSize> largest = new ArrayList<>();
      largest.add(new SwarmSize("news", minute, 1));
      if (minute < 30 || minute > 90) {
        largest.add(new SwarmSize("films", 2, 3));
      }
      here.note(largest, minute * MINUTE_MS);
      here.note(largest, minute * MINUTE_MS + 59_999);
    }
    // Its shard came to the other node within a minute, when another viewer was there.
    there.note(List.of(new SwarmSize("films", 4, 3)), 99 * MINUTE_MS);
    there.note(List.of(new SwarmSize("films", 5, 3)), 100 * MINUTE_MS);

    ChannelHistory news = asked(true).get(0);
    assertEquals(60, news.curve().size());
    assertEquals(40, news.curve().firstKey());
    assertEquals(new SwarmSize("news", 99, 1), news.curve().get(99L));
    assertEquals(
        Map.of(91L, 5, 92L, 5, 93L, 5, 94L, 5, 95L, 5, 96L, 5, 97L, 5, 98L, 5, 99L, 7, 100L, 8),
        peers(asked(true).get(1)));
    assertEquals(Map.of(), peers(asked(true).get(2)));
    assertEquals(Map.of(), peers(asked(false).get(0)));
  }

  private static Map<Long, Integer> peers(ChannelHistory history) {
    Map<Long, Integer> peers = new TreeMap<>();
    history.curve().forEach((minute, size) -> peers.put(minute, size.peers()));
    return peers;
  }

  @Test
  void aClockThatStepsBackTakesNothingAway() {
    here.note(List.of(new SwarmSize("news", 5, 0)), 10 * MINUTE_MS);
    here.note(List.of(new SwarmSize("news", 6, 0)), 3 * MINUTE_MS);
    assertEquals(Map.of(10L, 6), peers(asked(true).get(0)));
  }

  @Test
  void whatHappenedLongestAgoIsForgottenFirst() {
    ChannelCounts counts = new ChannelCounts(3 * 378);
    for (String swarm : List.of("a", "b", "c", "a", "d")) {
      counts.publish(joined("p", swarm));
    }
    List<String> known = new ArrayList<>();
    for (String swarm : List.of("a", "b", "c", "d")) {
      counts.read(swarm, tally -> known.add(swarm + tally.joins()));
    }
    assertEquals(List.of("a2", "c1", "d1"), known);
  }

  @Test
  void idsOfStrangersCountByTheirLength() {
    ChannelCounts counts = new ChannelCounts(1 << 20);
    for (int i = 0; i < 1000; i++) {
      counts.publish(joined("p", "x".repeat(100_000) + i));
    }
    int[] known = {0};
    for (int i = 0; i < 1000; i++) {
      counts.read("x".repeat(100_000) + i, tally -> known[0]++);
    }
    assertEquals(5, known[0]);
  }

  @Test
  void channelsThatComeAndGoLeaveFewCurves() {
    for (int round = 0; round < 20; round++) {
      List<SwarmSize> largest = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        largest.add(new SwarmSize("s" + round + '-' + i, 1, 0));
      }
      here.note(largest, MINUTE_MS);
    }
    List<String> ids = List.of("s0-0", "s15-0", "s16-0", "s19-999");
    ChannelQuestion question = new ChannelQuestion(ids, true);
    List<Integer> sizes = new ArrayList<>();
    for (ChannelHistory history : ChannelStatistics.together(ids, List.of(here.answer(question)))) {
      sizes.add(history.curve().size());
    }
    assertEquals(List.of(0, 0, 1, 1), sizes);
  }

  @Test
  void whoSentARequestIsHandedOn() {
    List<Requester> senders = new ArrayList<>();
    Requester alice = new Requester(requireNonNull(IpAddress.parse("192.0.2.1")), 7);
    EventSink sink =
        here.before(
            new EventSink() {
              @Override
              public void publish(TrackerEvent event) {
                throw new AssertionError("without its sender: " + event);
              }

              @Override
              public void publish(TrackerEvent event, Requester sender) {
                senders.add(sender);
              }
            });
    sink.of(alice).publish(joined("a", "news"));
    assertEquals(List.of(alice), senders);
    assertEquals(1, asked(false).get(0).tally().joins());
  }

  @Test
  void answersOfNoFormCountForNothing() {
    tell(here, joined("a", "news"));
    JsonArray good = here.answer(new ChannelQuestion(ASKED, true));
    JsonArray tooLong = new JsonArray();
    for (int i = 0; i < 1000; i++) {
      tooLong.add(i);
    }
    List<JsonArray> answers =
        List.of(
            new JsonArray(),
            new JsonArray().add(1).addNull().add("x"),
            new JsonArray().add(new JsonObject().put("tally", "x").put("curve", 3)),
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("tally", new JsonObject().put("joined", "x").put("left", -7))
                        .put("curve", new JsonArray().add("x").addNull().add(1).add(2))),
            new JsonArray().add(new JsonObject().put("curve", tooLong)),
            new JsonArray()
                .add(
                    new JsonObject()
                        .put(
                            "curve",
                            new JsonArray(
                                "[10000000000000000,1,1, -1,1,1, 5,-1,1, 5,2147483647,1]"))),
            good);
    ChannelHistory news = ChannelStatistics.together(ASKED, answers).get(0);
    assertEquals(1, news.tally().joins());
    assertEquals(0, news.tally().leaves());
    assertEquals(Map.of(), peers(news));
  }
}
