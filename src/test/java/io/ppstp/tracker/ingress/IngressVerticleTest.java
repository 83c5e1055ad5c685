package io.ppstp.tracker.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.ppstp.tracker.limits.LimitRules;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.security.Scheme;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The room of ingress alone: behind it stands a test that holds requests back as it likes. */
@ExtendWith(VertxExtension.class)
class IngressVerticleTest {
  private static final String OVERLOADED =
      "{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":1,\"error_code\":5,"
          + "\"transaction_id\":\"\"}}";
  private static final String FAILED =
      "{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":1,\"error_code\":4,"
          + "\"transaction_id\":\"\"}}";

  private Vertx vertx;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<RawRequest> held = new CopyOnWriteArrayList<>();
  private RoomBus bus;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private @Nullable IngressShared started;
  private Limits limits = Limits.unbounded();

  private IngressShared shared() {
    return Objects.requireNonNull(started);
  }

  /** The instance is closed by the extension, with all that a test deploys. */
  @BeforeEach
  void takeInstance(Vertx instance) {
    vertx = instance;
    bus = RoomBus.create(instance, 1, 1);
  }

  private InFlight start(int instances, int maxInFlight, String... settings)
      throws ConfigException {
    return start(instances, maxInFlight, Authenticator.OPEN, settings);
  }

