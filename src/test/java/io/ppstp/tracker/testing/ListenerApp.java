package io.ppstp.tracker.testing;

import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/**
 * An analyst's application, with nothing of the tracker in it: joins a cluster as {@code
 * src/docs/events.md} says and prints each event on a line of its own. Ends with its standard
 * input.
 */
final class ListenerApp {
  static final String READY = "listening";
  static final String EVENT = "event ";

  private ListenerApp() {}

  /**
   * Runs it.
   *
   * @param args the Hazelcast configuration; for mutual TLS, also certificate, key and authority
   */
  public static void main(String[] args) throws Exception {
    Config config = new XmlConfigBuilder(args[0]).build();
    EventBusOptions bus = new EventBusOptions();
    if (args.length > 1) {
      bus.setSsl(true)
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(new PemKeyCertOptions().setCertPath(args[1]).setKeyPath(args[2]))
          .setTrustOptions(new PemTrustOptions().addCertPath(args[3]));
    }
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventBusOptions(bus))
            .withClusterManager(new HazelcastClusterManager(config))
            .buildClustered()
            .await();
    vertx
        .eventBus()
        .<JsonObject>consumer(
            "ppstp.events", message -> System.out.println(EVENT + message.body().encode()))
        .completion()
        .await();
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // Whoever started this holds the other end.
    }
    Runtime.getRuntime().halt(0);
  }
}
