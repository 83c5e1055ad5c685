package io.ppstp.tracker.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many bytes of bodies a node holds at a time. */
class BodyBoundsTest {
  private final Vertx vertx = Vertx.vertx();
  private final RoomBus bus = RoomBus.create(vertx, 1, 1);
  private @Nullable IngressShared started;

  private IngressShared shared() {
    return Objects.requireNonNull(started);
  }

  @AfterEach
  void close() {
    Await.result(vertx.close());
  }

  private void start(String limit) throws ConfigException {
    TrackerConfig config =
        ConfigLoader.load(
            null, Map.of(), List.of("http.port=0", "shutdown.delay=1ms", "limits.body=" + limit));
    started =
        IngressShared.of(
            bus,
            new Live<>(config),
            null,
            Authenticator.OPEN,
            new AcceptFilter(config, Limits.unbounded(), ip -> false, Audit.NONE),
            new TrackerMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
    Await.result(
        bus.onValidate(
            0,
            request ->
                bus.answer(
                    request.ticket(),
                    Answer.success(
                        RequestType.FIND, ResponseWriter.success("done", null, List.of())))));
    Await.result(vertx.deployVerticle(new IngressVerticle(0, shared())));
  }

  private RawConnection connection() throws IOException {
    return RawConnection.to(URI.create("http://127.0.0.1:" + shared().ports().plain()));
  }

  /** Returns a message whose transaction ID stands behind so many bytes. */
  private static byte[] message(int bytesBefore) {
    String message =
        "{\"PPSPTrackerProtocol\":{\"x\":\"%s\",\"transaction_id\":\"late\"}}"
            .formatted("x".repeat(bytesBefore));
    return message.getBytes(UTF_8);
  }

  private void awaitHeld(long bytes) {
    Await.until(
        () -> "bytes held: " + shared().bodies().count(), () -> shared().bodies().count() == bytes);
  }

  @Test
  void allTogetherAreHeldToABoundOfTheNode() throws Exception {
    start("256KiB");
    shared().bodies().limit(100_000);
    try (RawConnection other = connection()) {
      try (RawConnection slow = connection()) {
        slow.send(slow.head(90_000));
        slow.send(new byte[80_000]);
        awaitHeld(80_000);

        other.post(message(60_000));
        Reply refused = other.receive().expect(503, 5);
        assertTrue(refused.headers().containsKey("retry-after"));
        awaitHeld(80_000);
      }
      awaitHeld(0);

      other.post(message(60_000));
      other.receive().expectSuccess();
      awaitHeld(0);
    }
  }

  /** A long message may say who it is at its end. */
  @Test
  void aTransactionIdIsRepeatedFromBehindAllThatIsTaken() throws Exception {
    start("100KiB");
    byte[] message = message(90_000);
    try (RawConnection connection = connection()) {
      connection.send(connection.headWithoutLength("Transfer-Encoding: chunked"));
      connection.send(Integer.toHexString(message.length) + "\r\n");
      connection.send(message);
      connection.send("\r\n");
      awaitHeld(message.length);
      connection.send("8000\r\n" + " ".repeat(0x8000) + "\r\n0\r\n\r\n");

      assertEquals("late", connection.receive().expect(413, 1).transactionId());
    }
  }
}
