package io.ppstp.tracker.management;

import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.rules.Rule;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Reads what an operator sends: a JSON object of known members. Stateless. */
final class Body {
  /** Bytes of it at most. */
  static final int MOST_BYTES = 8192;

  static final String WHY = "why";

  private Body() {}

  /** A body that says something that has no meaning. */
  static final class BadBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    BadBodyException(String detail) {
      this(Problem.badRequest(detail));
    }

    BadBodyException(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    /** Returns the answer to it. */
    Problem problem() {
      return problem;
    }
  }

  /**
   * Returns the body, which has no members but {@code known}.
   *
   * @throws BadBodyException with what is wrong with it
   */
  static JsonObject of(RoutingContext request, Set<String> known) throws BadBodyException {
    String type = String.valueOf(request.request().getHeader("content-type"));
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      // A page of another origin cannot send this without asking first.
      throw new BadBodyException(Problem.unsupported("the body is application/json"));
    }
    JsonObject body;
    try {
      body = request.body().asJsonObject();
    } catch (DecodeException | ClassCastException e) {
      body = null;
    }
    if (body == null || !known.containsAll(body.fieldNames())) {
      throw new BadBodyException("the body is a JSON object with the members " + known);
    }
    return body;
  }

  /**
   * Returns why an operator does something.
   *
   * @throws BadBodyException if nothing is said, or too much
   */
  static String why(JsonObject body) throws BadBodyException {
    String why = text(body, WHY).strip();
    if (why.isEmpty() || why.length() > Rule.LONGEST) {
      throw new BadBodyException("why says in 1 to " + Rule.LONGEST + " characters why");
    }
    return why;
  }

  /**
   * Returns a member that is text, empty if it is not there.
   *
   * @throws BadBodyException if it is something else
   */
  static String text(JsonObject body, String name) throws BadBodyException {
    Object value = body.getValue(name, "");
    if (value instanceof String text) {
      return text;
    }
    throw new BadBodyException(name + " is a text");
  }
}
