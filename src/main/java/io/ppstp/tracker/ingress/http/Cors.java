package io.ppstp.tracker.ingress.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Lets browsers hand answers to the pages of allowed origins, which {@link Origins} tells, and lets
 * those pages send what a peer sends (the Fetch Standard's CORS protocol). Of other origins, and of
 * the tracker's own, nothing is said. Stateless.
 */
public final class Cors {
  private static final CharSequence ALLOW_ORIGIN =
      HttpHeaders.createOptimized("access-control-allow-origin");
  private static final CharSequence ALLOW_METHODS =
      HttpHeaders.createOptimized("access-control-allow-methods");
  private static final CharSequence ALLOW_HEADERS =
      HttpHeaders.createOptimized("access-control-allow-headers");
  private static final CharSequence EXPOSE_HEADERS =
      HttpHeaders.createOptimized("access-control-expose-headers");
  private static final CharSequence MAX_AGE = HttpHeaders.createOptimized("access-control-max-age");
  private static final String ASKED_METHOD = "access-control-request-method";

  private static final CharSequence REQUEST_FIELDS =
      HttpHeaders.createOptimized("content-type, authorization, " + RequestHeads.REGISTRATION);
  private static final CharSequence RESPONSE_FIELDS =
      HttpHeaders.createOptimized(
          RequestHeads.REGISTRATION + ", retry-after, www-authenticate, authentication-info");
  private static final CharSequence POST = HttpHeaders.createOptimized("POST");
  private static final CharSequence AN_HOUR = HttpHeaders.createOptimized("3600");

  private Cors() {}

  /** Says in the response to {@code request} whose page may read it. */
  public static void share(Origins origins, HttpServerRequest request) {
    String origin = origins.allowed(request);
    if (origin != null) {
      HttpServerResponse response = request.response();
      response.putHeader(ALLOW_ORIGIN, origin);
      response.putHeader(EXPOSE_HEADERS, RESPONSE_FIELDS);
      response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
  }

  /** Returns whether a browser asks, for a page of an allowed origin, what the page may send. */
  public static boolean isPreflight(Origins origins, HttpServerRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && request.headers().contains(ASKED_METHOD)
        && origins.allowed(request) != null;
  }

  /** Puts into the response to a preflight what pages may send; the same for all that may. */
  public static void permit(HttpServerResponse response) {
    response.putHeader(ALLOW_METHODS, POST);
    response.putHeader(ALLOW_HEADERS, REQUEST_FIELDS);
    response.putHeader(MAX_AGE, AN_HOUR);
  }
}
