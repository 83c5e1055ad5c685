package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.LiveExample;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.Viewers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a page's viewers have of a cluster: hls.js and p2p-media-loader in a browser play the live
 * stream of {@code src/examples/live}, each viewer at another node.
 */
class WebTorrentBrowserIT {
  private static final int VIEWERS = 3;
  private static final int LOW = 0;
  private static final int HIGH = 1;
  private static final int HIGH_HEIGHT = 360;
  private static final Duration TRACK = Duration.ofSeconds(15);

  /** A page gives up the swarm of a quality so long after it has left it; 30 s by default. */
  private static final Duration INACTIVE = Duration.ofSeconds(1);

  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Some segments of picture and sound. */
  private static final long ENOUGH_BYTES = 100_000;

  /** Trackers that know nothing of each other. */
  private record Apart(List<TrackerProcess> trackers) implements AutoCloseable {
    static Apart start(LiveExample live) {
      List<TrackerProcess> trackers = new ArrayList<>();
      for (int i = 0; i < VIEWERS; i++) {
        TrackerProcess.Builder tracker =
            TrackerProcess.onFreePorts().jvmOption("-Xmx128m").jvmOption("-XX:TieredStopAtLevel=1");
        trackers.add(serving(tracker, live).launch());
      }
      trackers.forEach(TrackerProcess::awaitReady);
      return new Apart(trackers);
    }

    @Override
    public void close() {
      trackers.forEach(TrackerProcess::close);
    }
  }

  private static TrackerProcess.Builder serving(TrackerProcess.Builder node, LiveExample live) {
    return node.set("webtorrent.enabled", true)
        .set("webtorrent.origins", live.origin())
        .set("timers.track", TRACK.toSeconds() + "s");
  }

