package io.ppstp.tracker.management.access;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Ends requests with JSON that nobody keeps. Stateless. */
public final class Answers {
  private Answers() {}

  /** Answers with a record, as {@link ManagementJson} writes it. */
  public static void json(RoutingContext request, Object told) {
    json(request, 200, told);
  }

  /** Answers with a record and a status. */
  public static void json(RoutingContext request, int status, Object told) {
    String text = told instanceof JsonObject json ? json.encode() : ManagementJson.of(told);
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(text);
  }
}
