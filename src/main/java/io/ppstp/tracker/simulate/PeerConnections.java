package io.ppstp.tracker.simulate;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.net.ClientSSLOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The connections of all peers. Confined to the simulation's event loop. */
final class PeerConnections {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final int KEEP_ALIVE_S = 3600;
  private static final int CONNECT_TIMEOUT_MS = 10_000;

  private final Scenario scenario;
  private final Map<Boolean, HttpClientAgent> clients = new HashMap<>();
  private final List<PeerConnection> shared = new ArrayList<>();
  private final Set<PeerConnection> all = new HashSet<>();
  private final Vertx vertx;

  PeerConnections(Scenario scenario, Vertx vertx) {
    this.scenario = scenario;
    this.vertx = vertx;
    for (int i = 0; i < scenario.connections(); i++) {
      shared.add(open(i));
    }
  }

  /**
   * Opens the shared connections, or one for nothing where peers have their own: what this process
   * takes to learn how is not the tracker's latency. Completes whatever comes of it.
   */
  Future<?> prepare() {
    if (!shared.isEmpty()) {
      return Future.join(shared.stream().map(PeerConnection::prepare).toList()).otherwiseEmpty();
    }
    PeerConnection trial = open(0);
    return trial.prepare().onComplete(tried -> release(trial)).otherwiseEmpty();
  }

  /** Returns the connection that the peer of this number uses. */
  PeerConnection forPeer(long number) {
    return shared.isEmpty() ? open(number) : shared.get((int) (number % shared.size()));
  }

  /** Gives up a connection that a peer no longer needs. */
  void release(PeerConnection line) {
    if (shared.isEmpty() && line.close()) {
      all.remove(line);
    }
  }

  private PeerConnection open(long number) {
    URI tracker = scenario.trackers().get((int) (number % scenario.trackers().size()));
    boolean tls = "https".equals(tracker.getScheme());
    HttpConnectOptions target =
        new HttpConnectOptions().setHost(host(tracker)).setPort(port(tracker, tls)).setSsl(tls);
    if (tls) {
      target.setSslOptions(
          new ClientSSLOptions()
              .setTrustAll(scenario.insecure())
              .setHostnameVerificationAlgorithm(scenario.insecure() ? "" : "HTTPS"));
    }
    HttpClientAgent client = clients.computeIfAbsent(tls, this::client);
    String path = tracker.getRawPath();
    PeerConnection line =
        new PeerConnection(client, target, path == null || path.isEmpty() ? "/" : path);
    all.add(line);
    return line;
  }

  private static String host(URI tracker) {
    String host = String.valueOf(tracker.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI tracker, boolean tls) {
    if (tracker.getPort() >= 0) {
      return tracker.getPort();
    }
    return tls ? HTTPS_PORT : HTTP_PORT;
  }

  private HttpClientAgent client(boolean tls) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setSsl(tls)
            .setConnectTimeout(CONNECT_TIMEOUT_MS)
            .setKeepAliveTimeout(KEEP_ALIVE_S));
  }

  /** Ends all connections, whatever they are at. */
  void close() {
    all.forEach(PeerConnection::abandon);
    clients.values().forEach(HttpClientAgent::close);
  }
}
