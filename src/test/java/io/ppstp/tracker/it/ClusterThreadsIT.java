package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.it.ClusterLoad.Target;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes with few CPUs start no threads for requests: the JDK's common pool, on which Hazelcast
 * completes its futures, would by default have one thread or none there.
 */
class ClusterThreadsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int[] CPUS = {1, 2};
  private static final int PEERS_PER_WORKER = 30;
  private static final int WARM_UP = 2000;
  private static final int REQUESTS = 2000;

  /** Pools that breathe; a thread for each request would be a hundred times as many. */
  private static final int BREATH = 40;

  private static final Pattern LIVE = Pattern.compile("Threads:\\s+(\\d+)");
  private static final Pattern STARTED = Pattern.compile("java\\.threads\\.started=(\\d+)");

  /**
   * Threads of a process.
   *
   * @param live those there are
   * @param started those there ever were
   */
  private record Threads(int live, int started) {
    static Threads of(TrackerProcess node) throws Exception {
      String pid = Long.toString(node.pid());
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      return new Threads(
          number(LIVE, Files.readString(Path.of("/proc", pid, "status"))),
          number(STARTED, Commands.run(jcmd, pid, "PerfCounter.print")));
    }

    private static int number(Pattern pattern, String text) {
      Matcher matcher = pattern.matcher(text);
      if (!matcher.find()) {
        throw new AssertionError(text);
      }
      return Integer.parseInt(matcher.group(1));
    }
  }

  @Test
  void threadsDoNotGrowWithRequests(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster = TrackerCluster.in(folder, node -> {});
        ClusterLoad load = new ClusterLoad(Seeds.random(), PEERS_PER_WORKER)) {
      for (int cpus : CPUS) {
        cluster.start(cluster.node().jvmOption("-XX:ActiveProcessorCount=" + cpus));
      }
      cluster.awaitSafe(PATIENCE);
      load.setTargets(cluster.nodes().stream().map(Target::of).toList());
      load.resume();
      await(load, WARM_UP);
      List<Threads> before = threads(cluster);
      await(load, REQUESTS);
      List<Threads> after = threads(cluster);
      for (int i = 0; i < CPUS.length; i++) {
        System.out.printf(
            "%d CPU: %s after %d requests to both nodes, %s after %d more%n",
            CPUS[i], before.get(i), WARM_UP, after.get(i), REQUESTS);
      }
      assertEquals(List.of(), load.violations());
      for (int i = 0; i < CPUS.length; i++) {
        int grown = after.get(i).live() - before.get(i).live();
        int started = after.get(i).started() - before.get(i).started();
        assertTrue(grown <= BREATH, "threads more: " + grown);
        assertTrue(started <= BREATH, "threads started: " + started);
      }
    }
  }

  private static List<Threads> threads(TrackerCluster cluster) throws Exception {
    List<TrackerProcess> nodes = cluster.nodes();
    return List.of(Threads.of(nodes.get(0)), Threads.of(nodes.get(1)));
  }

  private static void await(ClusterLoad load, int more) throws Exception {
    long wanted = load.requests() + more;
    Await.until(more + " requests", PATIENCE, () -> load.requests() >= wanted);
  }
}
