package io.ppstp.tracker.rules;

import io.ppstp.tracker.bus.Addresses;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.rules.Rule.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of all nodes, in a map that they share, and what of them is in force here. Thread-safe.
 *
 * <p>Whoever changes the map tells the others, who read it anew; each reads it every few seconds
 * too, in case it was not told, and after network splits have healed. Rules end by this node's own
 * look at the cluster's time. If the map cannot be read, what was in force stays.
 */
public final class RuleBook {
  /** The name of the map. */
  public static final String MAP = "ppstp.rules";

  /** Rules at once. */
  public static final int MOST = 500;

  private static final Logger LOG = LoggerFactory.getLogger(RuleBook.class);
  private static final long REFRESH_MS = 2000;

  /** One failure may be that of a node that stops. */
  private static final int WORTH_TELLING = 2;

  private static final String CHANGED = "changed";

  private final Vertx vertx;
  private final Context context;
  private final AsyncMap<String, String> map;
  private final Live<RuleSet> inForce;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private @Nullable Future<Void> refreshing;
  private boolean again;
  private int failures;

  /**
   * What an operator wants to forbid; immutable.
   *
   * @param lasts for how long
   */
  public record Draft(Kind kind, String what, String by, String why, Duration lasts) {}

  /** There are as many rules as there may be. */
  public static final class TooManyRulesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyRulesException() {
      super("there are " + MOST + " rules, and there may not be more", null, false, false);
    }
  }

  private RuleBook(
      Vertx vertx, AsyncMap<String, String> map, Live<RuleSet> inForce, InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.map = map;
    this.inForce = inForce;
    this.clock = clock;
  }

  /**
   * Opens the book and puts what it says in force.
   *
   * @param inForce changed from now on
   * @param clock by which all nodes agree when a rule ends
   */
  public static Future<RuleBook> open(Vertx vertx, Live<RuleSet> inForce, InstantSource clock) {
    return vertx
        .sharedData()
        .<String, String>getAsyncMap(MAP)
        .map(map -> new RuleBook(vertx, map, inForce, clock))
        .compose(
            book ->
                vertx
                    .eventBus()
                    .consumer(Addresses.RULES, told -> book.refresh())
                    .completion()
                    .onSuccess(done -> vertx.setPeriodic(REFRESH_MS, timer -> book.refresh()))
                    .compose(done -> book.refresh())
                    .map(book));
  }

  /** Returns the rules in force here, the latest first. */
  public List<Rule> rules() {
    return inForce.now().rules();
  }

  /**
   * Puts a rule in force: here when it completes, at the other nodes when they have heard of it.
   * Fails with a {@link TooManyRulesException} if there is no room.
   */
  public Future<Rule> add(Draft draft) {
    long nowMs = clock.millis();
    long lastsMs = draft.lasts().toMillis();
    Rule rule =
        new Rule(
            HexFormat.of().toHexDigits(random.nextLong()),
            draft.kind(),
            draft.what(),
            draft.by(),
            draft.why(),
            nowMs,
            nowMs + lastsMs);
    return map.size()
        .compose(
            size ->
                size >= MOST
                    ? Future.failedFuture(new TooManyRulesException())
                    : map.put(rule.id(), rule.encode(), lastsMs))
        .compose(done -> changed())
        .map(rule);
  }

  /** Ends a rule; completes with it, or with null if there is none of this ID. */
  public Future<@Nullable Rule> remove(String id) {
    return map.remove(id)
        .compose(
            removed ->
                removed == null
                    ? Future.succeededFuture((Rule) null)
                    : changed().map(Rule.decode(removed)));
  }

  private Future<Void> changed() {
    vertx.eventBus().publish(Addresses.RULES, CHANGED);
    return refresh();
  }

  /** Reads the map, once at a time: what is read later is younger. */
  private Future<Void> refresh() {
    return Future.future(done -> context.runOnContext(now -> next().onComplete(done)));
  }

  private Future<Void> next() {
    Future<Void> before = refreshing;
    if (before != null && !again) {
      again = true;
      Future<Void> after = before.transform(ended -> read());
      refreshing = after;
      return after;
    }
    if (before != null) {
      return before;
    }
    Future<Void> first = read();
    refreshing = first;
    return first;
  }

  private Future<Void> read() {
    again = false;
    return map.entries()
        .onComplete(
            ended -> {
              if (!again) {
                refreshing = null;
              }
              if (ended.succeeded()) {
                failures = 0;
                take(ended.result());
              } else if (++failures == WORTH_TELLING) {
                LOG.warn(
                    "the rules of operators cannot be read, those in force stay: {}",
                    ended.cause().getMessage());
              }
            })
        .transform(ended -> Future.succeededFuture());
  }

  private void take(Map<String, String> entries) {
    long nowMs = clock.millis();
    List<Rule> rules =
        entries.values().stream()
            .map(Rule::decode)
            .filter(Objects::nonNull)
            .filter(rule -> rule.isInForce(nowMs))
            .sorted(Comparator.comparingLong(Rule::madeAtMs).reversed().thenComparing(Rule::id))
            .limit(MOST)
            .toList();
    if (!rules.equals(inForce.now().rules())) {
      inForce.change(RuleSet.of(rules));
    }
  }
}
