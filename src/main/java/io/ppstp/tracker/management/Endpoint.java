package io.ppstp.tracker.management;

import io.ppstp.tracker.management.access.Operator.Role;
import io.vertx.core.http.HttpMethod;

/**
 * What there is under {@code /api/v1}: the router is made of it, and the OpenAPI document is held
 * to it.
 */
enum Endpoint {
  CLUSTER("GET", "/api/v1/cluster"),
  CHANNELS("GET", "/api/v1/channels"),
  CHANNEL("GET", "/api/v1/channels/{id}"),
  MEMBERS("GET", "/api/v1/channels/{id}/members"),
  LIST("GET", "/api/v1/channels/{id}/list"),
  PEER("GET", "/api/v1/peers/{id}"),
  REFUSALS("GET", "/api/v1/peers/{id}/refusals"),
  KICK("POST", "/api/v1/peers/{id}/kick"),
  EVENTS("GET", "/api/v1/events"),
  RULES("GET", "/api/v1/rules"),
  MAKE_RULE("POST", "/api/v1/rules"),
  END_RULE("DELETE", "/api/v1/rules/{id}"),
  CONFIGURATION("GET", "/api/v1/config"),
  DRAIN("POST", "/api/v1/node/drain"),
  RESUME("POST", "/api/v1/node/resume"),
  RELOAD("POST", "/api/v1/node/reload"),
  LOG_LEVELS("GET", "/api/v1/log/levels"),
  CHANGE_LOG_LEVEL("PUT", "/api/v1/log/levels/{logger}"),
  RESET_LOG_LEVEL("DELETE", "/api/v1/log/levels/{logger}"),
  DOCUMENT("GET", "/api/v1/openapi.json");

  private final String verb;
  private final String path;

  Endpoint(String verb, String path) {
    this.verb = verb;
    this.path = path;
  }

  /** Returns the method. */
  HttpMethod method() {
    return HttpMethod.valueOf(verb);
  }

  /** Returns the path as OpenAPI writes it. */
  String path() {
    return path;
  }

  /** Returns the path as Vert.x writes it. */
  String route() {
    return path.replaceAll("\\{(\\w+)}", ":$1");
  }

  /** Returns what an operator has to be allowed to do. */
  Role role() {
    return method().equals(HttpMethod.GET) ? Role.READ : Role.WRITE;
  }
}
