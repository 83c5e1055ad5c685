package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.SplitCluster;
import io.ppstp.tracker.testing.SplitNetwork;
import io.ppstp.tracker.testing.SplitNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that falls apart and heals: real links between network namespaces are cut. */
class ClusterSplitIT {
  private static final int SMALL = 3;
  private static final int SWARMS = 6;
  private static final int EARLY_PEERS = 60;
  private static final int LATE_PEERS = 20;
  private static final int MOVERS = 8;
  private static final int LEAVERS = 6;

  /** The member timeout of 5 s and what a busy machine adds to it. */
  private static final Duration NOTICED = Duration.ofSeconds(30);

  private static final Duration MERGED = Duration.ofSeconds(90);
  private static final Duration SETTLED = Duration.ofSeconds(60);
  private static final Duration REPEATED = Duration.ofSeconds(40);
  private static final Duration STILL = Duration.ofSeconds(3);
  private static final Pattern MERGE_LINE =
      Pattern.compile("after a network split, ([0-9]+) registrations .* here, ([0-9]+) duplicates");

  private final Map<String, Set<String>> expected = new TreeMap<>();
  private int messages;

  @BeforeAll
  static void needsNamespaces() throws InterruptedException {
    Optional<String> obstacle = SplitNetwork.obstacle();
    obstacle.ifPresent(why -> System.out.println("ClusterSplitIT is skipped: " + why));
    Assumptions.assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
  }

  private static String swarm(int number) {
    return "swarm-" + number % SWARMS;
  }

  private Message connect(String peer) {
    int port = 1024 + Math.floorMod(peer.hashCode(), 60_000);
    return Message.connect(peer, "t" + ++messages).address("192.0.2.7", port);
  }

  /** Repeats a message, as peers do, until it succeeds. */
  private static void succeed(SplitNode node, Message message) throws Exception {
    Await.until(message.json(), REPEATED, () -> node.post(message).isSuccess());
  }

  private void join(SplitNode node, String peer, String swarm) throws Exception {
    succeed(node, connect(peer).joinAsLeech(swarm));
    expect(peer, swarm);
  }

  private void change(SplitNode node, String peer, String from, String to) throws Exception {
    succeed(node, connect(peer).leave(from).joinAsLeech(to));
    expect(peer, to);
  }

  private void leave(SplitNode node, String peer, String swarm) throws Exception {
    succeed(node, connect(peer).leave(swarm));
    expectGone(peer);
  }

  private void expect(String peer, String swarm) {
    expectGone(peer);
    expected.computeIfAbsent(swarm, first -> new TreeSet<>()).add(peer);
  }

  private void expectGone(String peer) {
    expected.values().forEach(peers -> peers.remove(peer));
    expected.values().removeIf(Set::isEmpty);
  }

  /** Returns the members of all swarms, as a node tells them to an observer. */
  private Map<String, Set<String>> found(SplitNode node) throws Exception {
    String observer = "observer";
    Map<String, Set<String>> found = new TreeMap<>();
    for (String swarm : expected.keySet()) {
      Message find = Message.find(observer, "t" + ++messages, swarm).peerCount(29);
      Reply reply = node.post(find);
      if (!reply.isSuccess()) {
        return Map.of();
      }
      Set<String> peers = new TreeSet<>(reply.peers(swarm));
      if (swarm.equals(observer)) {
        peers.add(observer);
      }
      found.put(swarm, peers);
    }
    return found;
  }

  private void assertFound(SplitCluster cluster, Duration patience) throws Exception {
    join(cluster.node(1), "observer", "observer");
    for (SplitNode node : cluster.nodes()) {
      if (!Await.holdsWithin(patience, () -> found(node).equals(expected))) {
        assertEquals(expected, found(node), () -> "on host " + node.host());
      }
    }
    long peers = expected.values().stream().mapToLong(Set::size).sum();
    Held all = new Held(peers, expected.size(), peers);
    for (SplitNode node : cluster.nodes()) {
      if (!Await.holdsWithin(patience, () -> held(node).equals(all))) {
        assertEquals(all, held(node), () -> "on host " + node.host());
      }
    }
  }

  private static Held held(SplitNode node) throws IOException, InterruptedException {
    JsonNode status = node.status();
    return new Held(
        status.path("peers").asLong(),
        status.path("swarms").asLong(),
        status.path("members").asLong());
  }

