package io.ppstp.tracker.testing;

import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.PeerNames;
import io.ppstp.tracker.cluster.ClusterNode;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.testing.TrackerEvents.Heard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node of a cluster within this JVM, with its share of the state and of expiry but without
 * ingress, on which a test can listen. Thread-safe.
 */
public final class NodeHere implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final int BATCH = 1000;

  private final Vertx vertx;
  private final TrackerEvents events = new TrackerEvents();

  private NodeHere(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Joins {@code cluster}.
   *
   * @param settings {@code key=value}, as the other nodes have them
   */
  public static NodeHere join(TrackerCluster cluster, String... settings) throws Exception {
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.add("cluster.enabled=true");
    all.add("cluster.name=" + cluster.name());
    all.add("cluster.config=" + cluster.config());
    TrackerConfig config = ConfigLoader.load(null, Map.of(), all);
    ClusterNode node =
        result(
            ClusterNode.join(
                config,
                new VertxOptions(),
                it -> Vertx.builder().with(it).withTransport(Transport.NIO),
                InstantSource.system()));
    NodeHere here = new NodeHere(node.vertx());
    long trackMs = config.timers().track().toMillis();
    Expiry expiry =
        new Expiry(
            node.store(),
            trackMs,
            node.clock(),
            node.events(new EventNumbers(7, PeerNames.CLEAR), event -> {}));
    here.vertx.setPeriodic(
        config.timers().tick().toMillis(),
        tick ->
            Future.fromCompletionStage(expiry.pass(BATCH))
                .onFailure(failure -> System.out.println("expiry here: " + failure)));
    result(here.vertx.deployVerticle(node.periodicWork(0)));
    result(
        here.vertx
            .eventBus()
            .<JsonObject>consumer(
                "ppstp.events",
                message ->
                    here.events.add(new Heard(Instant.now(), Json.parse(message.body().encode()))))
            .completion());
    return here;
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Returns what it hears. */
  public TrackerEvents events() {
    return events;
  }

  /** Leaves the cluster. */
  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
