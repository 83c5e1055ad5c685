package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with ports beyond loopback starts only if somebody has said who can reach them. */
class ClusterPlainTextIT {
  private static final int OPERATORS_FAULT = 2;

  @TempDir private Path folder = Path.of("set by JUnit");

  private static void assertRefused(TrackerProcess.Builder node, String begin, String advice)
      throws Exception {
    Finished finished = node.run();
    String err = finished.err();
    assertAll(
        finished::toString,
        () -> assertEquals(OPERATORS_FAULT, finished.exitCode()),
        // No more than what it says to the log before it looks at the cluster.
        () ->
            assertTrue(
                finished.out().lines().allMatch(l -> l.matches("\\S+Z (INFO |WARN ) \\w+: .*"))),
        () -> assertFalse(err.contains("Exception")),
        () -> assertEquals(1, err.lines().filter(it -> it.startsWith("ppstp-tracker: ")).count()),
        () -> assertTrue(err.contains(begin)),
        () -> assertTrue(err.contains(advice)));
  }

  @Test
  void aBusBeyondLoopbackNeedsTlsOrLeave() throws Exception {
    for (String command : new String[] {"check-config", "serve"}) {
      assertRefused(
          TrackerProcess.bare()
              .arguments("--cluster")
              .set("cluster.bus.host", "0.0.0.0")
              .set("cluster.allow-plain-text", "members")
              .arguments(command),
          "cluster.bus.host (--set): '0.0.0.0' is not loopback",
          "cluster.allow-plain-text=true");
    }
  }

  /** What every address of the machine would lead to. */
  private TrackerCluster everywhere() throws Exception {
    TrackerCluster cluster = TrackerCluster.in(folder, node -> {});
    String xml = Files.readString(cluster.config());
    String open = xml.replace("bind.any\">false", "bind.any\">true");
    assertFalse(open.equals(xml));
    Files.writeString(cluster.config(), open);
    return cluster;
  }

  @Test
  void aMemberPortBeyondLoopbackNeedsLeave() throws Exception {
    try (TrackerCluster cluster = everywhere()) {
      for (String command : new String[] {"check-config", "serve"}) {
        assertRefused(
            cluster.node().arguments(command),
            "cluster.config: by " + cluster.config() + " the member port listens beyond loopback",
            "cluster.allow-plain-text=members");
      }
    }
  }

  @Test
  void withLeaveBothOpen() throws Exception {
    try (TrackerCluster cluster = everywhere()) {
      TrackerProcess node =
          cluster.start(
              cluster
                  .node()
                  .set("cluster.bus.host", "0.0.0.0")
                  .set("cluster.bus.public-host", "127.0.0.1")
                  .set("cluster.allow-plain-text", true));
      node.client().post(Message.statReport("nobody", "1")).expect(403, 3);
    }
  }
}