  private static void cut(SplitCluster cluster) throws Exception {
    long start = System.nanoTime();
    cluster.network().cut(SMALL);
    cluster.awaitMembers(SMALL, 1, NOTICED);
    cluster.awaitMembers(1, 2, NOTICED);
    cluster.awaitMembers(2, 2, NOTICED);
    tell("both sides have noticed the cut", start);
  }

  private static void heal(SplitCluster cluster) throws Exception {
    long start = System.nanoTime();
    cluster.network().heal(SMALL);
    for (SplitNode node : cluster.nodes()) {
      cluster.awaitMembers(node.host(), 3, MERGED);
    }
    tell("one cluster again", start);
  }

  private static void tell(String what, long startNs) {
    long ms = Duration.ofNanos(System.nanoTime() - startNs).toMillis();
    System.out.println("ClusterSplitIT: " + what + " after " + ms + " ms");
  }

  /**
   * Repeats a message, as peers do, until its answer is other than that it cannot be served now.
   */
  private static Reply decided(SplitNode node, Message message) throws Exception {
    List<Reply> replies = new ArrayList<>();
    Await.until(
        message.json(),
        REPEATED,
        () -> {
          Reply reply = node.post(message);
          replies.add(reply);
          return reply.errorCode() != 4 && reply.errorCode() != 5;
        });
    return replies.get(replies.size() - 1);
  }

  private static void awaitReady(SplitNode node, int status) throws Exception {
    Await.until(
        "status " + status + " of host " + node.host(),
        REPEATED,
        () -> node.manage("/health/ready").status() == status);
  }

  private List<String> knownTo(SplitNode node, List<String> peers) throws Exception {
    List<String> known = new ArrayList<>();
    for (String peer : peers) {
      if (decided(node, Message.statReport(peer, "t" + ++messages)).isSuccess()) {
        known.add(peer);
      }
    }
    return known;
  }