  @Test
  void viewersAtThreeNodesGetTheStreamFromEachOther(@TempDir Path folder) throws Exception {
    String missing =
        Stream.concat(LiveExample.missing().stream(), Viewers.missing().stream())
            .findFirst()
            .orElse("");
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing);
    try (LiveExample live = LiveExample.start(folder);
        TrackerCluster cluster =
            TrackerCluster.in(folder, node -> serving(node, live)).start(VIEWERS);
        Apart apart = Apart.start(live);
        Viewers viewers = Viewers.start(folder)) {
      live.awaitReady();
      for (int i = 0; i < VIEWERS; i++) {
        viewers.open("apart " + i, page(live, apart.trackers().get(i), LOW));
        viewers.open("viewer " + i, page(live, cluster.nodes().get(i), LOW));
      }
      for (int i = 0; i < VIEWERS; i++) {
        awaitBytesFromPeers(viewers, "viewer " + i, 0);
        JsonNode sockets = cluster.nodes().get(i).management().status().path("webtorrent");
        assertEquals(1, sockets.path("sockets").asInt(), "each is at another node");
      }

      cluster.kill(cluster.nodes().get(VIEWERS - 1));
      for (int i = 0; i < VIEWERS - 1; i++) {
        String viewer = "viewer " + i;
        awaitBytesFromPeers(viewers, viewer, viewers.look(viewer).path("fromPeers").asLong());
      }

      changeQuality(live, viewers, cluster);
      awaitNothingFromPeers(viewers, apart);
      closeAll(viewers, cluster);
      assertEquals(List.of(), live.stop());
    }
  }

  private static URI page(LiveExample live, TrackerProcess tracker, int quality) {
    return live.page(
        tracker,
        "&quality=" + quality + "&core.p2pInactiveLoaderDestroyTimeoutMs=" + INACTIVE.toMillis());
  }

  private static void awaitBytesFromPeers(Viewers viewers, String viewer, long before)
      throws Exception {
    List<JsonNode> seen = new ArrayList<>();
    boolean come =
        Await.holdsWithin(
            PATIENCE,
            () -> {
              seen.add(viewers.look(viewer));
              JsonNode last = seen.get(seen.size() - 1);
              return last.path("picturePeers").asInt() > 0
                  && last.path("soundPeers").asInt() > 0
                  && last.path("fromPeers").asLong() >= before + ENOUGH_BYTES;
            });
    JsonNode last = seen.get(seen.size() - 1);
    String log = viewers.log();
    assertTrue(come, () -> viewer + " has no peers or no bytes: " + last + "; " + log);
    System.out.println(viewer + ": " + last);
  }

  /** The control: with a tracker for each, viewers do not find each other. */
  private static void awaitNothingFromPeers(Viewers viewers, Apart apart) throws Exception {
    for (int i = 0; i < VIEWERS; i++) {
      JsonNode alone = viewers.look("apart " + i);
      assertEquals(0, alone.path("fromPeers").asLong(), alone::toString);
      assertEquals(0, alone.path("picturePeers").asInt(), alone::toString);
      assertTrue(alone.path("fromServer").asLong() > ENOUGH_BYTES, alone::toString);
      TrackerProcess tracker = apart.trackers().get(i);
      assertEquals(2, tracker.management().held().members(), "in the picture's and the sound's");
      assertEquals(List.of(), tracker.errors());
      System.out.println("alone: " + alone);
    }
  }

  /**
   * Two viewers change the quality, whose swarm a third one joins; they say nothing to the swarm
   * that they have left. Nor does the viewer whose node has died.
   */
  private static void changeQuality(LiveExample live, Viewers viewers, TrackerCluster cluster)
      throws Exception {
    List<String> swarms = swarms(viewers, "viewer 0");
    assertEquals(2, swarms.size(), "a swarm for the picture and one for the sound");
    viewers.choose("viewer 0", HIGH);
    viewers.choose("viewer 1", HIGH);
    viewers.open("late", page(live, cluster.nodes().get(1), HIGH));
    awaitBytesFromPeers(viewers, "late", 0);
    Await.until(
        "a third swarm", PATIENCE, () -> swarms(viewers, "viewer 0").size() > swarms.size());
    String quality = swarms(viewers, "viewer 0").get(swarms.size());
    for (TrackerProcess node : cluster.nodes()) {
      try (Browser operator = Browser.of(node.http())) {
        Await.until(
            "the old swarm is empty, and three are in that of the sound and the new one",
            PATIENCE,
            () -> {
              List<Integer> members = new ArrayList<>();
              for (String swarm : swarms) {
                members.add(members(operator, swarm));
              }
              Collections.sort(members);
              return members.equals(List.of(0, 3)) && members(operator, quality) == 3;
            });
      }
    }
    Duration silent =
        Collections.min(List.of(silence(viewers, "viewer 0"), silence(viewers, "viewer 1")));
    assertTrue(silent.compareTo(TRACK.plus(SLACK)) < 0, () -> "not yet gone after " + silent);
    System.out.println("the old swarm was empty after " + silent.toMillis() + " ms of silence");
  }

  /** Returns how long a viewer has said nothing to the swarm that it has left. */
  private static Duration silence(Viewers viewers, String viewer) throws Exception {
    JsonNode last = viewers.look(viewer);
    assertEquals(HIGH_HEIGHT, last.path("height").asInt(), last::toString);
    long longestMs = 0;
    for (JsonNode silentMs : last.path("silentMs")) {
      longestMs = Math.max(longestMs, silentMs.asLong());
    }
    return Duration.ofMillis(longestMs);
  }

  private static List<String> swarms(Viewers viewers, String viewer) throws Exception {
    List<String> swarms = new ArrayList<>();
    viewers.look(viewer).path("swarms").forEach(swarm -> swarms.add(swarm.asText()));
    return swarms;
  }

  /** Returns how many a swarm has; -1 if that cannot be said just now. */
  private static int members(Browser operator, String swarm) throws Exception {
    JsonNode numbers =
        operator
            .send(Json.object().put("action", "scrape").put("info_hash", swarm))
            .take("answer", it -> it.has("files") || it.has("failure reason"))
            .path("files")
            .path(swarm);
    return numbers.path("complete").asInt(-1) + numbers.path("incomplete").asInt();
  }

  private static void closeAll(Viewers viewers, TrackerCluster cluster) throws Exception {
    List<String> swarms = swarms(viewers, "viewer 0");
    List<Browser> operators = new ArrayList<>();
    try {
      for (TrackerProcess node : cluster.nodes()) {
        operators.add(Browser.of(node.http()));
      }
      long beforeNs = System.nanoTime();
      viewers.closeAll();
      long closedNs = System.nanoTime();
      Await.until(
          "nobody is left at any node",
          PATIENCE,
          () -> {
            for (Browser operator : operators) {
              for (String swarm : swarms) {
                if (members(operator, swarm) != 0) {
                  return false;
                }
              }
            }
            return true;
          });
      long goneNs = System.nanoTime();
      Duration took = Duration.ofNanos(goneNs - closedNs);
      assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, () -> "gone after " + took);
      System.out.printf(
          "all pages closed within %d ms, and nobody left at any node after %d ms%n",
          Duration.ofNanos(closedNs - beforeNs).toMillis(),
          Duration.ofNanos(goneNs - beforeNs).toMillis());
    } finally {
      operators.forEach(Browser::close);
    }
  }
}
