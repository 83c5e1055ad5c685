package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.RawRequest;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.Ticket;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Identity;
import io.ppstp.tracker.security.Verdict;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the POSTs of peers, sends their bodies on their way and their answers back. Confined to the
 * event loop of its verticle.
 */
final class PeerEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(PeerEndpoint.class);

  /** What is still read of a body refused for its size before the connection is cut. */
  private static final int MOST_DISCARDED = 1 << 20;

  private final int instance;
  private final RoomBus bus;
  private final IngressRules rules;
  private int maxBody;
  private int unjudged;
  private final Authenticator gate;
  private final InFlight inFlight;
  private final AcceptFilter door;
  private final ConnectionTracker visits;
  private final TrackerMetrics metrics;
  private final HttpAnswers answers;
  private final DeadlineQueue<Exchange> reading;
  private final DeadlineQueue<Exchange> discarding;
  private final DeadlineQueue<Exchange> answering;

  /** Those in the line {@link #answering}, by number. */
  private final Map<Long, Exchange> unanswered = new HashMap<>();

  private long lastExchange;

  PeerEndpoint(
      int instance,
      RoomBus bus,
      IngressRules rules,
      Authenticator gate,
      InFlight inFlight,
      AcceptFilter door,
      TrackerMetrics metrics) {
    this.instance = instance;
    this.bus = bus;
    this.rules = rules;
    this.maxBody = rules.maxBody();
    this.gate = gate;
    this.inFlight = inFlight;
    this.door = door;
    this.visits = new ConnectionTracker(door, rules.idleTimeout(), rules.replyDeadline());
    this.metrics = metrics;
    this.answers = new HttpAnswers(rules.status());
    this.reading = new DeadlineQueue<>(rules.requestDeadline().toNanos());
    this.discarding = new DeadlineQueue<>(rules.requestDeadline().toNanos());
    this.answering = new DeadlineQueue<>(rules.replyDeadline().toNanos());
  }

  /** Takes a connection in, before any request. */
  void connected(HttpConnection connection) {
    visits.opened(connection);
  }

  void handle(HttpServerRequest request) {
    MediaTypes.Verdict mediaType =
        MediaTypes.judge(request.headers().get(HttpHeaders.CONTENT_TYPE));
    ConnectionState visit = visits.began(request.connection());
    Exchange exchange =
        new Exchange(
            ++lastExchange,
            request,
            visit,
            door.addresses().of(request, visit),
            mediaType == MediaTypes.Verdict.EXACT,
            System.nanoTime());
    Handler<Void> over = ended -> over(exchange);
    request.response().endHandler(over).closeHandler(over);
    Duration wait = door.limits().request(exchange.origin.client());
    if (!wait.isZero()) {
      turnAway(exchange, wait);
    } else {
      admit(exchange, mediaType);
    }
  }

  private void admit(Exchange exchange, MediaTypes.Verdict mediaType) {
    HttpServerRequest request = exchange.request;
    if (!HttpMethod.POST.equals(request.method())) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuseWithoutBody(exchange, 405);
    } else if (!isServed(request.path())) {
      refuseWithoutBody(exchange, 404);
    } else if (Heads.hasForeignExpectation(request)) {
      refuseWithoutBody(exchange, 417);
    } else if (mediaType == MediaTypes.Verdict.FOREIGN || Heads.isEncoded(request)) {
      refuse(exchange, HttpAnswers.UNSUPPORTED_MEDIA_TYPE);
    } else if (Heads.announcedLength(request) > maxBody) {
      refuse(exchange, HttpAnswers.TOO_LARGE);
    } else {
      read(exchange);
    }
  }

  private void over(Exchange exchange) {
    if (!exchange.over) {
      exchange.over = true;
      if (exchange.request.isEnded()) {
        visits.whole(exchange.visit);
      }
      visits.over(exchange.visit, System.nanoTime());
    }
  }

  private boolean isServed(String path) {
    Set<String> paths = rules.paths();
    return paths.isEmpty() || paths.contains(path);
  }

  private void read(Exchange exchange) {
    HttpServerRequest request = exchange.request;
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    reading.add(exchange, exchange.waitingSinceNs);
    request.exceptionHandler(hangUp -> reading.remove(exchange));
    request.handler(
        piece -> {
          if (exchange.append(piece) > maxBody) {
            reading.remove(exchange);
            refuse(exchange, HttpAnswers.TOO_LARGE);
          }
        });
    request.endHandler(end -> dispatch(exchange));
  }

  private void dispatch(Exchange exchange) {
    if (!reading.remove(exchange)) {
      return;
    }
    visits.whole(exchange.visit);
    if (!inFlight.tryAcquire()) {
      metrics.answered(null, ErrorCode.SERVICE_UNAVAILABLE, 0);
      answers.send(
          exchange.request.response(),
          Answer.failure(null, ErrorCode.SERVICE_UNAVAILABLE, ""),
          Verdict.ANONYMOUS);
      return;
    }
    answering.add(exchange, System.nanoTime());
    unanswered.put(exchange.id, exchange);
    if (gate.isOpen()) {
      forward(exchange, exchange.body());
    } else {
      judge(exchange, exchange.body());
    }
  }

  private void judge(Exchange exchange, byte[] body) {
    Attempts.judge(gate, exchange, body, rules.clientCertificates())
        .onComplete(
            judged -> {
              if (judged.failed()) {
                unjudged++;
                LOG.debug("a sender could not be judged", judged.cause());
                answer(exchange.id, Answer.failure(null, ErrorCode.SERVICE_UNAVAILABLE, ""));
              } else if (answering.contains(exchange)) {
                exchange.verdict = judged.result();
                forwardOrDelay(exchange, body);
              }
            });
  }

  private void forwardOrDelay(Exchange exchange, byte[] body) {
    if (exchange.verdict.authState() instanceof AuthState.LockedOut lockedOut) {
      leave(exchange);
      turnAway(exchange, lockedOut.remaining());
      return;
    }
    if (exchange.verdict.authState() instanceof AuthState.Authenticated known) {
      Identity identity = known.identity();
      Duration wait = door.limits().identityRequest(identity.scheme() + ' ' + identity.name());
      if (!wait.isZero()) {
        leave(exchange);
        turnAway(exchange, wait);
        return;
      }
    }
    forward(exchange, body);
  }

  /** Answers 05 to somebody who sends more than is allowed, without reading what it says. */
  private void turnAway(Exchange exchange, Duration wait) {
    metrics.answered(null, ErrorCode.SERVICE_UNAVAILABLE, 0);
    if (!exchange.request.isEnded()) {
      discardBody(exchange);
    }
    if (exchange.isOpen()) {
      answers.sendLater(exchange.request.response(), wait);
    }
  }

  private void forward(Exchange exchange, byte[] body) {
    ClientAddresses.Origin origin = exchange.origin;
    Requester requester =
        new Requester(origin.client(), origin.port(), exchange.verdict.authState());
    Ticket ticket = new Ticket(instance, exchange.id);
    bus.validate(new RawRequest(ticket, requester, body, exchange.exactMediaType));
  }

  /** Sends the answer of the exchange numbered {@code id}, unless it was given up. */
  void answer(long id, Answer answer) {
    Exchange exchange = unanswered.get(id);
    if (exchange != null) {
      leave(exchange);
      send(exchange, answer);
    }
  }

  /** The rooms behind have nothing more to say to {@code exchange}. */
  private void leave(Exchange exchange) {
    answering.remove(exchange);
    unanswered.remove(exchange.id);
    inFlight.release();
  }

  private void send(Exchange exchange, Answer answer) {
    long nanos = System.nanoTime() - exchange.waitingSinceNs;
    metrics.answered(answer.type(), answer.code(), nanos);
    if (exchange.isOpen()) {
      answers.send(exchange.request.response(), answer, verdictWithChallenge(exchange, answer));
    }
  }

  /** Without credentials some requests are answered and some are not: those get a challenge. */
  private Verdict verdictWithChallenge(Exchange exchange, Answer answer) {
    boolean unchallenged =
        answer.code() == ErrorCode.AUTHENTICATION_REQUIRED
            && exchange.verdict.challenges().isEmpty();
    return unchallenged ? gate.unauthenticated() : exchange.verdict;
  }

  /** Takes bodies of at most {@code bytes} from now on. */
  void limitBody(int bytes) {
    maxBody = bytes;
  }

  /** Gives up the exchanges whose time is over: slow bodies, and answers that did not come. */
  void sweep() {
    long nowNs = System.nanoTime();
    visits.sweep(nowNs);
    for (Exchange endless : discarding.removeOverdue(nowNs)) {
      endless.request.connection().close();
    }
    for (Exchange slow : reading.removeOverdue(nowNs)) {
      refuse(slow, HttpAnswers.REQUEST_TIMEOUT);
      slow.request.connection().close();
    }
    List<Exchange> forgotten = answering.removeOverdue(nowNs);
    for (Exchange exchange : forgotten) {
      leave(exchange);
      send(exchange, Answer.failure(null, ErrorCode.INTERNAL_SERVER_ERROR, ""));
    }
    tell(forgotten.size());
  }

  private void tell(int forgotten) {
    if (unjudged > 0) {
      LOG.error(
          "{} requests got 05, their senders could not be judged: the store of used nonces or a key"
              + " server does not answer",
          unjudged);
      unjudged = 0;
    }
    if (forgotten > 0) {
      LOG.error(
          "{} requests had no answer within {} and got 04: the rooms behind ingress are stuck or"
              + " overloaded; look at ppstp_in_flight and at what the store says",
          forgotten,
          rules.replyDeadline());
    }
  }

  /** Answers 01 with an HTTP status that says more. */
  private void refuse(Exchange exchange, int status) {
    discardBody(exchange);
    if (exchange.isOpen()) {
      answers.send(
          exchange.request.response(), Answer.failure(null, ErrorCode.BAD_REQUEST, ""), status);
    }
  }

  private void refuseWithoutBody(Exchange exchange, int status) {
    discardBody(exchange);
    exchange.request.response().setStatusCode(status).end();
  }

  /**
   * Reads on without keeping what comes: a client that is still sending would not see an answer
   * otherwise. Bounded in bytes and time; whoever goes on is cut off.
   */
  private void discardBody(Exchange exchange) {
    metrics.httpRefused();
    HttpServerRequest request = exchange.request;
    if (request.isEnded()) {
      return;
    }
    discarding.add(exchange, System.nanoTime());
    request.exceptionHandler(hangUp -> discarding.remove(exchange));
    request.endHandler(end -> discarding.remove(exchange));
    request.handler(
        piece -> {
          if (exchange.discard(piece) > MOST_DISCARDED) {
            request.connection().close();
          }
        });
  }
}
