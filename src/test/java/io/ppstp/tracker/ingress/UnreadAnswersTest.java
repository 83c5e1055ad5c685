package io.ppstp.tracker.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.RoomBus.RawRequest;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that ask and do not read what they are answered. */
class UnreadAnswersTest {
  /** More than the buffers of the kernel take. */
  private static final int LARGE = 10 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final RoomBus bus = RoomBus.create(vertx, 1, 1);
  private final Limits limits = Limits.unbounded();
  private final List<Socket> readers = new ArrayList<>();
  private @Nullable IngressShared started;

  private IngressShared shared() {
    return Objects.requireNonNull(started);
  }

  @AfterEach
  void close() throws IOException {
    for (Socket reader : readers) {
      reader.close();
    }
    Await.result(vertx.close());
  }

  private void start(String... settings) throws ConfigException {
    List<String> all =
        Stream.concat(
                Stream.of("http.port=0", "shutdown.deadline=1s", "shutdown.delay=1ms"),
                Stream.of(settings))
            .toList();
    TrackerConfig config = ConfigLoader.load(null, Map.of(), all);
    started =
        IngressShared.of(
            bus,
            new Live<>(config),
            null,
            Authenticator.OPEN,
            new AcceptFilter(config, limits, ip -> false, Audit.NONE),
            new TrackerMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
    Await.result(bus.onValidate(0, this::answer));
    Await.result(vertx.deployVerticle(new IngressVerticle(0, shared())));
  }

  /** The body says how many bytes are wanted. */
  private void answer(RawRequest request) {
    byte[] answer = new byte[Integer.parseInt(new String(request.body(), UTF_8))];
    bus.answer(request.ticket(), Answer.success(RequestType.FIND, answer));
  }

  /** Asks for {@code bytes} on a connection of its own and waits for the first of them. */
  private Socket ask(int bytes) throws Exception {
    Socket socket = new Socket();
    readers.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), shared().ports().plain()));
    String body = Integer.toString(bytes);
    String request =
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    socket.getOutputStream().write(request.getBytes(UTF_8));
    socket.getOutputStream().flush();
    Await.until(() -> "the beginning of an answer", () -> available(socket) > 0);
    return socket;
  }

  private static int available(Socket socket) {
    try {
      return socket.getInputStream().available();
    } catch (IOException e) {
      return -1;
    }
  }

  private Reply quick(int bytes) throws IOException {
    try (RawConnection connection =
        RawConnection.to(URI.create("http://127.0.0.1:" + shared().ports().plain()))) {
      connection.post(Integer.toString(bytes).getBytes(UTF_8));
      return connection.receive();
    }
  }

  private void awaitNothingHeld() {
    Await.until(
        () -> "held: " + shared().inFlight().count() + " requests, " + shared().unsent().count(),
        () -> shared().inFlight().count() == 0 && shared().unsent().count() == 0);
  }

  @Test
  void theirPlacesAndBytesAreHeldUntilTheyHaveRead() throws Exception {
    start();
    Socket reader = ask(LARGE);
    assertEquals(1, shared().inFlight().count());
    assertEquals(LARGE, shared().unsent().count());
    reader.getInputStream().skipNBytes(LARGE);
    awaitNothingHeld();
  }

  @Test
  void whoHangsUpGivesThemBack() throws Exception {
    start();
    ask(LARGE).close();
    awaitNothingHeld();
  }

  @Test
  void whoDoesNotReadInTimeIsCutOff() throws Exception {
    start("http.response-deadline=500ms");
    Socket reader = ask(LARGE);
    awaitNothingHeld();
    assertEquals(1, limits.hits(Limit.RESPONSE_DEADLINE));
    assertTrue(isCutShort(reader));
    assertEquals(200, quick(10).status());
  }

  private static boolean isCutShort(Socket reader) {
    try {
      return reader.getInputStream().readAllBytes().length < LARGE;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void whoReadsNothingMakesRoomWhenPlacesAreGone() throws Exception {
    start("limits.in-flight=2", "http.response-deadline=60s");
    ask(LARGE);
    ask(LARGE);
    Reply refused = quick(10);
    assertEquals(503, refused.status());
    assertTrue(limits.hits(Limit.IN_FLIGHT) >= 1);
    Await.until(() -> "a place", () -> isServed(10));
    assertTrue(limits.hits(Limit.RESPONSE_DEADLINE) >= 1);
  }

  @Test
  void whoReadsNothingMakesRoomWhenTheNodesBytesAreGone() throws Exception {
    start("limits.unsent.total=24MiB", "http.response-deadline=60s");
    ask(LARGE);
    ask(LARGE);
    Reply refused = quick(LARGE);
    assertEquals(503, refused.status());
    assertEquals(5, refused.errorCode());
    assertEquals(1, limits.hits(Limit.UNSENT_ANSWERS));
    assertEquals(200, quick(10).status(), "small answers find room");
    Await.until(() -> "room", () -> isServed(LARGE));
    assertTrue(limits.hits(Limit.RESPONSE_DEADLINE) >= 1);
  }

  private boolean isServed(int bytes) {
    try {
      return quick(bytes).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
