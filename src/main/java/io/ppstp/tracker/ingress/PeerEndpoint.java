package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.RoomBus.RawRequest;
import io.ppstp.tracker.bus.RoomBus.Ticket;
import io.ppstp.tracker.ingress.HttpAnswers.HttpDate;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.ingress.connection.ClientAddresses;
import io.ppstp.tracker.ingress.http.Cors;
import io.ppstp.tracker.ingress.http.MediaTypes;
import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.ingress.http.RequestHeads;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.TransactionIds;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests of peers, sends their bodies on their way and their answers back. Confined to
 * the event loop of its verticle.
 *
 * <p>A request is refused ({@link Refusals}) or read ({@link BodyReader}); then its sender is
 * judged, the rooms behind answer it ({@link PendingAnswers}), and the answer waits for the client
 * to read it ({@link UnsentAnswers}).
 */
final class PeerEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(PeerEndpoint.class);

  private final int instance;
  private final RoomBus bus;
  private final IngressRules rules;
  private final Authenticator authenticator;
  private final AcceptFilter acceptFilter;
  private final TrackerMetrics metrics;
  private final HttpDate date;
  private final HttpAnswers answers;
  private final ConnectionTracker connections;
  private final Refusals refusals;
  private final BodyReader bodies;
  private final PendingAnswers pending;
  private final UnsentAnswers unsent;
  private final FailureLog failures;
  private final BrowserSockets sockets;
  private final SocketGate gate;
  private long lastExchange;

  PeerEndpoint(int instance, IngressRules rules, SocketRules socketRules, IngressShared shared) {
    this.instance = instance;
    this.bus = shared.bus();
    this.rules = rules;
    this.authenticator = shared.authenticator();
    this.acceptFilter = shared.acceptFilter();
    this.metrics = shared.metrics();
    this.date = new HttpDate(shared.clock());
    this.answers = new HttpAnswers(rules.status(), date, shared.accessLog());
    this.connections =
        new ConnectionTracker(
            acceptFilter, rules.idleTimeout(), rules.replyDeadline(), rules.controlFrames());
    this.refusals = new Refusals(answers, rules.requestDeadline());
    this.bodies =
        new BodyReader(
            rules.maxBody(),
            shared.bodies().share(),
            rules.requestDeadline(),
            this::dispatch,
            this::refuse);
    this.pending = new PendingAnswers(rules.replyDeadline());
    this.failures = new FailureLog(rules.replyDeadline());
    this.unsent =
        new UnsentAnswers(
            rules.responseDeadline(),
            rules.unsentPerConnection(),
            shared.inFlight(),
            shared.unsent().share(),
            acceptFilter.limits());
    this.sockets =
        new BrowserSockets(
            instance,
            socketRules,
            bus.sockets(),
            shared.sockets(),
            acceptFilter.limits(),
            shared.bodies());
    this.gate =
        new SocketGate(
            sockets,
            connections,
            authenticator,
            rules.clientCertificates(),
            this::refuse,
            (exchange, code) -> answers.send(exchange, failure(exchange, code)));
  }

  /** Returns the WebSockets of this instance. */
  BrowserSockets sockets() {
    return sockets;
  }

  /** Takes a connection in, before any request. */
  void connected(HttpConnection connection) {
    connections.opened(connection);
  }

  /** Takes a request whose header is whole. */
  void handle(HttpServerRequest request) {
    MediaTypes.Match mediaType = MediaTypes.judge(request.headers().get(HttpHeaders.CONTENT_TYPE));
    Exchange exchange = begin(request, mediaType == MediaTypes.Match.EXACT);
    exchange.awaitsContinue = RequestHeads.awaitsContinue(request);
    Duration wait = acceptFilter.limits().request(exchange.origin.client());
    if (acceptFilter.refuses(exchange.origin.client().ip())) {
      refuse(exchange, Refusal.REFUSED_NETWORK);
    } else if (!wait.isZero()) {
      refuse(exchange, Refusal.tooMany(wait));
    } else {
      admit(exchange, mediaType);
    }
  }

  /** Answers what is no request of HTTP; Vert.x closes the connection after it. */
  void malformed(HttpServerRequest request) {
    Exchange exchange = begin(request, false);
    metrics.httpRefused();
    exchange.closes = true;
    answers.refuse(exchange, Refusals.ofUndecodable(request.decoderResult().cause()), "");
  }

  private Exchange begin(HttpServerRequest request, boolean exactMediaType) {
    ConnectionState connectionState = connections.began(request.connection());
    ClientAddresses.ClientOrigin origin =
        acceptFilter
            .addresses()
            .of(request, connectionState == null ? null : connectionState.origin);
    if (connectionState != null) {
      connectionState.origin = origin;
    }
    Exchange exchange =
        new Exchange(
            ++lastExchange, request, connectionState, origin, exactMediaType, System.nanoTime());
    exchange.torrents = sockets.isAskedFor(request) ? null : rules.torrents().of(request);
    Cors.share(rules.origins(), request);
    Handler<Void> over = ended -> over(exchange);
    request.response().endHandler(over).closeHandler(over);
    return exchange;
  }

  private void over(Exchange exchange) {
    if (!exchange.over) {
      exchange.over = true;
      bodies.release(exchange);
      if (exchange.request.isEnded()) {
        connections.whole(exchange.connectionState);
      }
      connections.over(exchange.connectionState, System.nanoTime());
    }
  }

  private void admit(Exchange exchange, MediaTypes.Match mediaType) {
    HttpServerRequest request = exchange.request;
    boolean torrents = exchange.torrents != null;
    boolean served = torrents || HttpMethod.POST.equals(request.method());
    Refusal fault = RequestHeads.fault(request);
    if (fault != null) {
      exchange.closes = RequestHeads.isUnframed(request);
      refuse(exchange, fault);
    } else if (Cors.isPreflight(rules.origins(), request)) {
      refusals.refuse(exchange, Refusal.PREFLIGHT);
    } else if (!served && sockets.isAskedFor(request)) {
      gate.admit(exchange);
    } else if (!served) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuse(exchange, Refusal.METHOD_NOT_ALLOWED);
    } else if (!torrents && !isServed(request.path())) {
      refuse(exchange, Refusal.NOT_FOUND);
    } else if (rules.origins().refuse(request)) {
      acceptFilter.limits().hit(Limit.FOREIGN_ORIGIN);
      refuse(exchange, Refusal.FOREIGN_ORIGIN);
    } else if (RequestHeads.hasForeignExpectation(request)) {
      refuse(exchange, Refusal.EXPECTATION_FAILED);
    } else if (!torrents
        && (mediaType == MediaTypes.Match.FOREIGN || RequestHeads.isEncoded(request))) {
      refuse(exchange, Refusal.UNSUPPORTED_MEDIA_TYPE);
    } else {
      bodies.read(exchange);
    }
  }

  private boolean isServed(String path) {
    return rules.paths().isEmpty() || rules.paths().contains(path);
  }

  private void refuse(Exchange exchange, Refusal refusal) {
    if (refusal.code() == ErrorCode.SERVICE_UNAVAILABLE) {
      metrics.answered(null, ErrorCode.SERVICE_UNAVAILABLE, 0);
    } else {
      metrics.httpRefused();
    }
    refusals.refuse(exchange, refusal);
  }

  private void dispatch(Exchange exchange) {
    connections.whole(exchange.connectionState);
    if (!unsent.tryBegin()) {
      refuse(exchange, Refusal.OVERLOADED);
      return;
    }
    pending.add(exchange);
    if (authenticator.isOpen()) {
      forward(exchange, exchange.body());
    } else {
      judge(exchange, exchange.body());
    }
  }

  private void judge(Exchange exchange, byte[] body) {
    Attempts.judge(authenticator, exchange, body, rules.clientCertificates())
        .onComplete(
            judged -> {
              if (judged.failed()) {
                failures.unjudged();
                LOG.debug("a sender could not be judged", judged.cause());
                answer(exchange.id, failure(exchange, ErrorCode.SERVICE_UNAVAILABLE));
              } else if (pending.contains(exchange)) {
                exchange.verdict = judged.result();
                forwardOrDelay(exchange, body);
              }
            });
  }

  private void forwardOrDelay(Exchange exchange, byte[] body) {
    if (exchange.verdict.authState() instanceof AuthState.LockedOut lockedOut) {
      pending.remove(exchange.id);
      unsent.giveBack(exchange);
      refuse(exchange, Refusal.tooMany(lockedOut.remaining()));
      return;
    }
    if (exchange.verdict.authState() instanceof AuthState.Authenticated known) {
      Identity identity = known.identity();
      Duration wait =
          acceptFilter.limits().identityRequest(identity.scheme() + ' ' + identity.name());
      if (!wait.isZero()) {
        pending.remove(exchange.id);
        unsent.giveBack(exchange);
        refuse(exchange, Refusal.tooMany(wait));
        return;
      }
    }
    forward(exchange, body);
  }

  private void forward(Exchange exchange, byte[] body) {
    ClientAddresses.ClientOrigin origin = exchange.origin;
    Requester requester =
        new Requester(
            origin.client(),
            origin.port(),
            exchange.verdict.authState(),
            RequestHeads.registrationProof(exchange.request));
    Ticket ticket = new Ticket(instance, exchange.id);
    if (exchange.torrents == null) {
      bus.validate(new RawRequest(ticket, requester, body, exchange.exactMediaType));
    } else {
      bus.torrents(TorrentMessages.request(exchange, ticket, requester));
    }
  }

  /** Sends the answer of the exchange numbered {@code id}, unless it was given up. */
  void answer(long id, Answer answer) {
    Exchange exchange = pending.remove(id);
    if (exchange != null) {
      send(exchange, answer);
    }
  }

  private void send(Exchange exchange, Answer answer) {
    if (exchange.torrents == null) {
      long nanos = System.nanoTime() - exchange.waitingSinceNs;
      metrics.answered(answer.type(), answer.code(), nanos);
    }
    if (!exchange.isOpen()) {
      unsent.giveBack(exchange);
      return;
    }
    Answer sent = answer;
    if (!unsent.tryHold(exchange, answer.body().length)) {
      sent = failure(exchange, ErrorCode.SERVICE_UNAVAILABLE);
      unsent.tryHold(exchange, sent.body().length);
    }
    exchange.verdict = verdictWithChallenge(exchange, sent);
    unsent.sent(exchange, answers.send(exchange, sent));
  }

  /** Without credentials some requests are answered and some are not: those get a challenge. */
  private Verdict verdictWithChallenge(Exchange exchange, Answer answer) {
    boolean unchallenged =
        answer.code() == ErrorCode.AUTHENTICATION_REQUIRED
            && exchange.verdict.challenges().isEmpty();
    return unchallenged ? authenticator.unauthenticated() : exchange.verdict;
  }

  /** Answers for the rooms behind, which did not read the request or do not say. */
  private static Answer failure(Exchange exchange, ErrorCode code) {
    return exchange.torrents == null
        ? Answer.failure(null, code, TransactionIds.in(exchange.beginning()))
        : TorrentMessages.of(code);
  }

  /** Takes other limits from now on. */
  void limit(int bodyBytes, int unsentBytesPerConnection) {
    bodies.limit(bodyBytes);
    unsent.limitPerConnection(unsentBytesPerConnection);
  }

  /** Tells clients from now on that their connections are about to end, or no more. */
  void drain(boolean draining) {
    answers.drain(draining);
    connections.drain(draining);
  }

  /** Gives up what is overdue: slow bodies, answers that do not come or that nobody reads. */
  void sweep() {
    long nowNs = System.nanoTime();
    date.tick();
    connections.sweep(nowNs);
    refusals.sweep(nowNs);
    bodies.sweep(nowNs);
    unsent.sweep(nowNs);
    sockets.sweep(nowNs);
    List<Exchange> forgotten = pending.removeOverdue(nowNs);
    for (Exchange exchange : forgotten) {
      send(exchange, failure(exchange, ErrorCode.INTERNAL_SERVER_ERROR));
    }
    failures.unanswered(forgotten.size());
    failures.tell();
  }
}
