package io.ppstp.tracker.management;

import io.vertx.ext.web.RoutingContext;

/**
 * An answer that is none (RFC 9457); immutable.
 *
 * @param detail what the asker can do about it
 */
record Problem(String title, int status, String detail) {

  static Problem forbidden(String detail) {
    return new Problem("forbidden", 403, detail);
  }

  static Problem badRequest(String detail) {
    return new Problem("bad request", 400, detail);
  }

  static Problem notFound(String detail) {
    return new Problem("not found", 404, detail);
  }

  static Problem unavailable(String detail) {
    return new Problem("unavailable", 503, detail);
  }

  /** Ends {@code request} with this. */
  void answer(RoutingContext request) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/problem+json")
        .putHeader("cache-control", "no-store")
        .end(ManagementJson.of(this));
  }
}
