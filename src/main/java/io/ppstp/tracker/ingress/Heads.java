package io.ppstp.tracker.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** What the header of a request announces about its body. Stateless. */
final class Heads {
  private Heads() {}

  static boolean hasForeignExpectation(HttpServerRequest request) {
    String expectation = request.headers().get(HttpHeaders.EXPECT);
    return expectation != null && !expectation.equalsIgnoreCase("100-continue");
  }

  static boolean isEncoded(HttpServerRequest request) {
    String encoding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  /** Returns the announced length; 0 when there is none, and the bytes will be counted. */
  static long announcedLength(HttpServerRequest request) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
