package io.ppstp.tracker.app;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Durations;
import io.ppstp.tracker.logging.QuietLog;
import io.ppstp.tracker.simulate.BusyAudience;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Java compile the hot paths before the node takes traffic: trackers of its own ({@link
 * WarmUpTrackers}) serve peers that do not exist, and nothing is left of them but the code that
 * Java has compiled. It ends when the compiler has little left to do, or when its time is over.
 * Blocks the calling thread, which is the one that starts the process.
 *
 * <p>Java compiles for what it has seen. A method that meets something else, be it a null for the
 * first time, is compiled again, and with it all that it was inlined into. So peers say all that
 * peers say ({@link BusyAudience}), and there are two trackers, one after the other: the second has
 * other settings, and threads that have not done anything yet, as those of the node will. If the
 * node is one of a cluster, the second are two nodes of a cluster.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private static final int CONNECTIONS = 64;
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofSeconds(1);

  /** How long two nodes take to end. */
  private static final Duration LEAVING = Duration.ofSeconds(1);

  /** Of the time of one core: the compiler has done most of what there is. */
  private static final double SLOW_SHARE = 0.4;

  /** Of the time of one core: the compiler rests. */
  private static final double IDLE_SHARE = 0.05;

  private static final List<String> TOLD_TO_ANYONE =
      List.of("addresses.trust=advertised", "addresses.private=anyone");

  private WarmUp() {}

  /**
   * Warms up for as long as {@code config} allows; a failure is logged, and no reason not to start.
   */
  static void run(TrackerConfig config) throws InterruptedException {
    Duration most = config.startup().warmUp();
    if (most.isZero()) {
      return;
    }
    LOG.info("warming up, for {} at most", Durations.text(most));
    long beganNs = System.nanoTime();
    QuietLog quiet = new QuietLog();
    List<String> settings =
        List.of(
            "instances.ingress=" + config.instances().ingress(),
            "instances.validation=" + config.instances().validation(),
            "instances.swarm=" + config.instances().swarm());
    try {
      warmUp(settings, config.cluster().enabled(), beganNs + most.toNanos());
    } catch (IOException e) {
      quiet.close();
      LOG.warn("the warm-up failed, so that the first requests will be slow: {}", cause(e));
      return;
    } finally {
      quiet.close();
    }
    LOG.info("warm after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs));
  }

  private static void warmUp(List<String> settings, boolean clustered, long endNs)
      throws IOException, InterruptedException {
    long nowNs = System.nanoTime();
    List<String> first = new ArrayList<>(settings);
    first.addAll(TOLD_TO_ANYONE);
    serve(first, false, SLOW_SHARE, nowNs + (endNs - nowNs) / (clustered ? 4 : 2));
    if (endNs - System.nanoTime() >= WINDOW.toNanos()) {
      serve(settings, clustered, IDLE_SHARE, clustered ? endNs - LEAVING.toNanos() : endNs);
    }
  }

  /**
   * Lets peers that do not exist use a tracker of its own, or two that are nodes of a cluster,
   * until the compiler has little left to do or {@code endNs} of {@link System#nanoTime()} has
   * come. Blocks.
   *
   * @param settings besides those that keep the trackers to themselves
   * @param idleShare of the time of one core: the compiler takes no more
   * @throws IOException if a tracker does not start, answer or end
   */
  static void serve(List<String> settings, boolean clustered, double idleShare, long endNs)
      throws IOException, InterruptedException {
    try (WarmUpTrackers trackers = WarmUpTrackers.start(settings, clustered)) {
      serve(trackers, idleShare, endNs);
    }
  }

  private static void serve(WarmUpTrackers trackers, double idleShare, long endNs)
      throws IOException, InterruptedException {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    boolean tells = compiler != null && compiler.isCompilationTimeMonitoringSupported();
    long leastNs = System.nanoTime() + LEAST.toNanos();
    long compiledMs = tells ? compiler.getTotalCompilationTime() : 0;
    long windowNs = System.nanoTime();
    try (BusyAudience audience = new BusyAudience(trackers.ports(), CONNECTIONS)) {
      for (long nowNs = windowNs; endNs - nowNs > 0; nowNs = System.nanoTime()) {
        audience.turn();
        // The compiler needs a processor as well: where there are two, requests take both.
        TimeUnit.NANOSECONDS.sleep(System.nanoTime() - nowNs);
        if (nowNs - windowNs >= WINDOW.toNanos()) {
          trackers.scrape();
          long now = tells ? compiler.getTotalCompilationTime() : 0;
          boolean idle = tells && now - compiledMs < idleShare * WINDOW.toMillis();
          if (idle && nowNs - leastNs > 0) {
            return;
          }
          compiledMs = now;
          windowNs = nowNs;
        }
      }
    }
  }

  private static String cause(IOException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }
}
