package io.ppstp.tracker.app;

import io.ppstp.tracker.app.ConfigSource.Startup;
import io.ppstp.tracker.app.process.FileStamps;
import io.ppstp.tracker.app.process.SighupHandler;
import io.ppstp.tracker.cluster.HazelcastConfigs;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.simulate.BusyAudience;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Trackers with a state, event bus, metrics, limits and ports of their own, on loopback alone and
 * in this process, that nothing is to be left of. Confined to one thread, which blocks.
 */
final class WarmUpTrackers implements AutoCloseable {
  private static final int NODES = 2;

  /** A start in which the tracker itself would hardly start either. */
  private static final Duration START_PATIENCE = Duration.ofMinutes(1);

  private static final Duration END_PATIENCE = Duration.ofSeconds(5);
  private static final int SCRAPE_PATIENCE_MS = 5000;

  private static final List<String> ALONE =
      List.of(
          "http.host=127.0.0.1",
          "http.port=0",
          "management.host=127.0.0.1",
          "management.port=0",
          "limits.exempt=" + BusyAudience.OTHER_ADDRESS,
          "limits.peers-per-address=1000000",
          "limits.rate.connections=1000000",
          "limits.rate.connections-burst=1000000",
          "limits.rate.requests=1000000",
          "limits.rate.requests-burst=1000000",
          "limits.rate.registrations=1000000",
          "limits.rate.registrations-burst=1000000",
          "shutdown.delay=1ms");

  private final List<Tracker> started = new ArrayList<>();

  private WarmUpTrackers() {}

  /**
   * Starts one that stands alone, or two that are the nodes of one cluster. To begin is what it
   * takes, also where there is hardly time for more: half begun, it would stay.
   *
   * @param settings besides those that keep them to themselves
   * @throws IOException if one does not start
   */
  static WarmUpTrackers start(List<String> settings, boolean clustered)
      throws IOException, InterruptedException {
    WarmUpTrackers trackers = new WarmUpTrackers();
    try {
      if (clustered) {
        trackers.startCluster(settings);
      } else {
        trackers.startOne(settings);
      }
      return trackers;
    } catch (IOException | InterruptedException | RuntimeException e) {
      trackers.close();
      throw e;
    }
  }

  private void startCluster(List<String> settings) throws IOException, InterruptedException {
    Path file = Files.createTempFile("ppstp-warm-up", ".xml");
    try {
      Files.writeString(file, HazelcastConfigs.onLoopback(freePort()));
      List<String> all = new ArrayList<>(settings);
      all.add("cluster.enabled=true");
      all.add("cluster.config=" + file);
      all.add("cluster.name=warm-up-" + UUID.randomUUID());
      for (int i = 0; i < NODES; i++) {
        startOne(all);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void startOne(List<String> settings) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(ALONE);
    all.addAll(settings);
    ConfigSource nowhere = new ConfigSource(null, Map.of(), List.of());
    Startup startup = new Startup(nowhere, new FileStamps(), SighupHandler.none());
    try {
      TrackerConfig config = ConfigLoader.load(null, Map.of(), all);
      started.add(await(Tracker.start(config, startup), START_PATIENCE));
    } catch (ConfigException | ExecutionException | TimeoutException e) {
      throw new IOException("a tracker does not start", e);
    }
  }

  /** Returns the ports of plain HTTP. */
  List<Integer> ports() {
    return started.stream().map(Tracker::httpPort).toList();
  }

  /**
   * Asks for health, metrics and status once, as monitoring does.
   *
   * @throws IOException if they cannot be had
   */
  void scrape() throws IOException {
    for (Tracker tracker : started) {
      URI management = URI.create("http://127.0.0.1:" + tracker.managementPort());
      for (String path : List.of("/health/ready", "/metrics", "/status")) {
        URLConnection connection = management.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(SCRAPE_PATIENCE_MS);
        connection.setReadTimeout(SCRAPE_PATIENCE_MS);
        try (InputStream in = connection.getInputStream()) {
          in.readAllBytes();
        }
      }
    }
  }

  /**
   * Ends all of them.
   *
   * @throws IOException if one does not end
   */
  @Override
  public void close() throws IOException {
    for (Tracker tracker : started) {
      try {
        await(tracker.close(), END_PATIENCE);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("a tracker does not end", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    started.clear();
  }

  private static <T> T await(Future<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
