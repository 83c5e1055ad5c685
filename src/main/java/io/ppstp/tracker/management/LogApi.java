package io.ppstp.tracker.management;

import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.logging.LogLevels;
import io.ppstp.tracker.logging.LogLevels.LoggerLevel;
import io.ppstp.tracker.management.Body.BadBodyException;
import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.security.Audit;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** From which level on loggers of this node speak. Confined to one event loop. */
final class LogApi {
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final String LOGGER = "logger";
  private static final String LEVEL = "level";
  private static final String SECONDS = "seconds";
  private static final Set<String> MEMBERS = Set.of(LEVEL, SECONDS, Body.WHY);

  private final LogLevels levels = new LogLevels(System::nanoTime);
  private final String node;
  private final Audit audit;

  private record Levels(String node, List<LoggerLevel> levels) {}

  LogApi(String node, Audit audit) {
    this.node = node;
    this.audit = audit;
  }

  /** Ends changes whose time is over; to be called every second or so. */
  void tick() {
    levels
        .tick()
        .forEach(logger -> audit.noted("the level of logger " + logger + " is as before again"));
  }

  /** Tells the loggers that have levels of their own. */
  void list(RoutingContext request) {
    Answers.json(request, new Levels(node, levels.levels()));
  }

  /** Changes the level of the logger that the path names. */
  void change(RoutingContext request) {
    String logger = request.pathParam(LOGGER);
    try {
      JsonObject body = Body.of(request, MEMBERS);
      String level = Body.text(body, LEVEL);
      if (!LogLevels.LEVELS.contains(level)) {
        throw new BadBodyException("level is OFF, ERROR, WARN, INFO, DEBUG or TRACE");
      }
      Duration time = time(body);
      String why = Body.why(body);
      String fault = levels.fault(logger);
      if (fault != null) {
        throw new BadBodyException(fault);
      }
      audit.noted(
          "%s: level %s of logger %s%s: %s"
              .formatted(
                  Access.of(request).name(),
                  level,
                  logger,
                  time.isZero() ? "" : " for " + time.toSeconds() + " s",
                  Texts.shown(why)));
      Answers.json(request, levels.set(logger, level, time));
    } catch (BadBodyException e) {
      e.problem().answer(request);
    }
  }

  private static Duration time(JsonObject body) throws BadBodyException {
    if (!body.containsKey(SECONDS)) {
      return Duration.ZERO;
    }
    if (body.getValue(SECONDS) instanceof Integer seconds
        && seconds >= 1
        && seconds <= LONGEST.toSeconds()) {
      return Duration.ofSeconds(seconds);
    }
    throw new BadBodyException(
        "seconds says for how long: a whole number from 1 to " + LONGEST.toSeconds());
  }

  /** Undoes what was changed of the logger that the path names. */
  void reset(RoutingContext request) {
    String logger = request.pathParam(LOGGER);
    if (levels.reset(logger)) {
      audit.noted("%s: level of logger %s as before".formatted(Access.of(request).name(), logger));
      list(request);
    } else {
      Problem.notFound("the level of no such logger was changed").answer(request);
    }
  }
}
