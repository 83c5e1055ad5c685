package io.ppstp.tracker.it;

import static io.ppstp.tracker.testing.Browser.announce;
import static io.ppstp.tracker.testing.Browser.answer;
import static io.ppstp.tracker.testing.Browser.twenty;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Browsers at three nodes that run from the jar find each other, whatever node each is at. */
class WebTorrentClusterIT {
  private static final String HASH = "\u0000\u0001\n\"\\\u007f\u0080\u00ffabcdefghijkl";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Browser> browsers = new ArrayList<>();

  @AfterEach
  void everybodyGoes() {
    browsers.forEach(Browser::close);
  }

  private Browser browser(TrackerProcess node) throws Exception {
    Browser opened = Browser.of(node.http());
    browsers.add(opened);
    return opened;
  }

  private static TrackerCluster cluster(Path folder, String track) throws Exception {
    return TrackerCluster.in(
            folder,
            node ->
                node.set("webtorrent.enabled", true)
                    .set("webtorrent.offers-per-second", 1000)
                    .set("timers.track", track))
        .start(3);
  }

  private static String peer(int node) {
    return twenty("-PM0203-node" + node);
  }

  /** Has a peer at each node, and returns when each has heard of the other two. */
  private List<Browser> viewers(TrackerCluster cluster) throws Exception {
    List<Browser> viewers = new ArrayList<>();
    for (TrackerProcess node : cluster.nodes()) {
      viewers.add(browser(node));
      viewers.get(viewers.size() - 1).send(announce(HASH, peer(viewers.size() - 1)));
    }
    for (int i = 0; i < viewers.size(); i++) {
      viewers.get(i).announceUntil(announce(HASH, peer(i)), viewers.size());
    }
    return viewers;
  }

  @Test
  void offersAndAnswersCrossNodesAndWhoClosesTheSocketIsGoneEverywhere(@TempDir Path folder)
      throws Exception {
    try (TrackerCluster cluster = cluster(folder, "180s")) {
      List<Browser> viewers = viewers(cluster);
      for (int i = 0; i < viewers.size(); i++) {
        exchange(viewers, i);
      }
      // A page that lists two nodes has two sockets by one peer ID: an answer comes over that one
      // which the offer went over.
      Browser second = browser(cluster.nodes().get(1));
      second.announceUntil(announce(HASH, peer(0)), 4);
      second.send(announce(HASH, peer(0), "second", 5)).takeAnnounced();
      JsonNode offer = viewers.get(2).takeOffer();
      viewers.get(2).send(answer(offer, peer(2), "to the second"));
      assertEquals("to the second", second.takeAnswer().path("answer").path("sdp").asText());
      assertTrue(viewers.get(0).received().stream().noneMatch(it -> it.has("answer")));
      second.close();

      viewers.get(0).close();
      long closedNs = System.nanoTime();
      for (int i = 1; i < viewers.size(); i++) {
        viewers.get(i).announceUntil(announce(HASH, peer(i)), 2);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - closedNs);
      assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, () -> "gone after " + took);
      long elsewhere = 0;
      for (TrackerProcess node : cluster.nodes()) {
        assertEquals(List.of(), node.errors());
        elsewhere +=
            node.management().status().path("webtorrent").path("offers_to_other_nodes").asLong();
      }
      assertTrue(elsewhere >= 6, "offers went to other nodes: " + elsewhere);
      System.out.println("gone everywhere after " + took.toMillis() + " ms");
    }
  }

  /** One viewer offers to the two others, and both answer. */
  private static void exchange(List<Browser> viewers, int from) throws Exception {
    Browser offerer = viewers.get(from);
    offerer.send(announce(HASH, peer(from), "round" + from, 2)).takeAnnounced();
    Map<String, String> answered = new HashMap<>();
    for (int i = 0; i < viewers.size(); i++) {
      if (i != from) {
        JsonNode offer = viewers.get(i).takeOffer();
        assertEquals(peer(from), offer.path("peer_id").asText());
        viewers.get(i).send(answer(offer, peer(i), "answer of " + i));
        String sdp = offer.path("offer").path("sdp").asText();
        String number = sdp.substring(sdp.length() - 1);
        answered.put(twenty("round" + from + "-offer-" + number), "answer of " + i);
      }
    }
    for (int i = 0; i < 2; i++) {
      JsonNode answer = offerer.takeAnswer();
      assertEquals(
          answered.remove(answer.path("offer_id").asText()),
          answer.path("answer").path("sdp").asText());
    }
    assertEquals(Map.of(), answered);
  }

  @Test
  void whoIsSilentIsGoneAfterTheTrackTimerThoughTheSocketLives(@TempDir Path folder)
      throws Exception {
    try (TrackerCluster cluster = cluster(folder, "6s")) {
      List<Browser> viewers = viewers(cluster);
      String other = twenty("another rendition");
      // After a change of quality a page says nothing any more about the old swarm.
      Await.until(
          "only the one that still announces itself is left",
          PATIENCE,
          () -> {
            viewers.get(0).send(announce(other, peer(0))).takeAnnounced();
            JsonNode numbers = viewers.get(1).send(announce(HASH, peer(1))).takeAnnounced();
            return numbers.path("incomplete").asInt() == 1;
          });
      assertTrue(viewers.get(0).isOpen() && viewers.get(2).isOpen());
      viewers.get(2).send(announce(HASH, peer(2))).takeAnnounced();
      viewers.get(1).announceUntil(announce(HASH, peer(1)), 2);
    }
  }

  @Test
  void theOthersGoOnWhenANodeIsKilledAndItsViewersAreGoneSoon(@TempDir Path folder)
      throws Exception {
    try (TrackerCluster cluster = cluster(folder, "180s")) {
      List<Browser> viewers = viewers(cluster);
      cluster.kill(cluster.nodes().get(2));
      assertEquals(1006, viewers.get(2).closedWith());
      Await.until(
          "the two others exchange offers and are two",
          PATIENCE,
          () -> {
            JsonNode numbers =
                viewers
                    .get(0)
                    .send(announce(HASH, peer(0), "after", 5))
                    .take("any answer", it -> it.has("interval") || it.has("failure reason"));
            viewers
                .get(1)
                .send(announce(HASH, peer(1)))
                .take("any answer", it -> it.has("interval") || it.has("failure reason"));
            return numbers.path("incomplete").asInt() == 2
                && viewers.get(1).received().stream().anyMatch(it -> it.has("offer"));
          });
      for (JsonNode message : viewers.get(1).received()) {
        if (message.has("offer")) {
          viewers.get(1).send(answer(message, peer(1), "still here"));
        }
      }
      JsonNode answer = viewers.get(0).takeAnswer();
      assertEquals("still here", answer.path("answer").path("sdp").asText());
    }
  }

  @Test
  void aNodeThatStopsTakesItsViewersOutOfTheirSwarms(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster = cluster(folder, "180s")) {
      List<Browser> viewers = viewers(cluster);
      assertEquals(0, cluster.leave(cluster.nodes().get(2), PATIENCE));
      assertEquals(1001, viewers.get(2).closedWith());
      Await.until(
          "the two others are two",
          PATIENCE,
          () ->
              viewers
                      .get(0)
                      .send(announce(HASH, peer(0)))
                      .take("any answer", it -> it.has("interval") || it.has("failure reason"))
                      .path("incomplete")
                      .asInt()
                  == 2);
    }
  }
}
