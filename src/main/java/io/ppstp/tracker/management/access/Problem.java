package io.ppstp.tracker.management.access;

import io.vertx.ext.web.RoutingContext;

/**
 * An answer that is none (RFC 9457); immutable.
 *
 * @param detail what the asker can do about it
 */
public record Problem(String title, int status, String detail) {

  /** Who asks has not shown who it is. */
  public static Problem unauthorized(String detail) {
    return new Problem("unauthorized", 401, detail);
  }

  /** There is something in the way. */
  public static Problem conflict(String detail) {
    return new Problem("conflict", 409, detail);
  }

  /** The body is of another kind. */
  public static Problem unsupported(String detail) {
    return new Problem("unsupported media type", 415, detail);
  }

  /** Who asks may not. */
  public static Problem forbidden(String detail) {
    return new Problem("forbidden", 403, detail);
  }

  /** What was asked has no meaning. */
  public static Problem badRequest(String detail) {
    return new Problem("bad request", 400, detail);
  }

  /** There is no such thing. */
  public static Problem notFound(String detail) {
    return new Problem("not found", 404, detail);
  }

  /** It cannot be done now. */
  public static Problem unavailable(String detail) {
    return new Problem("unavailable", 503, detail);
  }

  /** Ends {@code request} with this. */
  public void answer(RoutingContext request) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/problem+json")
        .putHeader("cache-control", "no-store")
        .end(ManagementJson.of(this));
  }
}
