package io.ppstp.tracker.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.SocketEvent;
import io.ppstp.tracker.bus.SocketOutputs;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Scheme;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.RawWebSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * WebSockets whose clients do not read, do not close or vanish; the room is in the test's hands.
 */
class BrowserSocketsTest {
  private static final String SOME = "x".repeat(8 << 10);
  private static final int PONG = 10;
  private static final int CLOSE = 8;
  private static final int MEBIBYTE = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final RoomBus bus = RoomBus.create(vertx, 1, 1);
  private final Queue<Long> opened = new ConcurrentLinkedQueue<>();
  private final List<RawWebSocket> raw = new ArrayList<>();
  private @Nullable IngressShared started;

  @AfterEach
  void close() throws IOException {
    for (RawWebSocket one : raw) {
      one.close();
    }
    Await.result(vertx.close());
  }

  private void start(Authenticator authenticator, String... settings) throws Exception {
    List<String> all =
        Stream.concat(
                Stream.of(
                    "http.port=0",
                    "webtorrent.enabled=true",
                    "shutdown.deadline=1s",
                    "shutdown.delay=1ms"),
                Stream.of(settings))
            .toList();
    TrackerConfig config = ConfigLoader.load(null, Map.of(), all);
    started =
        IngressShared.of(
            bus,
            new Live<>(config),
            null,
            authenticator,
            new AcceptFilter(config, Limits.unbounded(), ip -> false, Audit.NONE),
            new TrackerMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
    Await.result(bus.sockets().onEvent(0, this::take));
    Await.result(vertx.deployVerticle(new IngressVerticle(0, shared())));
  }

  private IngressShared shared() {
    return Objects.requireNonNull(started);
  }

  private SocketCounts counts() {
    return shared().sockets();
  }

  private void take(SocketEvent event) {
    if (event instanceof SocketEvent.Opened it) {
      opened.add(it.socket());
    } else if (event instanceof SocketEvent.Closed it) {
      opened.remove(it.socket());
    }
  }

  private URI server() {
    return URI.create("http://127.0.0.1:" + shared().ports().plain());
  }

  private RawWebSocket open() throws IOException {
    RawWebSocket one = RawWebSocket.to(server());
    raw.add(one);
    assertTrue(one.head().startsWith("HTTP/1.1 101 "), one.head());
    one.send("a message, so that it counts as used");
    return one;
  }

  private void send(long socket, int times, boolean relayed) {
    Output output = new Output(socket, SOME.getBytes(UTF_8), relayed);
    bus.sockets().send(0, new SocketOutputs(Collections.nCopies(times, output)));
  }

  /** Sends until nothing more fits in the buffers of the kernel, nor behind them. */
  private void fillUp() throws Exception {
    long before = counts().droppedCount();
    Await.until(
        "more than a client takes that does not read",
        PATIENCE,
        () -> {
          send(opened.element(), 64, true);
          return counts().droppedCount() > before + 10;
        });
  }

  @Test
  void whatClientsDoNotReadIsBoundedForAllOfThem() throws Exception {
    start(Authenticator.OPEN, "limits.unsent.total=1MiB");
    try (Browser reader = Browser.of(server())) {
      Await.until("the reader", PATIENCE, () -> opened.size() == 1);
      long readers = opened.element();
      int deaf = 12;
      for (int i = 0; i < deaf; i++) {
        open();
      }
      Await.until("all are open", PATIENCE, () -> opened.size() == deaf + 1);
      long most = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (int round = 1; counts().cutCount() < deaf; round++) {
        assertTrue(System.nanoTime() < deadline, "each that reads nothing is cut off");
        opened.stream()
            .filter(socket -> socket != readers)
            .forEach(socket -> send(socket, 4, false));
        // What comes to the reader went behind all that.
        String small = Json.object().put("n", round).toString();
        bus.sockets()
            .send(0, new SocketOutputs(List.of(new Output(readers, small.getBytes(UTF_8), false))));
        int rounds = round;
        Await.until("the reader's", PATIENCE, () -> reader.received().size() >= rounds);
        most = Math.max(most, counts().unsent().count());
      }
      long held = most;
      assertTrue(held > MEBIBYTE / 2 && held <= MEBIBYTE + (4 << 10), "held " + held);
      assertEquals(List.of(readers), List.copyOf(opened));
      assertTrue(reader.isOpen() && !reader.received().isEmpty());
      Await.until("all is given back", PATIENCE, () -> counts().unsent().count() == 0);
    }
  }

  @Test
  void whoReadsNothingIsCutOffWithinTwoPingsWhateverItSends() throws Exception {
    start(Authenticator.OPEN, "webtorrent.ping-interval=1s");
    RawWebSocket deaf = open();
    Await.until("it is open", PATIENCE, () -> opened.size() == 1);
    fillUp();
    long since = System.nanoTime();
    Await.until(
        "the socket is cut off",
        PATIENCE,
        () -> {
          try {
            deaf.frame(PONG, true, new byte[0]);
          } catch (IOException e) {
            // Cut off.
          }
          return counts().open() == 0;
        });
    assertEquals(1, counts().cutCount());
    assertTrue(System.nanoTime() - since < Duration.ofSeconds(5).toNanos());
    Await.until("all is given back", PATIENCE, () -> counts().unsent().count() == 0);
  }

  @Test
  void aSocketThatIsClosingAndReadsNothingIsGoneSoon() throws Exception {
    start(Authenticator.OPEN, "webtorrent.ping-interval=2s");
    RawWebSocket deaf = open();
    Await.until("it is open", PATIENCE, () -> opened.size() == 1);
    fillUp();
    deaf.frame(CLOSE, true, new byte[] {3, (byte) 0xe8});
    Await.until("the room is told", PATIENCE, opened::isEmpty);
    Await.until("the socket is gone", Duration.ofSeconds(8), () -> counts().open() == 0);
    Await.until("all is given back", PATIENCE, () -> counts().unsent().count() == 0);
  }

  @Test
  void onlyWhoIsCutOffIsCountedAndThatOnce() throws Exception {
    start(Authenticator.OPEN, "webtorrent.ping-interval=1s");
    open().close();
    RawWebSocket polite = open();
    polite.frame(CLOSE, true, new byte[] {3, (byte) 0xe8});
    assertTrue(polite.isClosedWithin(PATIENCE));
    Await.until("both are gone", PATIENCE, () -> counts().open() == 0);
    assertEquals(0, counts().cutCount());

    RawWebSocket fragments = open();
    for (int i = 0; i < 66; i++) {
      fragments.frame(i == 0 ? 1 : 0, false, "{".getBytes(UTF_8));
    }
    assertTrue(fragments.isClosedWithin(PATIENCE));
    RawWebSocket noFrame = open();
    noFrame.frame(7, true, new byte[1]);
    assertTrue(noFrame.isClosedWithin(PATIENCE));
    Await.until("both are gone", PATIENCE, () -> counts().open() == 0);
    assertEquals(2, counts().cutCount());

    open();
    Await.until("one is open", PATIENCE, () -> opened.size() == 1);
    bus.sockets().send(0, new SocketOutputs(List.of(Output.cut(opened.element()))));
    Await.until("the room has cut it off", PATIENCE, () -> counts().open() == 0);
    assertEquals(3, counts().cutCount());
  }

  private String upgrade(String field) {
    return "GET /announce HTTP/1.1\r\nHost: "
        + server().getAuthority()
        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + field
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  @Test
  void aRequestForASocketBringsNoBody() throws Exception {
    start(Authenticator.OPEN);
    for (String field : List.of("Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n")) {
      try (RawConnection client = RawConnection.to(server())) {
        client.send(upgrade(field));
        assertEquals(400, client.receive().status(), field);
      }
    }
    try (RawConnection client = RawConnection.to(server())) {
      client.send(upgrade("Content-Length: 0\r\n"));
      assertEquals(101, client.receive().status());
      assertEquals(1, counts().open());
    }
    Await.until("nobody is left", PATIENCE, () -> counts().open() == 0);
  }

  /** Judges when the test says so. */
  private static final class SlowScheme implements Scheme {
    private final Promise<Verdict> verdict = Promise.promise();
    private volatile @Nullable Context asked;

    void decide(Verdict result) {
      Objects.requireNonNull(asked).runOnContext(now -> verdict.complete(result));
    }

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public boolean claims(AuthAttempt attempt) {
      return true;
    }

    @Override
    public Future<Verdict> judge(AuthAttempt attempt) {
      asked = Vertx.currentContext();
      return verdict.future();
    }

    @Override
    public List<String> challenges() {
      return List.of("Slow");
    }
  }

  @Test
  void whoHangsUpBeforeItIsJudgedTakesNoPlace() throws Exception {
    SlowScheme scheme = new SlowScheme();
    start(new Authenticator(List.of(scheme), true, Audit.NONE), "webtorrent.sockets=1");
    RawConnection client = RawConnection.to(server());
    client.send(upgrade("Authorization: Slow\r\n"));
    Await.until("it is judged", PATIENCE, () -> scheme.asked != null);
    client.close();
    Await.until(
        "its connection is closed",
        PATIENCE,
        () -> shared().acceptFilter().limits().openConnections() == 0);
    scheme.decide(Scheme.Verdict.ANONYMOUS);
    // Whoever comes now has the one place.
    Await.until(
        "a socket",
        PATIENCE,
        () -> {
          try (RawConnection next = RawConnection.to(server())) {
            next.send(upgrade("Authorization: Slow\r\n"));
            return next.receive().status() == 101;
          }
        });
  }
}
