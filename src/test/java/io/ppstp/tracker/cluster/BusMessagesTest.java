package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.example.Gadget;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What nodes make of messages on the event bus: two of ours, and one that knows no filter. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusMessagesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ADDRESS = "test.bodies";

  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private ClusterNode ours;
  private ClusterNode alsoOurs;
  private Vertx hostile;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    OwnConfigs configs = new OwnConfigs(folder);
    ours = join(configs.node());
    alsoOurs = join(configs.node());
    Config unfiltered = HazelcastConfigs.of(configs.node());
    unfiltered.setClassLoader(null);
    unfiltered.getSerializationConfig().setJavaSerializationFilterConfig(null);
    hostile =
        Await.result(
            Vertx.builder()
                .with(
                    new VertxOptions().setEventBusOptions(BusOptions.of(configs.node().cluster())))
                .withClusterManager(new HazelcastClusterManager(unfiltered))
                .buildClustered());
    hostile
        .eventBus()
        .serializableChecker(className -> true)
        .clusterSerializableChecker(className -> true);
    Await.result(
        ours.vertx()
            .eventBus()
            .consumer(
                ADDRESS,
                message -> {
                  try {
                    bodies.add(String.valueOf(message.body()));
                  } catch (RuntimeException e) {
                    bodies.add("refused");
                  }
                })
            .completion());
  }

  private static ClusterNode join(TrackerConfig config) throws Exception {
    return Await.result(
        ClusterNode.join(
            config,
            new VertxOptions(),
            it -> Vertx.builder().with(it).withTransport(Transport.NIO),
            InstantSource.system()));
  }

  @AfterAll
  void stop() {
    for (Vertx vertx : List.of(hostile, alsoOurs.vertx(), ours.vertx())) {
      Await.result(vertx.close());
    }
  }

  private String received() throws InterruptedException {
    String body = bodies.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return body == null ? "nothing" : body;
  }

  @Test
  void messagesOfOursArrive() throws Exception {
    JsonObject event = new JsonObject().put("event", "joined");
    alsoOurs.vertx().eventBus().send(ADDRESS, event);
    assertEquals(event.encode(), received());
  }

  @Test
  void objectsOfClassesThatAMessageNamesAreNotMade() throws Exception {
    for (Object foreign : List.of(new Gadget.OfJava(), new Gadget.OfVertx(1))) {
      int before = Gadget.timesRead();
      hostile.eventBus().send(ADDRESS, foreign);
      assertEquals("refused", received());
      assertEquals(before, Gadget.timesRead());
    }
    // What Vert.x would let pass by itself.
    hostile.eventBus().send(ADDRESS, new BigDecimal("1e9"));
    assertEquals("refused", received());
    hostile.eventBus().send(ADDRESS, "a text");
    assertEquals("a text", received());
  }

  @Test
  void nodesDoNotSendThemEither() {
    assertThrows(
        IllegalArgumentException.class,
        () -> alsoOurs.vertx().eventBus().send(ADDRESS, new Gadget.OfJava()));
    assertTrue(bodies.isEmpty());
  }
}
