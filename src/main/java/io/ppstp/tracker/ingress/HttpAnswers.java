package io.ppstp.tracker.ingress;

import io.netty.buffer.Unpooled;
import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.config.StatusMapping;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.Verdict;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;

/** Sends answers with the HTTP status that goes with them. Immutable. */
final class HttpAnswers {
  static final int BAD_REQUEST = 400;
  static final int REQUEST_TIMEOUT = 408;
  static final int TOO_LARGE = 413;
  static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private static final CharSequence MEDIA_TYPE = HttpHeaders.createOptimized(MediaTypes.PPSTP);
  private static final String WWW_AUTHENTICATE = "www-authenticate";
  private static final CharSequence AUTHENTICATION_INFO =
      HttpHeaders.createOptimized("authentication-info");
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
  private static final CharSequence RETRY_SECONDS = HttpHeaders.createOptimized("2");
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final StatusMapping mapping;

  HttpAnswers(StatusMapping mapping) {
    this.mapping = mapping;
  }

  /** Sends an answer with the status of its error code, and with what the gate has to add. */
  void send(HttpServerResponse response, Answer answer, Verdict verdict) {
    if (!verdict.challenges().isEmpty()) {
      response.putHeader(WWW_AUTHENTICATE, verdict.challenges());
    }
    if (verdict.receipt() != null) {
      response.putHeader(AUTHENTICATION_INFO, verdict.receipt().of(answer.body()));
    }
    send(response, answer, answer.tooLarge() ? TOO_LARGE : statusOf(answer.code()));
  }

  /** Sends 05 to somebody who had better come back after {@code wait}. */
  void sendLater(HttpServerResponse response, Duration wait) {
    Duration told = wait.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wait;
    response.putHeader(RETRY_AFTER, Long.toString(told.plusMillis(999).toSeconds()));
    send(response, Answer.failure(null, ErrorCode.SERVICE_UNAVAILABLE, ""), Verdict.ANONYMOUS);
  }

  /** Sends an answer with a status of HTTP's own. */
  void send(HttpServerResponse response, Answer answer, int status) {
    boolean masked =
        mapping == StatusMapping.ALWAYS_200 && answer.code() != ErrorCode.AUTHENTICATION_REQUIRED;
    response.setStatusCode(masked ? 200 : status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
    if (answer.code() == ErrorCode.SERVICE_UNAVAILABLE
        && !response.headers().contains(RETRY_AFTER)) {
      response.putHeader(RETRY_AFTER, RETRY_SECONDS);
    }
    // Not copied: nobody changes an answer's bytes.
    response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(answer.body())));
  }

  private static int statusOf(ErrorCode code) {
    return switch (code) {
      case NO_ERROR -> 200;
      case BAD_REQUEST, UNSUPPORTED_VERSION -> BAD_REQUEST;
      case FORBIDDEN_ACTION -> 403;
      case INTERNAL_SERVER_ERROR -> 500;
      case SERVICE_UNAVAILABLE -> 503;
      case AUTHENTICATION_REQUIRED -> 401;
    };
  }
}
