package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.connection.Listeners;
import io.ppstp.tracker.ingress.connection.TlsMaterial;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for peers; instances share the ports and divide the connections among them. */
public final class IngressVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(IngressVerticle.class);
  private static final long SWEEP_MS = 250;

  private final int instance;
  private final IngressShared shared;
  private final TrackerConfig config;
  private final PeerEndpoint endpoint;
  private final List<HttpServer> servers = new ArrayList<>();

  /** Makes the instance numbered {@code instance}, from 0 on. */
  public IngressVerticle(int instance, IngressShared shared) {
    this.instance = instance;
    this.shared = shared;
    this.config = shared.live().now();
    this.endpoint =
        new PeerEndpoint(instance, IngressRules.of(config), SocketRules.of(config), shared);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(SWEEP_MS, timer -> endpoint.sweep());
    shared.live().follow(changed -> context.runOnContext(now -> limit(changed.limits())));
    shared.draining().follow(draining -> context.runOnContext(now -> endpoint.drain(draining)));
    return shared
        .bus()
        .onAnswer(instance, endpoint::answer)
        .compose(ready -> shared.bus().sockets().onSend(instance, endpoint.sockets()::send))
        .compose(ready -> listen());
  }

  private void limit(LimitsConfig limits) {
    endpoint.limit(limits.body(), limits.unsent().perConnection());
  }

  private Future<?> listen() {
    List<Future<HttpServer>> listening = new ArrayList<>();
    if (config.http().enabled()) {
      listening.add(
          listen(Listeners.plain(config))
              .onSuccess(server -> shared.ports().plain(server.actualPort())));
    }
    Live<TlsMaterial> tls = shared.tls();
    if (tls != null) {
      listening.add(listenTls(tls));
    }
    return Future.all(listening);
  }

  private Future<HttpServer> listenTls(Live<TlsMaterial> live) {
    return listen(Listeners.tls(config, live.now()))
        .onSuccess(
            server -> {
              shared.ports().tls(server.actualPort());
              // The instances' servers are one below. Told by all of them at once of new files, it
              // would fall into an endless recursion.
              if (instance == 0) {
                live.follow(material -> renew(server, material));
              }
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
            .invalidRequestHandler(endpoint::malformed)
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
    endpoint.sockets().closeAll();
    List<Future<Void>> stopped = new ArrayList<>();
    for (HttpServer server : servers) {
      stopped.add(server.shutdown(patienceMs, TimeUnit.MILLISECONDS));
    }
    return Future.join(stopped);
  }
}
