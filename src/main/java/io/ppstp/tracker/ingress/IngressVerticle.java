package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.Gate;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens for peers; instances share the ports and divide the connections among them. */
public final class IngressVerticle extends VerticleBase {
  private static final long SWEEP_MS = 250;

  private final int instance;
  private final RoomBus bus;
  private final TrackerConfig config;
  private final @Nullable PemKeyCertOptions certificate;
  private final PeerEndpoint endpoint;
  private final BoundPorts ports;
  private final List<HttpServer> servers = new ArrayList<>();

  /**
   * Makes the instance numbered {@code instance}.
   *
   * @param certificate of the HTTPS listener, null if there is none
   * @param gate judges who may be answered
   * @param door judges who may connect
   * @param ports told of the ports that were bound
   */
  public IngressVerticle(
      int instance,
      RoomBus bus,
      TrackerConfig config,
      @Nullable PemKeyCertOptions certificate,
      Gate gate,
      InFlight inFlight,
      Door door,
      TrackerMetrics metrics,
      BoundPorts ports) {
    this.instance = instance;
    this.bus = bus;
    this.config = config;
    this.certificate = certificate;
    this.endpoint =
        new PeerEndpoint(instance, bus, IngressRules.of(config), gate, inFlight, door, metrics);
    this.ports = ports;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(SWEEP_MS, timer -> endpoint.sweep());
    return bus.onAnswer(instance, endpoint::answer).compose(ready -> listen());
  }

  private Future<?> listen() {
    List<Future<HttpServer>> listening = new ArrayList<>();
    if (config.http().enabled()) {
      listening.add(listen(Listeners.plain(config)).onSuccess(s -> ports.plain(s.actualPort())));
    }
    if (certificate != null) {
      listening.add(
          listen(Listeners.tls(config, certificate)).onSuccess(s -> ports.tls(s.actualPort())));
    }
    return Future.all(listening);
  }

  private Future<HttpServer> listen(HttpServerOptions options) {
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(endpoint::connected)
            .requestHandler(endpoint::handle);
    servers.add(server);
    return server.listen();
  }

  /** Lets no new connection in and waits for the requests in flight. */
  @Override
  public Future<?> stop() {
    // No request takes longer; the rest of the time is for the rooms behind and for the cluster.
    Duration longestRequest = config.http().requestDeadline().plus(config.timers().reply());
    long patienceMs =
        Math.min(longestRequest.toMillis(), config.shutdown().deadline().toMillis() * 4 / 5);
    List<Future<Void>> stopped = new ArrayList<>();
    for (HttpServer server : servers) {
      stopped.add(server.shutdown(patienceMs, TimeUnit.MILLISECONDS));
    }
    return Future.join(stopped);
  }
}
