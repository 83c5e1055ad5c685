package io.ppstp.tracker.management;

import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.management.Body.BadBodyException;
import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.rules.Rule;
import io.ppstp.tracker.rules.Rule.Kind;
import io.ppstp.tracker.rules.RuleBook;
import io.ppstp.tracker.rules.RuleBook.TooManyRulesException;
import io.ppstp.tracker.security.Audit;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What operators forbid: {@code /api/v1/rules}. Each rule is in force at all nodes. Confined to one
 * event loop.
 */
final class RulesApi {
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final String KIND = "kind";
  private static final String WHAT = "what";
  private static final String SECONDS = "seconds";
  private static final Set<String> MEMBERS = Set.of(KIND, WHAT, Body.WHY, SECONDS);

  private final RuleBook book;
  private final Audit audit;

  /** A rule as it is told. */
  private record Told(
      String id, String kind, String what, String by, String why, String madeAt, String endsAt) {
    static Told of(Rule rule) {
      return new Told(
          rule.id(),
          rule.kind().text(),
          rule.what(),
          rule.by(),
          rule.why(),
          Instant.ofEpochMilli(rule.madeAtMs()).toString(),
          Instant.ofEpochMilli(rule.endsAtMs()).toString());
    }
  }

  private record Rules(List<Told> rules) {}

  RulesApi(RuleBook book, Audit audit) {
    this.book = book;
    this.audit = audit;
  }

  /** Answers with all rules in force, the latest first. */
  void list(RoutingContext request) {
    Answers.json(request, new Rules(book.rules().stream().map(Told::of).toList()));
  }

  /** Puts a rule in force. */
  void make(RoutingContext request) {
    RuleBook.Draft draft;
    try {
      draft = draft(request);
    } catch (BadBodyException e) {
      e.problem().answer(request);
      return;
    }
    book.add(draft)
        .onSuccess(
            rule -> {
              audit.noted(
                  "%s: %s %s until %s (rule %s): %s"
                      .formatted(
                          draft.by(),
                          rule.kind().text(),
                          Texts.quoted(rule.what()),
                          Instant.ofEpochMilli(rule.endsAtMs()),
                          rule.id(),
                          Texts.shown(rule.why())));
              request.response().putHeader("location", "/api/v1/rules/" + rule.id());
              Answers.json(request, 201, Told.of(rule));
            })
        .onFailure(
            failure ->
                (failure instanceof TooManyRulesException full
                        ? Problem.conflict(String.valueOf(full.getMessage()))
                        : Problem.unavailable("the rules cannot be changed now"))
                    .answer(request));
  }

  private static RuleBook.Draft draft(RoutingContext request) throws BadBodyException {
    JsonObject body = Body.of(request, MEMBERS);
    Kind kind = Kind.of(Body.text(body, KIND));
    if (kind == null) {
      throw new BadBodyException("kind is close, for swarms, or refuse, for addresses");
    }
    String what = Body.text(body, WHAT);
    String fault = Rule.fault(kind, what);
    if (fault != null) {
      throw new BadBodyException(fault);
    }
    if (!(body.getValue(SECONDS) instanceof Integer seconds)
        || seconds < 1
        || seconds > LONGEST.toSeconds()) {
      throw new BadBodyException(
          "seconds says how long it lasts: a whole number from 1 to " + LONGEST.toSeconds());
    }
    return new RuleBook.Draft(
        kind, what, Access.of(request).name(), Body.why(body), Duration.ofSeconds(seconds));
  }

  /** Ends the rule that the path names. */
  void end(RoutingContext request) {
    book.remove(request.pathParam("id"))
        .onSuccess(
            removed -> {
              if (removed == null) {
                Problem.notFound("there is no rule of this ID").answer(request);
              } else {
                audit.noted(
                    "%s: end of %s %s (rule %s)"
                        .formatted(
                            Access.of(request).name(),
                            removed.kind().text(),
                            Texts.quoted(removed.what()),
                            removed.id()));
                Answers.json(request, Told.of(removed));
              }
            })
        .onFailure(
            failure -> Problem.unavailable("the rules cannot be changed now").answer(request));
  }
}
