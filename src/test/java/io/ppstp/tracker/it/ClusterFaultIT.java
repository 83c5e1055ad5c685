package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.it.ClusterLoad.Target;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes under load, to which everything happens that happens to nodes. After each fault all
 * that was acknowledged is there, on every node, and nothing else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultIT {
  private static final int PEERS_PER_WORKER = 50;

  /** No viewer notices: the next request of a peer is due in a minute. */
  private static final Duration UNNOTICED = Duration.ofSeconds(2);

  private static final Duration SAFE = Duration.ofSeconds(60);
  private static final Duration LEAVING = Duration.ofSeconds(30);
  private static final int DELAY_MS = 3000;
  private static final Duration FROZEN = Duration.ofSeconds(15);

  /** What cluster.member-timeout adds up to with its heartbeats, at the worst. */
  private static final Duration NOTICED = Duration.ofSeconds(15);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  private final ClusterLoad load = new ClusterLoad(Seeds.random(), PEERS_PER_WORKER);
  private final ClusterPulse pulse = new ClusterPulse();
  private int mostRepeats;
  private TrackerCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = TrackerCluster.in(folder, node -> node.set("timers.track", "10m")).start(3);
    retarget();
    load.resume();
  }

  @AfterAll
  void stop() throws Exception {
    load.close();
    pulse.close();
    cluster.close();
  }

  private void retarget() {
    List<Target> all = cluster.nodes().stream().map(Target::of).toList();
    load.setTargets(all);
    pulse.setTargets(all);
  }

  /** Lets some load pass. */
  private void awaitRequests(int more) throws Exception {
    long wanted = load.requests() + more;
    Await.until(
        more + " more requests; " + load.violations(),
        Duration.ofSeconds(60),
        () -> load.requests() >= wanted);
  }

  /** Compares all nodes with all acknowledgements, then lets the load go on. */
  private void assertNothingLost(String fault) throws Exception {
    cluster.awaitSafe(SAFE);
    load.pause();
    assertEquals(List.of(), load.violations(), fault);
    Held acknowledged = LoadCheck.acknowledged(load.peers());
    for (TrackerProcess node : cluster.nodes()) {
      if (!Await.holdsWithin(SAFE, () -> node.management().held().equals(acknowledged))) {
        assertEquals(acknowledged, node.management().held(), "counts after " + fault);
      }
    }
    assertEquals(List.of(), contradictions(), fault);
    load.endWaiting();
    retarget();
    load.resume();
  }

  /** Asks all nodes at the same time. */
  private List<String> contradictions() throws Exception {
    List<Callable<List<String>>> checks = new ArrayList<>();
    for (TrackerProcess node : cluster.nodes()) {
      checks.add(() -> new LoadCheck(load.peers()).contradictions(Target.of(node)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(checks.size());
    try {
      List<String> wrong = new ArrayList<>();
      for (Future<List<String>> found : threads.invokeAll(checks)) {
        wrong.addAll(found.get());
      }
      return wrong;
    } finally {
      threads.shutdownNow();
    }
  }

  private void report(String fault, String figures) {
    int most = load.takeMostRepeats();
    mostRepeats = Math.max(most, mostRepeats);
    System.out.printf(
        "%s: %s; silence at most %d ms; %d requests, %d repeats, at most %d of one%n",
        fault, figures, pulse.longestGap().toMillis(), load.requests(), load.repeats(), most);
  }

  private static long millisSince(long startNs) {
    return (System.nanoTime() - startNs) / 1_000_000;
  }

  private void awaitMembers(int count, Duration patience) throws Exception {
    for (TrackerProcess node : cluster.nodes()) {
      Await.until(count + " members", patience, () -> TrackerCluster.members(node) == count);
    }
  }

  /** It decides who belongs to the cluster. ClusterChaosIT kills all of them, many times. */
  @Test
  @Order(1)
  void theOldestNodeIsKilled() throws Exception {
    awaitRequests(600);
    assertNothingLost("no fault");
    pulse.reset();
    long start = System.nanoTime();
    cluster.kill(cluster.nodes().get(0));
    awaitMembers(2, NOTICED);
    long noticed = millisSince(start);
    awaitRequests(300);
    Duration silence = pulse.longestGap();
    cluster.start();
    cluster.awaitSafe(SAFE);
    retarget();
    report("kill -9", "noticed after " + noticed + " ms, whole after " + millisSince(start));
    assertTrue(silence.compareTo(LONGEST_SILENCE) < 0, silence::toString);
    assertNothingLost("kill -9");
  }

  @Test
  @Order(2)
  void aLongPauseOfOneNode() throws Exception {
    TrackerProcess victim = cluster.nodes().get(1);
    List<TrackerProcess> others = new ArrayList<>(cluster.nodes());
    others.remove(victim);
    awaitRequests(300);
    pulse.reset();
    long start = System.nanoTime();
    victim.signal("STOP");
    try {
      for (TrackerProcess node : others) {
        Await.until("2 members", NOTICED, () -> TrackerCluster.members(node) == 2);
      }
      long noticed = millisSince(start);
      awaitRequests(300);
      Await.until("15 s", FROZEN.plusSeconds(20), () -> millisSince(start) > FROZEN.toMillis());
      report("SIGSTOP", "noticed after " + noticed + " ms");
      Duration silence = pulse.longestGap();
      assertTrue(silence.compareTo(LONGEST_SILENCE) < 0, silence::toString);
    } finally {
      victim.signal("CONT");
    }
    cluster.awaitSafe(SAFE);
    report("SIGCONT", "whole after " + (millisSince(start) - FROZEN.toMillis()) + " ms");
    assertNothingLost("SIGSTOP and SIGCONT");
  }

  @Test
  @Order(3)
  void aFourthNodeJoinsAndLeaves() throws Exception {
    long start = System.nanoTime();
    TrackerProcess fourth = cluster.start(cluster.node().set("shutdown.delay", DELAY_MS + "ms"));
    cluster.awaitSafe(SAFE);
    report("a fourth node", "whole after " + millisSince(start) + " ms");
    retarget();
    awaitRequests(300);
    assertNothingLost("a fourth node");
    List<String> errorsBefore = fourth.errors();
    pulse.reset();
    start = System.nanoTime();
    fourth.terminate();
    Await.until(
        "a node that says that it leaves",
        LEAVING,
        () -> fourth.management().get("/health/ready").statusCode() == 503);
    Message last = Message.statReport("nobody", "t1");
    assertEquals(3, Target.of(fourth).client().post(last).errorCode(), "served until it ends");
    assertEquals(0, cluster.leave(fourth, LEAVING));
    report("SIGTERM", "left after " + millisSince(start) + " ms");
    assertEquals(errorsBefore, fourth.errors());
    awaitMembers(3, NOTICED);
    awaitRequests(300);
    assertNothingLost("its leave");
  }

  @Test
  @Order(4)
  void allNodesAreRestartedOneAfterTheOther() throws Exception {
    awaitRequests(300);
    load.takeLongest();
    mostRepeats = 0;
    long start = System.nanoTime();
    for (TrackerProcess old : cluster.nodes()) {
      long begun = System.nanoTime();
      assertEquals(0, cluster.leave(old, LEAVING));
      long left = millisSince(begun);
      cluster.start();
      cluster.awaitSafe(SAFE);
      report("restart", "left after " + left + " ms, whole after " + millisSince(begun) + " ms");
      retarget();
      awaitRequests(300);
    }
    Duration longest = load.takeLongest();
    System.out.printf(
        "rolling restart: %d ms, a request took %d ms at most, repeated %d times without a pause%n",
        millisSince(start), longest.toMillis(), mostRepeats);
    assertNothingLost("a rolling restart");
    assertTrue(longest.compareTo(UNNOTICED) < 0, () -> "a request took " + longest);
  }
}
