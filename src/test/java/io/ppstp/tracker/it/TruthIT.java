package io.ppstp.tracker.it;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An audience that keeps its own books: what events and channels tell comes to the same, exactly in
 * numbers and bytes, and in time as closely as an answer follows its request.
 */
class TruthIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of each membership's time, besides what its requests took: times are whole milliseconds. */
  private static final long ROUNDING_MS = 4;

  /** What a channel came to. */
  private record Sums(
      long joins,
      long ends,
      long silent,
      long switchesIn,
      long switchesOut,
      long uploaded,
      long downloaded) {
    Sums plus(Sums other) {
      return new Sums(
          joins + other.joins,
          ends + other.ends,
          silent + other.silent,
          switchesIn + other.switchesIn,
          switchesOut + other.switchesOut,
          uploaded + other.uploaded,
          downloaded + other.downloaded);
    }

    static Sums of(JsonNode truth) {
      // Those who are still there fall silent.
      return new Sums(
          truth.path("joins").asLong(),
          truth.path("leaves").asLong(),
          truth.path("silent").asLong() + truth.path("present").asLong(),
          truth.path("switches_in").asLong(),
          truth.path("switches_out").asLong(),
          truth.path("uploaded_bytes").asLong(),
          truth.path("downloaded_bytes").asLong());
    }

    static Sums told(JsonNode channel) {
      return new Sums(
          channel.path("joins").asLong(),
          channel.path("leaves").asLong(),
          channel.path("silent").asLong(),
          channel.path("switches_in").asLong(),
          channel.path("switches_out").asLong(),
          channel.at("/traffic/uploaded_bytes").asLong(),
          channel.at("/traffic/downloaded_bytes").asLong());
    }
  }

  @Test
  void eventsAndChannelsOfOneNodeComeToWhatPeersDid(@TempDir Path folder) throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("timers.track", "3s")
            .set("timers.tick", "250ms")
            .set("events.accounts", "2s")
            .set("events.kept", 100_000)
            .start()) {
      List<JsonNode> events = check(List.of(tracker), folder, 6, "--switch=2s");
      Map<String, Long> watched = new TreeMap<>();
      Map<String, Long> recorded = new TreeMap<>();
      int interim = 0;
      for (JsonNode event : events) {
        long ms = event.path("watched_ms").asLong();
        switch (event.path("event").asText()) {
          case "left" -> watched.merge(event.path("swarm_id").asText(), ms, Long::sum);
          case "switched" -> watched.merge(event.path("from_swarm_id").asText(), ms, Long::sum);
          case "expired" -> {
            for (JsonNode membership : event.path("memberships")) {
              watched.merge(
                  membership.path("swarm_id").asText(),
                  membership.path("watched_ms").asLong(),
                  Long::sum);
            }
          }
          case "account" -> {
            recorded.merge(event.path("swarm_id").asText(), ms, Long::sum);
            interim += event.path("final").asBoolean() ? 0 : 1;
          }
          default -> {}
        }
      }
      assertEquals(watched, recorded);
      assertTrue(interim > 20, interim + " records of those who stay");
    }
  }

  /**
   * Each report is taken by one node and counted by another, the owner of the list, some seconds
   * later: so nobody comes back to a channel.
   */
  @Test
  void soDoThoseOfTwo(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(
                folder,
                node ->
                    node.set("timers.track", "5s")
                        .set("timers.tick", "250ms")
                        .set("events.kept", 100_000))
            .start(2)) {
      check(cluster.nodes(), folder, 5, "--switch=1000h");
    }
  }

  /** Returns what the first node has told. */
  private static List<JsonNode> check(
      List<TrackerProcess> nodes, Path folder, int seconds, String... more) throws Exception {
    Path file = folder.resolve("truth.json");
    List<EventTap> taps = new ArrayList<>();
    try {
      for (TrackerProcess node : nodes) {
        EventTap tap = EventTap.open(node, "scope=node");
        taps.add(tap);
        Await.until("the answer has begun", PATIENCE, () -> !tap.lines().isEmpty());
      }
      List<String> arguments = new ArrayList<>(List.of("simulate"));
      nodes.forEach(node -> arguments.add(node.http().toString()));
      arguments.addAll(
          List.of(
              "--peers=60",
              "--channels=6",
              "--arrival=1s",
              "--duration=" + seconds + "s",
              "--report=1s",
              "--find=2s",
              "--stay=3s",
              "--silent=0.3",
              "--seed=" + Seeds.seed(),
              "--truth=" + file));
      arguments.addAll(List.of(more));
      Finished simulation = TrackerProcess.bare().arguments(arguments.toArray(new String[0])).run();
      assertEquals(0, simulation.exitCode(), simulation::toString);
      JsonNode truth = Json.parse(Files.readString(file));
      assertEquals(0, truth.path("unclear").asLong(), simulation::toString);

      Map<String, Sums> did = new TreeMap<>();
      Map<String, JsonNode> channels = new TreeMap<>();
      for (JsonNode channel : truth.path("channels")) {
        did.put(channel.path("swarm_id").asText(), Sums.of(channel));
        channels.put(channel.path("swarm_id").asText(), channel);
      }
      assertTrue(did.size() >= 5, did::toString);
      Sums all = did.values().stream().reduce(new Sums(0, 0, 0, 0, 0, 0, 0), Sums::plus);
      assertEquals(all.joins(), all.ends() + all.silent());
      assertTrue(all.joins() > 100 && all.silent() > 20, all::toString);
      assertTrue(all.switchesIn() > 50 || more[0].contains("h"), all::toString);

      for (TrackerProcess node : nodes) {
        assertTold(node, did, channels);
      }
      try {
        Await.until(
            "the last events",
            PATIENCE,
            () -> heard(taps).equals(did) && !isBehind(taps.get(0).events()));
      } catch (AssertionError e) {
        assertEquals(did, heard(taps));
        throw e;
      }
      nodes.forEach(node -> assertEquals(List.of(), node.errors()));
      return taps.get(0).events();
    } finally {
      taps.forEach(EventTap::close);
    }
  }

  /** The last thing that is told of somebody who went is an account, where there are any. */
  private static boolean isBehind(List<JsonNode> events) {
    boolean accounts = events.stream().anyMatch(it -> it.path("event").asText().equals("account"));
    return accounts && !events.get(events.size() - 1).path("final").asBoolean();
  }

  private static JsonNode told(TrackerProcess node) throws Exception {
    return Json.parse(node.management().get("/api/v1/channels?by=joins").body());
  }

  /** Returns how many are there, as was counted within the last seconds. */
  private static int peers(JsonNode told) {
    int peers = 0;
    for (JsonNode channel : told.path("channels")) {
      peers += channel.path("peers").asInt();
    }
    return peers;
  }

  private static Map<String, Sums> sums(JsonNode told) {
    Map<String, Sums> sums = new TreeMap<>();
    for (JsonNode channel : told.path("channels")) {
      sums.put(channel.path("swarm_id").asText(), Sums.told(channel));
    }
    return sums;
  }

  private static void assertTold(
      TrackerProcess node, Map<String, Sums> did, Map<String, JsonNode> channels) throws Exception {
    try {
      Await.until(
          "all have fallen silent",
          PATIENCE,
          () -> sums(told(node)).equals(did) && peers(told(node)) == 0);
    } catch (AssertionError e) {
      assertEquals(did, sums(told(node)));
      throw e;
    }
    long last = Long.MAX_VALUE;
    for (JsonNode channel : told(node).path("channels")) {
      String swarm = channel.path("swarm_id").asText();
      JsonNode truth = requireNonNull(channels.get(swarm));
      long joins = channel.path("joins").asLong();
      assertTrue(joins <= last, "in that order");
      last = joins;
      long watchedMs = channel.path("watched_ms").asLong();
      long expectedMs =
          truth.path("watched_ms").asLong() + truth.path("present_watched_ms").asLong();
      long withinMs = truth.path("watched_within_ms").asLong();
      assertTrue(
          Math.abs(watchedMs - expectedMs) <= withinMs + joins * ROUNDING_MS,
          () -> swarm + ": " + watchedMs + " of " + truth + " in " + joins + " times");
      assertTrue(channel.path("inconsistent").asBoolean(), "they send half of what they receive");
      double offload = channel.at("/traffic/offload").asDouble();
      assertTrue(offload > 0.4999 && offload < 0.5001, channel::toString);
      assertPeak(channel, truth);
    }
  }

  /** Minutes are told as of their last second, and the peak is that of no minute's end alone. */
  private static void assertPeak(JsonNode channel, JsonNode truth) {
    long peak = channel.at("/peak/leeches").asLong();
    for (JsonNode minute : truth.path("minutes")) {
      assertTrue(minute.path("viewers").asLong() <= peak, channel::toString);
    }
    assertTrue(peak <= truth.path("joins").asLong(), channel::toString);
  }

  /** Returns what whoever adds up events comes to; all of one peer are in one tap, in order. */
  private static Map<String, Sums> heard(List<EventTap> taps) {
    Map<String, Sums> heard = new TreeMap<>();
    for (EventTap tap : taps) {
      Map<String, long[]> moved = new HashMap<>();
      for (JsonNode event : tap.events()) {
        String swarm = event.path("swarm_id").asText();
        String from = event.path("from_swarm_id").asText();
        String member = event.path("peer_id").asText() + ' ' + swarm;
        switch (event.path("event").asText()) {
          case "joined" -> {
            add(heard, swarm, new Sums(1, 0, 0, 0, 0, 0, 0));
            moved.remove(member);
          }
          case "left" -> add(heard, swarm, new Sums(0, 1, 0, 0, 0, 0, 0));
          case "switched" -> {
            add(heard, from, new Sums(0, 1, 0, 0, 1, 0, 0));
            add(heard, swarm, new Sums(1, 0, 0, 1, 0, 0, 0));
            moved.remove(member);
          }
          case "expired" -> {
            for (JsonNode membership : event.path("memberships")) {
              add(heard, membership.path("swarm_id").asText(), new Sums(0, 0, 1, 0, 0, 0, 0));
            }
          }
          case "reported" -> {
            long[] before = moved.getOrDefault(member, new long[2]);
            long[] now = {
              event.path("uploaded_bytes").asLong(), event.path("downloaded_bytes").asLong()
            };
            add(heard, swarm, new Sums(0, 0, 0, 0, 0, now[0] - before[0], now[1] - before[1]));
            moved.put(member, now);
          }
          default ->
              assertTrue(
                  List.of("registered", "account").contains(event.path("event").asText()),
                  event::toString);
        }
      }
    }
    return heard;
  }

  private static void add(Map<String, Sums> heard, String swarm, Sums more) {
    heard.merge(swarm, more, Sums::plus);
  }
}
