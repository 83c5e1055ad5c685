package io.ppstp.tracker.app;

import io.ppstp.tracker.app.ConfigSource.Startup;
import io.ppstp.tracker.app.process.FileStamps;
import io.ppstp.tracker.app.process.SighupHandler;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Durations;
import io.ppstp.tracker.logging.QuietLog;
import io.ppstp.tracker.simulate.Scenario;
import io.ppstp.tracker.simulate.Simulation;
import io.ppstp.tracker.simulate.Truth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Java compile the hot paths before the node takes traffic. A tracker of its own, with a
 * state, event bus, metrics, limits and ports of its own, serves peers that do not exist; then it
 * is thrown away, and nothing is left of it but the code that Java has compiled. It listens on
 * loopback alone.
 *
 * <p>It ends when the compiler has little left to do, or when its time is over. Blocks the calling
 * thread, which is the one that starts the process.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** More than a cold process can serve, so that no core is idle meanwhile. */
  private static final int PEERS = 4000;

  private static final int CONNECTIONS = 32;
  private static final Duration LEAST = Duration.ofSeconds(4);
  private static final Duration WINDOW = Duration.ofSeconds(1);

  /** Of the time of one core: the compiler rests. */
  private static final double IDLE_SHARE = 0.05;

  /** A start in which the tracker itself would hardly start either. */
  private static final Duration START_PATIENCE = Duration.ofMinutes(1);

  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private static final List<String> ALONE =
      List.of(
          "http.host=127.0.0.1",
          "http.port=0",
          "management.host=127.0.0.1",
          "management.port=0",
          "limits.exempt=127.0.0.0/8",
          "shutdown.delay=1ms");

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
    QuietLog quiet = new QuietLog("io.ppstp.tracker");
    try {
      serve(config, beganNs + most.toNanos());
    } catch (ConfigException | ExecutionException | TimeoutException e) {
      quiet.close();
      LOG.warn("the warm-up failed, so that the first requests will be slow: {}", cause(e));
      return;
    } finally {
      quiet.close();
    }
    LOG.info("warm after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs));
  }

  private static void serve(TrackerConfig config, long endNs)
      throws ConfigException, InterruptedException, ExecutionException, TimeoutException {
    serve(
        List.of(
            "instances.ingress=" + config.instances().ingress(),
            "instances.validation=" + config.instances().validation(),
            "instances.swarm=" + config.instances().swarm()),
        endNs);
  }

  /**
   * Starts a tracker of its own, lets peers that do not exist use it until the compiler has little
   * left to do or {@code endNs} of {@link System#nanoTime()} has come, and ends it. Blocks.
   *
   * @param settings besides those that keep it to itself
   */
  static void serve(List<String> settings, long endNs)
      throws ConfigException, InterruptedException, ExecutionException, TimeoutException {
    List<String> all = new ArrayList<>(ALONE);
    all.addAll(settings);
    TrackerConfig own = ConfigLoader.load(null, Map.of(), all);
    ConfigSource nowhere = new ConfigSource(null, Map.of(), List.of());
    Startup startup = new Startup(nowhere, new FileStamps(), SighupHandler.none());
    // To begin is what it takes, also where there is hardly time for more: half begun, it would
    // stay.
    Tracker tracker =
        await(Tracker.start(own, startup), System.nanoTime() + START_PATIENCE.toNanos());
    Vertx client = Vertx.vertx(Platform.vertxOptions());
    try {
      new Simulation(audience(tracker.httpPort()), client, new Truth(System::currentTimeMillis))
          .run();
      awaitCompiled(endNs);
    } finally {
      long patienceNs = System.nanoTime() + END_PATIENCE.toNanos();
      await(client.close(), patienceNs);
      await(tracker.close(), patienceNs);
    }
  }

  /** Peers who do all that peers do, each every few seconds. */
  private static Scenario audience(int port) {
    return new Scenario(
        List.of(URI.create("http://127.0.0.1:" + port)),
        false,
        PEERS,
        CONNECTIONS,
        100,
        1,
        Duration.ofSeconds(2),
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        Duration.ofSeconds(4),
        Duration.ofSeconds(8),
        0,
        1);
  }

  private static void awaitCompiled(long endNs) throws InterruptedException {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    boolean tells = compiler != null && compiler.isCompilationTimeMonitoringSupported();
    long leastNs = System.nanoTime() + LEAST.toNanos();
    long before = tells ? compiler.getTotalCompilationTime() : 0;
    while (endNs - System.nanoTime() > WINDOW.toNanos()) {
      TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
      long now = tells ? compiler.getTotalCompilationTime() : 0;
      boolean idle = tells && now - before < IDLE_SHARE * WINDOW.toMillis();
      if (idle && System.nanoTime() - leastNs > 0) {
        return;
      }
      before = now;
    }
  }

  private static String cause(Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.toString();
  }

  private static <T> T await(Future<T> future, long endNs)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(Math.max(1, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
