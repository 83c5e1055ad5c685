package io.ppstp.tracker.cluster;

import io.ppstp.tracker.config.ClusterConfig;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;

/** The event bus between nodes: where it listens, and mutual TLS. Stateless. */
final class BusOptions {
  private static final int CONNECT_TIMEOUT_MS = 3000;
  private static final int PING_INTERVAL_MS = 2000;
  private static final int PING_REPLY_MS = 3000;

  private BusOptions() {}

  static EventBusOptions of(ClusterConfig cluster) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(cluster.bus().host())
            .setPort(cluster.bus().port())
            .setConnectTimeout(CONNECT_TIMEOUT_MS)
            .setClusterPingInterval(PING_INTERVAL_MS)
            .setClusterPingReplyInterval(PING_REPLY_MS);
    cluster.bus().publicHost().ifPresent(options::setClusterPublicHost);
    ClusterConfig.Tls tls = cluster.tls();
    if (tls.enabled()) {
      // Vert.x trusts everybody unless told otherwise.
      options
          .setSsl(true)
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .addCertPath(tls.certificate().orElseThrow().toString())
                  .addKeyPath(tls.key().orElseThrow().toString()))
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.ca().orElseThrow().toString()));
    }
    return options;
  }
}
