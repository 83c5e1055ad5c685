package io.ppstp.tracker.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.RoomBus.RawRequest;
import io.ppstp.tracker.bus.RoomBus.Ticket;
import io.ppstp.tracker.bus.RoomBus.TypedRequest;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The room of validation between two stand-ins: who answers what, and what goes further. */
@ExtendWith(VertxExtension.class)
class ValidationVerticleTest {
  private static final Requester FROM = new Requester(IpAddress.ofBytes(new byte[4]), 4711);
  private static final ReaderRules STRICT = new ReaderRules(16, 256, 2048, 8, 29, true, false);
  private static final String FIND =
      "{'PPSPTrackerProtocol':{'version':1,'request_type':'FIND','transaction_id':'t1',"
          + "'peer_id':'p1','find':{'swarm_id':'s1','peer_num':{'peer_count':5}}}}";
  private static final String LENIENT_FIND =
      "{'PPSPTrackerProtocol':{'version':'1','request_type':'FIND','transaction_id':7,"
          + "'peer_id':'p1','swarm_id':'s1','peer_num':{'peer_count':'5'}}}";

  private Vertx vertx;
  private RoomBus bus;
  private final List<TypedRequest> managed = new CopyOnWriteArrayList<>();
  private final Map<Long, Answer> answers = new ConcurrentHashMap<>();
  private final List<Long> answeredTwice = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private long exchange;

  /** The instance is closed by the extension, with all that a test deploys. */
  @BeforeEach
  void takeInstance(Vertx instance) {
    vertx = instance;
    bus = RoomBus.create(instance, 1, 1);
  }

  private void start(ReaderRules rules) {
    Await.result(bus.onManage(0, managed::add));
    Await.result(
        bus.onAnswer(
            3,
            (id, answer) -> {
              if (answers.put(id, answer) != null) {
                answeredTwice.add(id);
              }
            }));
    Await.result(
        vertx.deployVerticle(
            new ValidationVerticle(0, bus, new Live<>(rules), new TrackerMetrics(meters))));
  }

  private Ticket send(String body, boolean exactMediaType) {
    return send(body.replace('\'', '"').getBytes(UTF_8), exactMediaType);
  }

  private Ticket send(byte[] body, boolean exactMediaType) {
    Ticket ticket = new Ticket(3, ++exchange);
    bus.validate(new RawRequest(ticket, FROM, body, exactMediaType));
    return ticket;
  }

  private Answer answerTo(Ticket ticket) {
    Await.until(() -> "an answer", () -> answers.containsKey(ticket.exchange()));
    return Objects.requireNonNull(answers.get(ticket.exchange()));
  }

  private void assertFailure(Answer answer, ErrorCode code, String transactionId) {
    assertEquals(code, answer.code());
    assertNull(answer.type());
    assertEquals(
        "{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":1,\"error_code\":"
            + code.wireValue()
            + ",\"transaction_id\":\""
            + transactionId
            + "\"}}",
        new String(answer.body(), UTF_8));
    assertEquals(List.of(), managed, "nothing went further");
  }

