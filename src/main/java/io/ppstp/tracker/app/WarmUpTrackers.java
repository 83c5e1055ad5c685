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
  private static final int LOOK_PATIENCE_MS = 5000;

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
   * Starts one that stands alone. To begin is what it takes, also where there is hardly time for
   * more: half begun, it would stay.
   *
   * @param settings besides those that keep it to itself
   */
  static WarmUpTrackers alone(List<String> settings)
      throws ConfigException,
          InterruptedException,
          ExecutionException,
          TimeoutException,
          IOException {
    WarmUpTrackers trackers = new WarmUpTrackers();
    try {
      trackers.start(settings);
      return trackers;
    } catch (ConfigException | ExecutionException | TimeoutException | RuntimeException e) {
      trackers.close();
      throw e;
    }
  }

  /** Starts two that are the nodes of one cluster. */
  static WarmUpTrackers clustered(List<String> settings)
      throws ConfigException,
          InterruptedException,
          ExecutionException,
          TimeoutException,
          IOException {
    WarmUpTrackers trackers = new WarmUpTrackers();
    Path file = Files.createTempFile("ppstp-warm-up", ".xml");
    try {
      Files.writeString(file, HazelcastConfigs.onLoopback(freePort()));
      List<String> all = new ArrayList<>(settings);
      all.add("cluster.enabled=true");
      all.add("cluster.config=" + file);
      all.add("cluster.name=warm-up-" + UUID.randomUUID());
      for (int i = 0; i < NODES; i++) {
        trackers.start(all);
      }
      return trackers;
    } catch (ConfigException | ExecutionException | TimeoutException | RuntimeException e) {
      trackers.close();
      throw e;
    } finally {
      Files.delete(file);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void start(List<String> settings)
      throws ConfigException, InterruptedException, ExecutionException, TimeoutException {
    List<String> all = new ArrayList<>(ALONE);
    all.addAll(settings);
    TrackerConfig config = ConfigLoader.load(null, Map.of(), all);
    ConfigSource nowhere = new ConfigSource(null, Map.of(), List.of());
    Startup startup = new Startup(nowhere, new FileStamps(), SighupHandler.none());
    started.add(await(Tracker.start(config, startup), START_PATIENCE));
  }

  /** Returns the ports of plain HTTP. */
  List<Integer> ports() {
    return started.stream().map(Tracker::httpPort).toList();
  }

  /**
   * Looks at all that there is to measure, as who watches over a tracker does.
   *
   * @throws IOException if it does not tell
   */
  void look() throws IOException {
    for (Tracker tracker : started) {
      URI management = URI.create("http://127.0.0.1:" + tracker.managementPort());
      for (String path : List.of("/health/ready", "/metrics", "/status")) {
        var connection = management.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(LOOK_PATIENCE_MS);
        connection.setReadTimeout(LOOK_PATIENCE_MS);
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
