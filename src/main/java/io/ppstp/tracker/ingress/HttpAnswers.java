package io.ppstp.tracker.ingress;

import io.netty.buffer.Unpooled;
import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.config.TrackerConfig.StatusMapping;
import io.ppstp.tracker.ingress.http.Cors;
import io.ppstp.tracker.ingress.http.MediaTypes;
import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.ingress.http.RequestHeads;
import io.ppstp.tracker.logging.AccessLog;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends answers with the HTTP status that goes with them. Confined to one event loop.
 *
 * <p>What is returned completes when the kernel has taken the answer, or fails when it never will.
 */
final class HttpAnswers {
  private static final int OK = 200;

  private static final CharSequence MEDIA_TYPE = HttpHeaders.createOptimized(MediaTypes.PPSTP);

  /** As other trackers of BitTorrent have it. */
  private static final CharSequence TORRENT_MEDIA_TYPE = HttpHeaders.createOptimized("text/plain");

  private static final String WWW_AUTHENTICATE = "www-authenticate";
  private static final CharSequence AUTHENTICATION_INFO =
      HttpHeaders.createOptimized("authentication-info");
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
  private static final CharSequence REGISTRATION =
      HttpHeaders.createOptimized(RequestHeads.REGISTRATION);
  private static final CharSequence DATE = HttpHeaders.createOptimized("date");
  private static final Set<HttpMethod> METHODS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.POST, HttpMethod.PUT);
  private static final byte[] NOTHING = new byte[0];
  private static final Duration DEFAULT_RETRY = Duration.ofSeconds(2);
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final StatusMapping mapping;
  private final HttpDate date;
  private final AccessLog log;
  private boolean draining;

  HttpAnswers(StatusMapping mapping, HttpDate date, AccessLog log) {
    this.mapping = mapping;
    this.date = date;
    this.log = log;
  }

  /** Lets every answer from now on be the last of its connection, or no more. */
  void drain(boolean now) {
    draining = now;
  }

  /**
   * Sends an answer with the status of its error code, and with what the authenticator has to add.
   */
  Future<Void> send(Exchange exchange, Answer answer) {
    HttpServerResponse response = exchange.request.response();
    Verdict verdict = exchange.verdict;
    if (!verdict.challenges().isEmpty()) {
      response.putHeader(WWW_AUTHENTICATE, verdict.challenges());
    }
    if (verdict.receipt() != null) {
      response.putHeader(AUTHENTICATION_INFO, verdict.receipt().of(answer.body()));
    }
    if (answer.secret() != null) {
      response.putHeader(REGISTRATION, answer.secret().text());
    }
    if (answer.code() == ErrorCode.SERVICE_UNAVAILABLE) {
      retryAfter(response, null);
    }
    int status = answer.tooLarge() ? Refusal.CONTENT_TOO_LARGE : statusOf(answer.code());
    boolean torrents = exchange.torrents != null;
    status = torrents ? OK : mapped(answer.code(), status);
    if (log.wants()) {
      note(exchange, status, answer.body().length, answer.type(), answer.code());
    }
    return end(exchange, status, answer.body());
  }

  /** Answers a preflight; a status of 204 has no body. */
  private Future<Void> permit(Exchange exchange) {
    Cors.permit(exchange.request.response());
    return end(exchange, Refusal.PREFLIGHT.status(), NOTHING);
  }

  /** Refuses a request, of which {@code transactionId} could be read or is empty. */
  Future<Void> refuse(Exchange exchange, Refusal refusal, String transactionId) {
    if (refusal.status() == Refusal.PREFLIGHT.status()) {
      return permit(exchange);
    }
    if (refusal.code() == ErrorCode.SERVICE_UNAVAILABLE) {
      retryAfter(exchange.request.response(), refusal.retryAfter());
    }
    boolean torrents = exchange.torrents != null;
    int ofProtocol = torrents ? OK : mapped(refusal.code(), refusal.status());
    int status = refusal.ofHttp() ? refusal.status() : ofProtocol;
    byte[] body =
        torrents
            ? TorrentMessages.of(refusal)
            : ResponseWriter.failure(refusal.code(), transactionId);
    if (log.wants()) {
      note(exchange, status, body.length, null, refusal.code());
    }
    return end(exchange, status, body);
  }

  /** Says nothing that the client has written: a path may have a token in it. */
  private void note(
      Exchange exchange, int status, int bytes, @Nullable RequestType type, ErrorCode code) {
    log.write(
        new AccessLog.Line(
            exchange.origin.client().ip().toString(),
            METHODS.contains(exchange.request.method())
                ? exchange.request.method().name()
                : "OTHER",
            exchange.request.version().alpnName(),
            status,
            bytes,
            System.nanoTime() - exchange.waitingSinceNs,
            type == null ? null : type.name(),
            code.name()));
  }

  private static void retryAfter(HttpServerResponse response, @Nullable Duration wait) {
    Duration asked = wait == null ? DEFAULT_RETRY : wait;
    Duration told = asked.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : asked;
    response.putHeader(RETRY_AFTER, Long.toString(told.plusMillis(999).toSeconds()));
  }

  private int mapped(ErrorCode code, int status) {
    boolean masked =
        mapping == StatusMapping.ALWAYS_200 && code != ErrorCode.AUTHENTICATION_REQUIRED;
    return masked ? 200 : status;
  }

  private Future<Void> end(Exchange exchange, int status, byte[] body) {
    HttpServerResponse response = exchange.request.response();
    response.setStatusCode(status);
    if (body.length > 0) {
      response.putHeader(
          HttpHeaders.CONTENT_TYPE, exchange.torrents == null ? MEDIA_TYPE : TORRENT_MEDIA_TYPE);
    }
    response.putHeader(DATE, date.text());
    boolean last = exchange.closes || isLast(exchange);
    if (last && exchange.request.version() != HttpVersion.HTTP_2) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    // Not copied: nobody changes an answer's bytes.
    Future<Void> sent = response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(body)));
    if (last) {
      exchange.request.connection().close();
    }
    return sent;
  }

  /** HTTP/2 says so with a frame of its own, see {@link ConnectionTracker}. */
  private boolean isLast(Exchange exchange) {
    ConnectionState connection = exchange.connectionState;
    return exchange.request.version() != HttpVersion.HTTP_2
        && (draining || (connection != null && connection.leaving));
  }

  private static int statusOf(ErrorCode code) {
    return switch (code) {
      case NO_ERROR -> 200;
      case BAD_REQUEST, UNSUPPORTED_VERSION -> 400;
      case FORBIDDEN_ACTION -> 403;
      case INTERNAL_SERVER_ERROR -> 500;
      case SERVICE_UNAVAILABLE -> 503;
      case AUTHENTICATION_REQUIRED -> 401;
    };
  }

  /**
   * The {@code Date} of answers (RFC 9110, Section 6.6.1), written once a second. Confined to one
   * event loop.
   */
  static final class HttpDate {
    private static final DateTimeFormatter IMF_FIXDATE =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private long second;
    private String text;

    HttpDate(InstantSource clock) {
      this.clock = clock;
      Instant now = clock.instant();
      this.second = now.getEpochSecond();
      this.text = IMF_FIXDATE.format(now);
    }

    /** Returns the date of the last {@link #tick}. */
    String text() {
      return text;
    }

    /** Looks at the clock; called several times a second. */
    void tick() {
      Instant now = clock.instant();
      if (now.getEpochSecond() != second) {
        second = now.getEpochSecond();
        text = IMF_FIXDATE.format(now);
      }
    }
  }
}