  private String swarmOf(String peer) {
    return expected.entrySet().stream()
        .filter(entry -> entry.getValue().contains(peer))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  @Test
  void bothSidesServeAndComeTogetherAgain(@TempDir Path folder) throws Exception {
    try (SplitCluster cluster =
        SplitCluster.start(
            3,
            folder,
            node ->
                node.set("policy.find-requires-membership", false).set("timers.track", "10m"))) {
      List<String> early = new ArrayList<>();
      for (int i = 0; i < EARLY_PEERS; i++) {
        String peer = "early-" + i;
        early.add(peer);
        join(cluster.node(1 + i % 3), peer, swarm(i));
      }
      assertFound(cluster, REPEATED);

      cut(cluster);
      changeOnBothSides(cluster, early);
      awaitReady(cluster.node(SMALL), 200);
      awaitReady(cluster.node(1), 200);

      List<EventTap> taps = new ArrayList<>();
      try {
        for (SplitNode node : cluster.nodes()) {
          EventTap tap = EventTap.open(node, "kind=left&scope=node");
          taps.add(tap);
          Await.until("the answer has begun", REPEATED, () -> !tap.lines().isEmpty());
        }
        heal(cluster);
        assertFound(cluster, SETTLED);
        Thread.sleep(STILL.toMillis());
        assertFound(cluster, REPEATED);
        assertMergeIsTold(cluster);
        assertMembershipsThatWereDroppedAreTold(taps);
      } finally {
        taps.forEach(EventTap::close);
      }
    }
  }

  /** What movers joined on the side on which they were last is kept, the other is told once. */
  private void assertMembershipsThatWereDroppedAreTold(List<EventTap> taps) throws Exception {
    List<String> dropped = new ArrayList<>();
    for (String peer : expected.getOrDefault("moved-on-large", Set.of())) {
      dropped.add(peer + " merged from moved-on-small");
    }
    for (String peer : expected.getOrDefault("moved-on-small", Set.of())) {
      dropped.add(peer + " merged from moved-on-large");
    }
    assertEquals(MOVERS, dropped.size());
    List<String> wanted = dropped.stream().sorted().toList();
    if (!Await.holdsWithin(REPEATED, () -> toldOfMovers(taps).equals(wanted))) {
      assertEquals(wanted, toldOfMovers(taps));
    }
  }

  private static List<String> toldOfMovers(List<EventTap> taps) {
    return taps.stream()
        .flatMap(tap -> tap.events().stream())
        .filter(event -> event.path("swarm_id").asText().startsWith("moved-on-"))
        .map(
            event ->
                event.path("peer_id").asText()
                    + " "
                    + event.path("reason").asText()
                    + " from "
                    + event.path("swarm_id").asText())
        .sorted()
        .toList();
  }

  private void changeOnBothSides(SplitCluster cluster, List<String> early) throws Exception {
    SplitNode small = cluster.node(SMALL);
    List<String> known = knownTo(small, early);
    List<String> unknown = new ArrayList<>(early);
    unknown.removeAll(known);
    System.out.printf(
        "ClusterSplitIT: the small side knows %d of %d%n", known.size(), early.size());
    assertTrue(known.size() >= MOVERS + 2 * LEAVERS, known::toString);

    for (int i = 0; i < LATE_PEERS; i++) {
      join(cluster.node(1 + i % 2), "large-" + i, swarm(i));
      join(small, "small-" + i, swarm(i));
    }
    for (int i = 0; i < MOVERS; i++) {
      String peer = known.get(i);
      String from = swarmOf(peer);
      boolean smallFirst = i % 2 == 0;
      if (smallFirst) {
        change(small, peer, from, "moved-on-small");
      }
      change(cluster.node(1), peer, from, "moved-on-large");
      if (!smallFirst) {
        change(small, peer, from, "moved-on-small");
      }
    }
    for (String peer : known.subList(MOVERS, MOVERS + LEAVERS)) {
      leave(small, peer, swarmOf(peer));
    }
    for (String peer : known.subList(MOVERS + LEAVERS, MOVERS + 2 * LEAVERS)) {
      leave(cluster.node(2), peer, swarmOf(peer));
    }
    for (String peer : unknown.subList(0, Math.min(MOVERS, unknown.size()))) {
      join(small, peer, "anew-on-small");
    }
  }

  /** The log of a node tells what its status counts; a line may come a little later. */
  private static void assertMergeIsTold(SplitCluster cluster) throws Exception {
    long mergedInAll = 0;
    for (SplitNode node : cluster.nodes()) {
      if (!Await.holdsWithin(REPEATED, () -> counted(node).equals(logged(node)))) {
        assertEquals(counted(node), logged(node), () -> "on host " + node.host());
      }
      mergedInAll += counted(node).merged();
      node.process().log().stream()
          .filter(line -> MERGE_LINE.matcher(line).find())
          .forEach(line -> System.out.println("ClusterSplitIT: " + line));
    }
    assertTrue(mergedInAll >= LATE_PEERS, "merged " + mergedInAll);
  }

  /** What a merge came to. */
  private record Merge(long merged, long dropped) {}

  private static Merge counted(SplitNode node) throws Exception {
    JsonNode status = node.cluster();
    return new Merge(status.path("merged").asLong(), status.path("dropped").asLong());
  }

  private static Merge logged(SplitNode node) {
    long merged = 0;
    long dropped = 0;
    for (String line : node.process().log()) {
      Matcher matcher = MERGE_LINE.matcher(line);
      if (matcher.find()) {
        merged += Long.parseLong(matcher.group(1));
        dropped += Long.parseLong(matcher.group(2));
      }
    }
    return new Merge(merged, dropped);
  }

  @Test
  void smallerSideRefusesBelowMinimumMembers(@TempDir Path folder) throws Exception {
    try (SplitCluster cluster =
        SplitCluster.start(
            3,
            folder,
            node ->
                node.set("cluster.minimum-members", 2)
                    .set("policy.find-requires-membership", false))) {
      SplitNode small = cluster.node(SMALL);
      join(small, "before", "swarm");
      assertFound(cluster, REPEATED);

      cut(cluster);
      awaitReady(small, 503);
      Reply refusal = small.post(connect("refused").joinAsLeech("swarm")).expect(503, 5);
      assertFalse(refusal.header("retry-after").isEmpty(), refusal::toString);
      small.post(Message.find("before", "t" + ++messages, "swarm")).expect(503, 5);
      assertEquals(200, small.manage("/health/live").status());
      for (int host : List.of(1, 2)) {
        awaitReady(cluster.node(host), 200);
        join(cluster.node(host), "during-" + host, "swarm");
      }

      heal(cluster);
      awaitReady(small, 200);
      join(small, "after", "swarm");
      assertFound(cluster, SETTLED);
    }
  }
}
