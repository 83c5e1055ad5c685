package io.ppstp.tracker.management;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.accounting.UsageAccounts;
import io.ppstp.tracker.bus.ChannelBus;
import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.bus.EventDelivery;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.NodeBus;
import io.ppstp.tracker.bus.RefusalBus;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.channels.ChannelMeasure;
import io.ppstp.tracker.channels.ChannelStatistics;
import io.ppstp.tracker.config.EventsConfig;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.management.NodeFigures.LatestCensus;
import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.management.access.ManagementTls;
import io.ppstp.tracker.membership.PeerRemoval;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.rules.RuleBook;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the management port. */
public final class ManagementVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementVerticle.class);
  private static final long CENSUS_MS = 1000;
  private static final long SURVEY_MS = 50;
  private static final long ACCOUNTS_MS = 1000;
  private static final long LEVELS_MS = 1000;

  /** A peer ID of 256 characters may take nine bytes for each. */
  private static final int MAX_REQUEST_LINE_BYTES = 4096;

  /** RFC 9110, Section 5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final TrackerConfig.Management config;
  private final PeerReport peers;
  private final MembersReport members;
  private final RefusalCounts refusals;
  private final LastRefusals lastRefusals;
  private final EventCounts eventCounts;
  private final NodeFigures figures;
  private final ChannelStatistics channels =
      new ChannelStatistics(Runtime.getRuntime().maxMemory());
  private final ChannelGauges gauges;
  private final InstantSource clock;
  private final TrackerStore store;
  private final PrometheusMeterRegistry registry;
  private final Operations operations;
  private volatile @Nullable Acts acts;
  private final NodeHealth node;
  private final StatusReport status;
  private final LatestCensus latestCensus;
  private final EventsConfig events;
  private final EventDelivery delivery;
  private final @Nullable UsageAccounts accounts;
  private volatile @Nullable EventSink told;
  private volatile int port;

  /**
   * The meters, and what they are written out by.
   *
   * @param metrics made in {@code registry}
   */
  public record Meters(PrometheusMeterRegistry registry, TrackerMetrics metrics) {}

  /**
   * Who comes to the port, and how.
   *
   * @param tls null for plain HTTP
   */
  public record Gate(Access access, @Nullable Live<ManagementTls> tls) {}

  /** What operators may do, and where that is noted; each part is thread-safe. */
  public record Operations(Gate gate, NodeControl control, Audit audit) {}

  /** What changes the state of the tracker; each part is thread-safe. */
  public record Acts(RuleBook rules, PeerRemoval removal) {}

  /** Makes the room. */
  public ManagementVerticle(
      TrackerConfig config,
      TrackerStore store,
      Meters meters,
      NodeHealth node,
      Operations operations,
      InstantSource clock) {
    TrackerMetrics metrics = meters.metrics();
    this.operations = operations;
    this.members = new MembersReport(store);
    this.refusals = new RefusalCounts(metrics);
    this.lastRefusals = new LastRefusals(node.node());
    this.eventCounts = new EventCounts(metrics);
    this.config = config.management();
    this.events = config.events();
    this.delivery = new EventDelivery(node.node(), events.kept());
    this.accounts =
        events.accounts().isZero()
            ? null
            : new UsageAccounts(
                events.accounts(), config.timers().track(), Runtime.getRuntime().maxMemory());
    this.peers = new PeerReport(store, config, clock);
    this.gauges = new ChannelGauges(config.metrics().channels(), metrics);
    this.clock = clock;
    this.store = store;
    this.registry = meters.registry();
    this.node = node;
    this.status = new StatusReport(node, clock, metrics);
    this.latestCensus = new LatestCensus(metrics);
    this.figures =
        new NodeFigures(node, operations.control(), metrics, refusals, latestCensus::get, clock);
    store.observe(channels.observer());
  }

  /** Gives operators what they can do. To be called before this is deployed. */
  public void enable(Acts enabled) {
    acts = enabled;
  }

  /** Returns the port listened on, once started. */
  public int port() {
    return port;
  }

  /** Returns what takes each event for those who want it. */
  public Consumer<NumberedEvent> delivery() {
    return delivery::publish;
  }

  /**
   * Returns a sink that counts each event for reports, and hands it on to {@code next}, with
   * records of accounts between if there are to be any; to be called before the start.
   */
  public EventSink counting(EventSink next) {
    EventSink noted = next.noting(this::note);
    told = noted;
    return channels.before(accounts == null ? noted : accounts.before(noted));
  }

  private void note(TrackerEvent event) {
    eventCounts.note(event);
    refusals.note(event);
    lastRefusals.note(event);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(0, CENSUS_MS, timer -> count());
    vertx.setPeriodic(SURVEY_MS, timer -> store.ranking().survey());
    EventSink next = told;
    if (accounts != null && next != null) {
      vertx.setPeriodic(ACCOUNTS_MS, timer -> accounts.tick(clock.millis(), next));
    }
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            request -> {
              request.response().putHeader("date", HTTP_DATE.format(clock.instant()));
              request.next();
            });
    router.get("/health/live").handler(request -> health(request, node.live().getAsBoolean()));
    router.get("/health/ready").handler(request -> health(request, node.ready().getAsBoolean()));
    Access access = operations.gate().access();
    router.get("/metrics").handler(access::figures).handler(this::metrics);
    router.get("/status").handler(access::figures).handler(this::status);
    OperatorPage.mount(router);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setIdleTimeout(60);
    Live<ManagementTls> tls = operations.gate().tls();
    if (tls != null) {
      tls.now().put(options);
    }
    return handlers()
        .compose(
            handlers -> {
              ApiRouter.mount(router, access, handlers);
              return vertx.createHttpServer(options).requestHandler(router).listen();
            })
        .onSuccess(this::listening);
  }

  private Future<Map<Endpoint, Handler<RoutingContext>>> handlers() {
    Acts enabled = acts;
    if (enabled == null) {
      return Future.failedFuture("operators have nothing to do");
    }
    Audit audit = operations.audit();
    NodeApi own = new NodeApi(node.node(), operations.control(), enabled.removal(), audit);
    RulesApi rules = new RulesApi(enabled.rules(), audit);
    LogApi logs = new LogApi(node.node(), audit);
    vertx.setPeriodic(LEVELS_MS, timer -> logs.tick());
    Map<Endpoint, Handler<RoutingContext>> handlers = new EnumMap<>(Endpoint.class);
    handlers.put(Endpoint.MEMBERS, members::answer);
    handlers.put(Endpoint.LIST, new ListReport(store, new SecureRandom())::answer);
    handlers.put(Endpoint.PEER, peers::answer);
    handlers.put(Endpoint.KICK, own::kick);
    handlers.put(Endpoint.RULES, rules::list);
    handlers.put(Endpoint.MAKE_RULE, rules::make);
    handlers.put(Endpoint.END_RULE, rules::end);
    handlers.put(Endpoint.CONFIGURATION, own::configuration);
    handlers.put(Endpoint.DRAIN, own::drain);
    handlers.put(Endpoint.RESUME, own::resume);
    handlers.put(Endpoint.RELOAD, own::reload);
    handlers.put(Endpoint.LOG_LEVELS, logs::list);
    handlers.put(Endpoint.CHANGE_LOG_LEVEL, logs::change);
    handlers.put(Endpoint.RESET_LOG_LEVEL, logs::reset);
    handlers.put(Endpoint.DOCUMENT, new ResourceFile("openapi.json", "application/json"));
    NodeControl control = operations.control();
    return EventFeed.open(vertx, events, delivery, node.node(), () -> control.members().size())
        .compose(
            feed -> {
              handlers.put(Endpoint.EVENTS, feed::answer);
              return NodeBus.open(vertx, node.node(), figures);
            })
        .compose(
            nodes -> {
              ClusterReport cluster = new ClusterReport(control, nodes, clock);
              handlers.put(Endpoint.CLUSTER, cluster::answer);
              return RefusalBus.open(vertx, node.node(), lastRefusals::of);
            })
        .compose(
            bus -> {
              RefusalReport report = new RefusalReport(operations.control(), bus, clock);
              handlers.put(Endpoint.REFUSALS, report::answer);
              return ChannelBus.open(vertx, node.node(), this::answer);
            })
        .map(
            bus -> {
              ChannelReport report = new ChannelReport(store, bus, clock);
              handlers.put(Endpoint.CHANNELS, report::answerMany);
              handlers.put(Endpoint.CHANNEL, report::answerOne);
              return handlers;
            });
  }

  private void listening(HttpServer server) {
    port = server.actualPort();
    Live<ManagementTls> tls = operations.gate().tls();
    if (tls != null) {
      tls.follow(
          changed ->
              context.runOnContext(
                  now ->
                      server
                          .updateSSLOptions(changed.put(new HttpServerOptions()).getSslOptions())
                          .onFailure(
                              failure ->
                                  LOG.error("the management port keeps its old TLS", failure))));
    }
  }

  private Future<JsonArray> answer(ChannelQuestion question) {
    if (question.highestBy().isEmpty()) {
      return Future.succeededFuture(channels.answer(question));
    }
    ChannelMeasure measure = ChannelMeasure.named(question.highestBy());
    return measure == null
        ? Future.failedFuture("no measure of channels: " + question.highestBy())
        : vertx.executeBlocking(() -> channels.highest(measure));
  }

  private void count() {
    store
        .ownCensus()
        .thenAccept(
            census -> {
              latestCensus.set(census);
              gauges.show(store.ranking().own(gauges.most()), census.members());
              channels.note(store.ranking().own(SwarmRanking.MOST), clock.millis());
            });
  }

  private static void health(RoutingContext request, boolean up) {
    request.response().setStatusCode(up ? 200 : 503);
    request.json(new JsonObject().put("status", up ? "UP" : "DOWN"));
  }

  private void metrics(RoutingContext request) {
    // Formatting thousands of series is not event loop work.
    vertx
        .executeBlocking(() -> registry.scrape())
        .onSuccess(
            text ->
                request
                    .response()
                    .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(text))
        .onFailure(request::fail);
  }

  private void status(RoutingContext request) {
    Future.fromCompletionStage(store.census(), context)
        .map(status::compose)
        .onSuccess(
            text -> request.response().putHeader("content-type", "application/json").end(text))
        .onFailure(request::fail);
  }
}
