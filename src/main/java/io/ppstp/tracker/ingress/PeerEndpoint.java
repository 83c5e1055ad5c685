package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.RawRequest;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.Ticket;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.Gate;
import io.ppstp.tracker.security.Verdict;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
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
  private final Gate gate;
  private final InFlight inFlight;
  private final TrackerMetrics metrics;
  private final HttpAnswers answers;
  private final Exchanges reading;
  private final Exchanges discarding;
  private final Exchanges answering;
  private long lastExchange;

  PeerEndpoint(
      int instance,
      RoomBus bus,
      IngressRules rules,
      Gate gate,
      InFlight inFlight,
      TrackerMetrics metrics) {
    this.instance = instance;
    this.bus = bus;
    this.rules = rules;
    this.gate = gate;
    this.inFlight = inFlight;
    this.metrics = metrics;
    this.answers = new HttpAnswers(rules.status());
    this.reading = new Exchanges(rules.requestDeadline().toNanos());
    this.discarding = new Exchanges(rules.requestDeadline().toNanos());
    this.answering = new Exchanges(rules.replyDeadline().toNanos());
  }

  void handle(HttpServerRequest request) {
    MediaTypes.Verdict mediaType =
        MediaTypes.judge(request.headers().get(HttpHeaders.CONTENT_TYPE));
    Exchange exchange =
        new Exchange(
            ++lastExchange, request, mediaType == MediaTypes.Verdict.EXACT, System.nanoTime());
    if (!HttpMethod.POST.equals(request.method())) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuseWithoutBody(exchange, 405);
    } else if (!isServed(request.path())) {
      refuseWithoutBody(exchange, 404);
    } else if (hasForeignExpectation(request)) {
      refuseWithoutBody(exchange, 417);
    } else if (mediaType == MediaTypes.Verdict.FOREIGN || isEncoded(request)) {
      refuse(exchange, HttpAnswers.UNSUPPORTED_MEDIA_TYPE);
    } else if (announcedLength(request) > rules.maxBody()) {
      refuse(exchange, HttpAnswers.TOO_LARGE);
    } else {
      read(exchange);
    }
  }

  private boolean isServed(String path) {
    Set<String> paths = rules.paths();
    return paths.isEmpty() || paths.contains(path);
  }

  private static boolean hasForeignExpectation(HttpServerRequest request) {
    String expectation = request.headers().get(HttpHeaders.EXPECT);
    return expectation != null && !expectation.equalsIgnoreCase("100-continue");
  }

  private static boolean isEncoded(HttpServerRequest request) {
    String encoding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  /** Returns the announced length; 0 when there is none, and the bytes will be counted. */
  private static long announcedLength(HttpServerRequest request) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private void read(Exchange exchange) {
    HttpServerRequest request = exchange.request;
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    reading.add(exchange, System.nanoTime());
    request.exceptionHandler(hangUp -> reading.remove(exchange.id));
    request.handler(
        piece -> {
          if (exchange.append(piece) > rules.maxBody()) {
            reading.remove(exchange.id);
            refuse(exchange, HttpAnswers.TOO_LARGE);
          }
        });
    request.endHandler(end -> dispatch(exchange));
  }

  private void dispatch(Exchange exchange) {
    if (reading.remove(exchange.id) == null) {
      return;
    }
    if (!inFlight.tryAcquire()) {
      metrics.answered(null, ErrorCode.SERVICE_UNAVAILABLE, 0);
      answers.send(
          exchange.request.response(),
          Answer.failure(null, ErrorCode.SERVICE_UNAVAILABLE, ""),
          Verdict.ANONYMOUS);
      return;
    }
    answering.add(exchange, System.nanoTime());
    if (gate.isOpen()) {
      forward(exchange, exchange.body());
    } else {
      judge(exchange, exchange.body());
    }
  }

  private void judge(Exchange exchange, byte[] body) {
    Attempts.judge(gate, exchange.request, body)
        .onComplete(
            judged -> {
              if (judged.failed()) {
                LOG.error("a request got 05, its sender could not be judged", judged.cause());
                answer(exchange.id, Answer.failure(null, ErrorCode.SERVICE_UNAVAILABLE, ""));
              } else if (answering.contains(exchange.id)) {
                exchange.verdict = judged.result();
                forward(exchange, body);
              }
            });
  }

  private void forward(Exchange exchange, byte[] body) {
    SocketAddress remote = exchange.request.remoteAddress();
    Requester requester =
        new Requester(Remotes.ip(remote), remote.port(), exchange.verdict.standing());
    Ticket ticket = new Ticket(instance, exchange.id);
    bus.validate(new RawRequest(ticket, requester, body, exchange.exactMediaType));
  }

  /** Sends the answer of the exchange numbered {@code id}, unless it was given up. */
  void answer(long id, Answer answer) {
    Exchange exchange = answering.remove(id);
    if (exchange != null) {
      inFlight.release();
      send(exchange, answer);
    }
  }

  private void send(Exchange exchange, Answer answer) {
    long nanos = System.nanoTime() - exchange.waitingSinceNs;
    metrics.answered(answer.type(), answer.code(), nanos);
    if (exchange.isOpen()) {
      answers.send(exchange.request.response(), answer, exchange.verdict);
    }
  }

  /** Gives up the exchanges whose time is over: slow bodies, and answers that did not come. */
  void sweep() {
    long nowNs = System.nanoTime();
    for (Exchange endless : discarding.removeOverdue(nowNs)) {
      endless.request.connection().close();
    }
    for (Exchange slow : reading.removeOverdue(nowNs)) {
      refuse(slow, HttpAnswers.REQUEST_TIMEOUT);
      slow.request.connection().close();
    }
    List<Exchange> unanswered = answering.removeOverdue(nowNs);
    for (Exchange exchange : unanswered) {
      inFlight.release();
      send(exchange, Answer.failure(null, ErrorCode.INTERNAL_SERVER_ERROR, ""));
    }
    if (!unanswered.isEmpty()) {
      LOG.error(
          "{} requests had no answer within {} and got 04: the rooms behind ingress are stuck or"
              + " overloaded; look at ppstp_in_flight and at what the store says",
          unanswered.size(),
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
    request.exceptionHandler(hangUp -> discarding.remove(exchange.id));
    request.endHandler(end -> discarding.remove(exchange.id));
    request.handler(
        piece -> {
          if (exchange.discard(piece) > MOST_DISCARDED) {
            request.connection().close();
          }
        });
  }
}
