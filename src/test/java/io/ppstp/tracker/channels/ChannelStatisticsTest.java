package io.ppstp.tracker.channels;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.channels.ChannelStatistics.ChannelHistory;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    ChannelCounts counts = new ChannelCounts(3 * 362);
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
