package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.Authenticator;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for peers; instances share the ports and divide the connections among them. */
public final class IngressVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(IngressVerticle.class);
  private static final long SWEEP_MS = 250;

  private final int instance;
  private final RoomBus bus;
  private final Live<TrackerConfig> live;
  private final TrackerConfig config;
  private final @Nullable Live<TlsMaterial> tls;
  private final PeerEndpoint endpoint;
  private final BoundPorts ports;
  private final List<HttpServer> servers = new ArrayList<>();

  /**
   * Makes the instance numbered {@code instance}.
   *
   * @param live the configuration, of which the longest body may change
   * @param tls of the HTTPS listener, null if there is none
   * @param gate judges who may be answered
   * @param door judges who may connect
   * @param ports told of the ports that were bound
   */
  public IngressVerticle(
      int instance,
      RoomBus bus,
      Live<TrackerConfig> live,
      @Nullable Live<TlsMaterial> tls,
      Authenticator gate,
      InFlight inFlight,
      AcceptFilter door,
      TrackerMetrics metrics,
      BoundPorts ports) {
    this.instance = instance;
    this.bus = bus;
    this.live = live;
    this.config = live.now();
    this.tls = tls;
    this.endpoint =
        new PeerEndpoint(instance, bus, IngressRules.of(config), gate, inFlight, door, metrics);
    this.ports = ports;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(SWEEP_MS, timer -> endpoint.sweep());
    live.follow(
        changed -> context.runOnContext(now -> endpoint.limitBody(changed.limits().body())));
    return bus.onAnswer(instance, endpoint::answer).compose(ready -> listen());
  }

  private Future<?> listen() {
    List<Future<HttpServer>> listening = new ArrayList<>();
    if (config.http().enabled()) {
      listening.add(listen(Listeners.plain(config)).onSuccess(s -> ports.plain(s.actualPort())));
    }
    if (tls != null) {
      listening.add(listenTls(tls));
    }
    return Future.all(listening);
  }

  private Future<HttpServer> listenTls(Live<TlsMaterial> live) {
    return listen(Listeners.tls(config, live.now()))
        .onSuccess(
            server -> {
              ports.tls(server.actualPort());
              live.follow(material -> renew(server, material));
            });
  }

  private void renew(HttpServer server, TlsMaterial material) {
    ServerSSLOptions options = Listeners.tls(config, material).getSslOptions();
    context.runOnContext(
        now ->
            server
                .updateSSLOptions(options)
                .onFailure(
                    failure ->
                        LOG.error("new TLS files are not in force, the old ones are", failure)));
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
