package io.ppstp.tracker.ingress.http;

import io.ppstp.tracker.protocol.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused before its message is read; immutable.
 *
 * @param code of the message in the answer
 * @param status of HTTP
 * @param ofHttp whether the status is kept where errors of PPSTP are answered with 200
 * @param retryAfter how long the sender had better wait, null if that is not known
 */
public record Refusal(ErrorCode code, int status, boolean ofHttp, @Nullable Duration retryAfter) {
  /** The status of too large a body (RFC 9110, Section 15.5.14). */
  public static final int CONTENT_TOO_LARGE = 413;

  static final Refusal MALFORMED = ofHttp(400);
  public static final Refusal NOT_FOUND = ofHttp(404);
  public static final Refusal METHOD_NOT_ALLOWED = ofHttp(405);
  public static final Refusal TIMEOUT = of(ErrorCode.BAD_REQUEST, 408);
  public static final Refusal TOO_LARGE = of(ErrorCode.BAD_REQUEST, CONTENT_TOO_LARGE);
  public static final Refusal UNSUPPORTED_MEDIA_TYPE = of(ErrorCode.BAD_REQUEST, 415);
  public static final Refusal EXPECTATION_FAILED = ofHttp(417);
  public static final Refusal REFUSED_NETWORK = of(ErrorCode.FORBIDDEN_ACTION, 403);
  public static final Refusal FOREIGN_ORIGIN = of(ErrorCode.FORBIDDEN_ACTION, 403);

  /** No refusal, but answered like one: what pages may send, without a message. */
  public static final Refusal PREFLIGHT = ofHttp(204);

  public static final Refusal OVERLOADED = of(ErrorCode.SERVICE_UNAVAILABLE, 503);

  /** As many WebSockets as there may be; no status of PPSTP, which may always be 200. */
  public static final Refusal NO_SOCKET =
      new Refusal(ErrorCode.SERVICE_UNAVAILABLE, 503, true, Duration.ofSeconds(10));

  /** A refusal whose status says what RFC 7846 has a code for. */
  private static Refusal of(ErrorCode code, int status) {
    return new Refusal(code, status, false, null);
  }

  /** A refusal of HTTP's own, in front of PPSTP. */
  public static Refusal ofHttp(int status) {
    return new Refusal(ErrorCode.BAD_REQUEST, status, true, null);
  }

  /** A refusal of somebody who asks for too much. */
  public static Refusal tooMany(Duration wait) {
    return new Refusal(ErrorCode.SERVICE_UNAVAILABLE, 503, false, wait);
  }
}