  private InFlight start(
      int instances, int maxInFlight, Authenticator authenticator, String... settings)
      throws ConfigException {
    List<String> all =
        Stream.concat(
                Stream.of(
                    "http.port=0",
                    "shutdown.delay=1ms",
                    "shutdown.deadline=1s",
                    "limits.in-flight=" + maxInFlight),
                Stream.of(settings))
            .toList();
    TrackerConfig config = ConfigLoader.load(null, Map.of(), all);
    AcceptFilter acceptFilter = new AcceptFilter(config, limits, ip -> false, Audit.NONE);
    TrackerMetrics metrics = new TrackerMetrics(meters);
    started =
        IngressShared.of(
            bus,
            new Live<>(config),
            null,
            authenticator,
            acceptFilter,
            metrics,
            () -> Instant.ofEpochSecond(9));
    Await.result(bus.onValidate(0, held::add));
    List<Future<String>> deployed = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      deployed.add(vertx.deployVerticle(new IngressVerticle(i, shared())));
    }
    Await.result(Future.all(deployed));
    return shared().inFlight();
  }

  private CompletableFuture<HttpResponse<String>> post(String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shared().ports().plain() + "/"))
            .header("Content-Type", "application/ppsp-tracker+json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(CompletableFuture<HttpResponse<String>> response)
      throws Exception {
    return response.get(30, TimeUnit.SECONDS);
  }

  private void awaitHeld(int count) {
    Await.until(() -> "held: " + held.size(), () -> held.size() >= count);
  }

  /** A client may see the last byte of an answer before the tracker knows that it was sent. */
  private static void awaitEmpty(InFlight inFlight) {
    Await.until(() -> "in flight: " + inFlight.count(), () -> inFlight.count() == 0);
  }

  private void answer(RawRequest request, String body) {
    bus.answer(request.ticket(), Answer.success(RequestType.FIND, body.getBytes(UTF_8)));
  }

  /** Answers each request with its own body. */
  private void echo(RawRequest request) {
    answer(request, new String(request.body(), UTF_8));
  }

  @Test
  void bodyAndRequesterArriveAndTheAnswerGoesBack() throws Exception {
    start(1, 10);

    CompletableFuture<HttpResponse<String>> response = post("question \u00fc");
    awaitHeld(1);
    RawRequest request = held.get(0);
    assertArrayEquals("question \u00fc".getBytes(UTF_8), request.body());
    assertEquals("127.0.0.1", request.requester().ip().toString());
    assertTrue(request.requester().port() > 0);
    assertTrue(request.exactMediaType());
    answer(request, "answer \u00fc");

    assertEquals(200, get(response).statusCode());
    assertEquals("answer \u00fc", get(response).body());
    assertEquals(
        List.of("application/ppsp-tracker+json"),
        get(response).headers().allValues("content-type"));
  }

  @Test
  void everyAnswerSaysWhenItWasGiven() throws Exception {
    start(1, 10);
    CompletableFuture<HttpResponse<String>> response = post("question");
    awaitHeld(1);
    echo(held.get(0));
    assertEquals(
        List.of("Thu, 01 Jan 1970 00:00:09 GMT"), get(response).headers().allValues("date"));
  }

  @Test
  void beyondTheLimitRequestsAreTurnedAwayAtOnceAndAfterwardsServedAgain() throws Exception {
    InFlight inFlight = start(1, 3);
    List<CompletableFuture<HttpResponse<String>>> pending = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pending.add(post("early " + i));
    }
    awaitHeld(3);

    for (int i = 0; i < 5; i++) {
      HttpResponse<String> refused = get(post("late " + i));
      assertEquals(503, refused.statusCode());
      assertEquals(OVERLOADED, refused.body());
      assertEquals(List.of("2"), refused.headers().allValues("retry-after"));
      assertEquals(
          List.of("application/ppsp-tracker+json"), refused.headers().allValues("content-type"));
    }
    assertEquals(3, held.size(), "none of the late ones went further");
    assertEquals(3, inFlight.count());
    pending.forEach(response -> assertFalse(response.isDone()));
    assertEquals(
        5.0,
        meters
            .get("ppstp.requests")
            .tags("type", "MALFORMED", "outcome", "SERVICE_UNAVAILABLE")
            .counter()
            .count());

    held.forEach(this::echo);
    for (int i = 0; i < 3; i++) {
      assertEquals("early " + i, get(pending.get(i)).body());
    }
    awaitEmpty(inFlight);

    CompletableFuture<HttpResponse<String>> again = post("again");
    awaitHeld(4);
    echo(held.get(3));
    assertEquals("again", get(again).body());
  }

  @Test
  void anAnswerThatDoesNotComeIsReplacedAndComesTooLate() throws Exception {
    InFlight inFlight = start(1, 1, "timers.reply=2s");

    HttpResponse<String> given = get(post("first"));
    assertEquals(500, given.statusCode());
    assertEquals(FAILED, given.body());
    awaitEmpty(inFlight);

    // On the same connection, the late answer must not pass for that of the next request.
    CompletableFuture<HttpResponse<String>> next = post("second");
    awaitHeld(2);
    echo(held.get(0));
    echo(held.get(1));
    assertEquals("second", get(next).body());
    assertEquals(200, get(next).statusCode());
    echo(held.get(0));
    CompletableFuture<HttpResponse<String>> third = post("third");
    awaitHeld(3);
    echo(held.get(2));
    assertEquals("third", get(third).body());
    awaitEmpty(inFlight);
  }

  @Test
  void aSecondAnswerIsIgnored() throws Exception {
    InFlight inFlight = start(1, 2);
    CompletableFuture<HttpResponse<String>> first = post("first");
    awaitHeld(1);
    CompletableFuture<HttpResponse<String>> other = post("other");
    awaitHeld(2);

    echo(held.get(0));
    answer(held.get(0), "once more");
    answer(held.get(0), "and again");
    assertEquals("first", get(first).body());
    echo(held.get(1));
    assertEquals("other", get(other).body());
    awaitEmpty(inFlight);
  }

  @Test
  void answersFindTheirExchangesInWhateverOrderTheyCome() throws Exception {
    InFlight inFlight = start(2, 60);
    List<CompletableFuture<HttpResponse<String>>> pending = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      pending.add(post("question " + i));
    }
    awaitHeld(60);

    for (int i = 59; i >= 0; i--) {
      echo(held.get(i));
    }
    Set<Integer> instances = new HashSet<>();
    held.forEach(request -> instances.add(request.ticket().ingress()));
    for (int i = 0; i < 60; i++) {
      assertEquals("question " + i, get(pending.get(i)).body());
    }
    assertEquals(Set.of(0, 1), instances, "both instances took part");
    awaitEmpty(inFlight);
  }

  @Test
  void aClientThatHangsUpGivesItsSlotBackWithTheAnswer() throws Exception {
    InFlight inFlight = start(1, 1);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), shared().ports().plain())) {
      send(socket, "gone");
      awaitHeld(1);
      assertEquals(1, inFlight.count());
    }
    echo(held.get(0));
    Await.until(() -> "in flight: " + inFlight.count(), () -> inFlight.count() == 0);

    CompletableFuture<HttpResponse<String>> next = post("next");
    awaitHeld(2);
    echo(held.get(1));
    assertEquals("next", get(next).body());
  }

  private static void send(Socket socket, String body) throws IOException {
    String message =
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    socket.getOutputStream().write(message.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  @Test
  void aRequestStillBeingSentTakesNoSlot() throws Exception {
    InFlight inFlight = start(1, 1);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), shared().ports().plain())) {
      socket
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nslow".getBytes(UTF_8));
      socket.getOutputStream().flush();

      CompletableFuture<HttpResponse<String>> other = post("quick");
      awaitHeld(1);
      echo(held.get(0));
      assertEquals("quick", get(other).body());
      awaitEmpty(inFlight);

      socket.getOutputStream().write(" peer".getBytes(UTF_8));
      socket.getOutputStream().flush();
      awaitHeld(2);
      assertArrayEquals("slow peer".getBytes(UTF_8), held.get(1).body());
      assertFalse(held.get(1).exactMediaType(), "it named no media type");
      echo(held.get(1));
    }
  }

  @Test
  void anIdentityHasItsOwnRateWhateverItsConnection() throws Exception {
    LimitRules none = LimitRules.NONE;
    LimitRules rules =
        new LimitRules(
            none.exempt(),
            none.ipv4Bits(),
            none.connections(),
            none.requests(),
            new Rate(1, 2),
            none.registrations(),
            none.peersPerAddress(),
            none.lockOut(),
            LimitRules.Ipv6.SLASH_64);
    limits = new Limits(rules, () -> 1, 7, Duration.ofMinutes(3), 10);
    Authenticator authenticator =
        new Authenticator(
            List.of(new Believing()), true, Permissions.NONE, new Audit(), limits.lockouts());
    InFlight inFlight = start(1, 10, authenticator);
    for (int i = 0; i < 2; i++) {
      CompletableFuture<HttpResponse<String>> response = postAs("alice");
      awaitHeld(i + 1);
      echo(held.get(i));
      assertEquals(200, get(response).statusCode());
    }

    HttpResponse<String> refused = get(postAs("alice"));
    assertEquals(503, refused.statusCode());
    assertEquals(OVERLOADED, refused.body());
    assertEquals(List.of("1"), refused.headers().allValues("retry-after"));
    awaitEmpty(inFlight);
    CompletableFuture<HttpResponse<String>> other = postAs("bob");
    awaitHeld(3);
    echo(held.get(2));
    assertEquals(200, get(other).statusCode());
  }

  private CompletableFuture<HttpResponse<String>> postAs(String name) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shared().ports().plain() + "/"))
            .header("Authorization", "Name " + name)
            .POST(BodyPublishers.ofString("x"))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  /** Takes everybody for whom they say they are. */
  private static final class Believing implements Scheme {
    @Override
    public String name() {
      return "name";
    }

    @Override
    public boolean claims(AuthAttempt attempt) {
      return attempt.schemeName().equals("name");
    }

    @Override
    public Future<Verdict> judge(AuthAttempt attempt) {
      String name = Objects.requireNonNull(attempt.authorization()).substring(5);
      return Future.succeededFuture(
          Verdict.of(new Identity(name, "name", Permissions.ANY, Permissions.ANY), null));
    }

    @Override
    public List<String> challenges() {
      return List.of("Name");
    }
  }

  @Test
  void statusesCanBeMaskedForClientsThatReadBodiesOnly() throws Exception {
    start(1, 1, "http.status=always-200", "timers.reply=2s");

    CompletableFuture<HttpResponse<String>> unanswered = post("unanswered");
    awaitHeld(1);
    HttpResponse<String> refused = get(post("too many"));
    assertEquals(200, refused.statusCode());
    assertEquals(OVERLOADED, refused.body());
    assertEquals(200, get(unanswered).statusCode());
    assertEquals(FAILED, get(unanswered).body());
  }
}
