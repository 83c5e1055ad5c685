package io.ppstp.tracker.management;

import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.management.access.Operator.Role;
import io.ppstp.tracker.management.access.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts handlers behind the endpoints, and who may use them before. Stateless. */
final class ApiRouter {
  private static final int TOO_LARGE = 413;

  private static final Logger LOG = LoggerFactory.getLogger(ApiRouter.class);

  private ApiRouter() {}

  /**
   * Adds all endpoints to {@code router}.
   *
   * @param handlers one for each endpoint
   */
  static void mount(Router router, Access access, Map<Endpoint, Handler<RoutingContext>> handlers) {
    EnumMap<Endpoint, Handler<RoutingContext>> all = new EnumMap<>(handlers);
    for (Endpoint endpoint : Endpoint.values()) {
      Handler<RoutingContext> handler = all.get(endpoint);
      if (handler == null) {
        throw new IllegalArgumentException("nothing handles " + endpoint);
      }
      boolean writes = endpoint.role() == Role.WRITE;
      // Routes of their own, for Vert.x wants a body to be read before anything is judged.
      route(router, endpoint).handler(writes ? access::write : access::read);
      if (writes) {
        route(router, endpoint).handler(BodyHandler.create(false).setBodyLimit(Body.MOST_BYTES));
      }
      route(router, endpoint).handler(handler);
    }
    router
        .route("/api/*")
        .handler(access::read)
        .handler(
            request ->
                Problem.notFound(
                        "there is nothing of this method here; /api/v1/openapi.json says"
                            + " what there is")
                    .answer(request));
  }

  private static Route route(Router router, Endpoint endpoint) {
    return router.route(endpoint.method(), endpoint.route()).failureHandler(ApiRouter::failed);
  }

  private static void failed(RoutingContext request) {
    if (request.response().headWritten()) {
      request.response().reset();
    } else if (request.statusCode() == TOO_LARGE) {
      new Problem(
              "content too large", TOO_LARGE, "a body has at most " + Body.MOST_BYTES + " bytes")
          .answer(request);
    } else {
      new Problem("internal error", 500, "the log of the node says more").answer(request);
      LOG.error("a request of an operator failed", request.failure());
    }
  }
}