  private double lenient(Leniency kind) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return meters.get("ppstp.lenient").tag("kind", name).counter().count();
  }

  private double allLenient() {
    double sum = 0;
    for (Leniency kind : Leniency.values()) {
      sum += lenient(kind);
    }
    return sum;
  }

  @Test
  void aWellFormedRequestGoesOnWithItsTicketAndIsNotAnsweredHere() {
    start(ReaderRules.DEFAULTS);

    Ticket ticket = send(FIND, true);
    Await.until(() -> "one request", () -> managed.size() == 1);

    assertEquals(ticket, managed.get(0).ticket());
    assertEquals(FROM, managed.get(0).requester());
    Request.Find find = assertInstanceOf(Request.Find.class, managed.get(0).request());
    assertEquals("s1", find.swarmId());
    assertEquals(Map.of(), answers);
    assertEquals(0, allLenient());
  }

  @Test
  void whatIsNoMessageIsBad() {
    start(ReaderRules.DEFAULTS);

    assertFailure(answerTo(send("", true)), ErrorCode.BAD_REQUEST, "");
    assertFailure(answerTo(send("GET / HTTP/1.1", true)), ErrorCode.BAD_REQUEST, "");
    assertFailure(answerTo(send("{}", true)), ErrorCode.BAD_REQUEST, "");
    assertFailure(answerTo(send("{'PPSPTrackerProtocol':[]}", true)), ErrorCode.BAD_REQUEST, "");
  }

  @Test
  void aMalformedMessageIsAnsweredWithItsTransaction() {
    start(ReaderRules.DEFAULTS);

    Answer answer = answerTo(send(FIND.replace("'swarm_id':'s1'", "'swarm_id':''"), true));

    assertFailure(answer, ErrorCode.BAD_REQUEST, "t1");
    assertFalse(answer.tooLarge());
  }

  @Test
  void anotherVersionIsUnsupportedWhateverElseIsWrong() {
    start(ReaderRules.DEFAULTS);

    String foreign = FIND.replace("'version':1", "'version':2");
    assertFailure(answerTo(send(foreign, true)), ErrorCode.UNSUPPORTED_VERSION, "t1");
    assertFailure(
        answerTo(send(foreign.replace("FIND", "SING"), true)), ErrorCode.UNSUPPORTED_VERSION, "t1");
  }

  @Test
  void nestingBeyondTheLimitIsTooLarge() {
    start(ReaderRules.DEFAULTS);

    String deep = FIND.replace("'find':", "'x':" + "[".repeat(40) + "]".repeat(40) + ",'find':");
    Answer answer = answerTo(send(deep, true));

    assertFailure(answer, ErrorCode.BAD_REQUEST, "t1");
    assertTrue(answer.tooLarge());
  }

  @Test
  void anotherMediaTypeIsCounted() {
    start(ReaderRules.DEFAULTS);

    send(FIND, false);
    send(FIND, true);
    Await.until(() -> "both requests", () -> managed.size() == 2);

    assertEquals(1, lenient(Leniency.MEDIA_TYPE));
    assertEquals(1, allLenient());
  }

  @Test
  void aStrictTrackerTakesItsOwnMediaTypeOnly() {
    start(STRICT);

    assertFailure(answerTo(send(FIND, false)), ErrorCode.BAD_REQUEST, "t1");
    send(FIND, true);
    Await.until(() -> "one request", () -> managed.size() == 1);
    assertEquals(0, allLenient());
  }

  @Test
  void lenientSpellingsAreCountedByKindOncePerRequest() {
    start(ReaderRules.DEFAULTS);

    send(LENIENT_FIND, true);
    send(LENIENT_FIND, true);
    Await.until(() -> "both requests", () -> managed.size() == 2);

    assertEquals(2, lenient(Leniency.VERSION_SPELLING));
    assertEquals(2, lenient(Leniency.TRANSACTION_ID_NUMBER));
    assertEquals(2, lenient(Leniency.FLAT_FIND));
    assertEquals(2, lenient(Leniency.NUMBER_SPELLING));
    assertEquals(8, allLenient());
  }

  @Test
  void aStrictTrackerRefusesLenientSpellingsAndCountsNone() {
    start(STRICT);

    assertFailure(
        answerTo(send(LENIENT_FIND.replace(":7", ":'7'").replace("'1'", "1"), true)),
        ErrorCode.BAD_REQUEST,
        "7");
    assertEquals(0, allLenient());
  }

  @Test
  void whateverComesEachRequestHasOneOutcome() {
    start(ReaderRules.DEFAULTS);
    SplittableRandom random = Seeds.random();
    byte[] good = FIND.replace('\'', '"').getBytes(UTF_8);
    List<Long> sent = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      byte[] body = good.clone();
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      sent.add(send(body, random.nextBoolean()).exchange());
      Await.until(
          () -> sent.size() + " sent, outcomes: " + (answers.size() + managed.size()),
          () -> sent.size() - answers.size() - managed.size() < 500);
    }
    Await.until(
        () -> "outcomes: " + (answers.size() + managed.size()),
        () -> answers.size() + managed.size() >= sent.size());

    List<Long> outcomes = new ArrayList<>(answers.keySet());
    managed.forEach(request -> outcomes.add(request.ticket().exchange()));
    assertEquals(sent, outcomes.stream().sorted().toList());
    assertEquals(List.of(), answeredTwice);
    answers.forEach(
        (id, answer) ->
            assertTrue(
                answer.code() == ErrorCode.BAD_REQUEST
                    || answer.code() == ErrorCode.UNSUPPORTED_VERSION,
                () -> "exchange " + id + ": " + answer.code()));
  }

  @Test
  void whatBrowsersAreKnownByNoRequestMayName() {
    start(ReaderRules.DEFAULTS);
    for (Message request :
        List.of(
            Message.find("p1", "t", "wt:0123"),
            Message.find("wt:p1", "t", "s1"),
            Message.find("p1", "t", "bt:0123"),
            Message.find("bt:p1", "t", "s1"),
            Message.connect("p1", "t").joinAsSeeder("s1").joinAsSeeder("wt:0123"),
            Message.connect("p1", "t").leave("wt:0123"),
            Message.statReport("wt:p1", "t"),
            Message.statReport("p1", "t", "wt:0123"))) {
      assertEquals(ErrorCode.FORBIDDEN_ACTION, answerTo(send(request.bytes(), true)).code());
    }
    assertEquals(List.of(), managed, "nothing went further");
  }
}
