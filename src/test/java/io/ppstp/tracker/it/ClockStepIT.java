package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps of a wall clock, forward, back and by hours, on the node whose time is the cluster's:
 * nobody expires early or late for it. libfaketime moves the clock of one process and leaves its
 * monotonic clock alone.
 */
class ClockStepIT {
  private static final Duration TRACK = Duration.ofSeconds(12);

  /**
   * Time for a tick, for lists to follow, for a machine that has other things to do, and for a
   * cluster to come together again that Hazelcast's failure detector has split: it goes by the wall
   * clock.
   */
  private static final Duration LATE = Duration.ofSeconds(30);

  private static final Duration EARLY = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than lists may take to follow. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final int PEERS = 20;

  private static Optional<Path> library() {
    return Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
        .map(machine -> Path.of("/usr/lib", machine, "faketime/libfaketime.so.1"))
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * What the library does for waits that go by the monotonic clock makes those of Java return at
   * once, so that its threads spin and a start takes a minute; without it they wait as they should.
   */
  private TrackerProcess.Builder onFakeTime(TrackerProcess.Builder node, Path time) {
    return node.environment("LD_PRELOAD", library().orElseThrow().toString())
        .environment("DONT_FAKE_MONOTONIC", "1")
        .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .environment("FAKETIME_FORCE_MONOTONIC_FIX", "0")
        .environment("NO_FAKE_STAT", "1")
        .environment("FAKETIME_CACHE_DURATION", "1")
        .environment("FAKETIME_TIMESTAMP_FILE", time.toString());
  }

  @Test
  void noStepOfTheOldestNodesClockExpiresAnybodyEarlyOrLate(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(library().isPresent(), "libfaketime is not installed");
    Path time = Files.writeString(folder.resolve("time"), "+0");
    try (TrackerCluster cluster =
        TrackerCluster.in(
            folder,
            node ->
                node.set("timers.track", TRACK.toSeconds() + "s").set("timers.tick", "250ms"))) {
      TrackerProcess oldest = cluster.start(onFakeTime(cluster.node(), time));
      cluster.start(1);
      cluster.awaitSafe(PATIENCE);
      TrackerProcess younger = cluster.nodes().get(1);
      for (String step : new String[] {"+90s", "-7200s"}) {
        cluster.awaitSafe(PATIENCE);
        assertTimersRun(cluster.nodes(), younger, step, time);
        assertTrue(oldest.isAlive());
      }
    }
  }

  @Test
  void noStepOfATrackersOwnClockExpiresAnybodyEarlyOrLate(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(library().isPresent(), "libfaketime is not installed");
    Path time = Files.writeString(folder.resolve("time"), "+0");
    try (TrackerProcess alone =
        onFakeTime(TrackerProcess.onFreePorts(), time)
            .set("timers.track", TRACK.toSeconds() + "s")
            .set("timers.tick", "250ms")
            .start()) {
      assertTimersRun(List.of(alone), alone, "+5h", time);
    }
  }

  /** Of Hazelcast's failure detector a step may make a split: then counts differ, timers do not. */
  private static double expired(List<TrackerProcess> nodes) throws Exception {
    double expired = 0;
    for (TrackerProcess node : nodes) {
      expired += node.management().metric("ppstp_peers_expired_total").orElse(0.0);
    }
    return expired;
  }

  /**
   * An expired peer counts once lists have followed, and after a split on both sides: what is left
   * of an earlier step would be taken for somebody who expires early.
   */
  private static double awaitQuiet(List<TrackerProcess> nodes) throws Exception {
    double[] last = {expired(nodes)};
    AtomicLong sinceNs = new AtomicLong(System.nanoTime());
    Await.until(
        "nobody is left of what was before",
        PATIENCE,
        () -> {
          long nowNs = System.nanoTime();
          double expired = expired(nodes);
          boolean left = false;
          for (TrackerProcess node : nodes) {
            left |= node.management().held().peers() != 0;
          }
          if (left || expired != last[0]) {
            last[0] = expired;
            sinceNs.set(nowNs);
          }
          return nowNs - sinceNs.get() > QUIET.toNanos();
        });
    return last[0];
  }

  private static void assertTimersRun(
      List<TrackerProcess> nodes, TrackerProcess node, String step, Path time) throws Exception {
    double expired = awaitQuiet(nodes);
    long firstNs = System.nanoTime();
    for (int i = 0; i < PEERS; i++) {
      String peer = "p" + step + i;
      node.client().post(Message.connect(peer, "1").joinAsLeech("a")).expectSuccess();
    }
    long lastNs = System.nanoTime();
    Await.until("all count", EARLY, () -> node.management().held().peers() == PEERS);
    Files.writeString(time, step);

    Duration before = TRACK.minus(EARLY).minusNanos(System.nanoTime() - firstNs);
    boolean early = Await.holdsWithin(before, () -> expired(nodes) > expired);
    assertFalse(early, "somebody expired early after " + step);
    Await.until(
        "all expire on time after " + step,
        TRACK.plus(LATE).minusNanos(System.nanoTime() - lastNs),
        () -> node.management().held().peers() == 0);
  }
}
