package io.ppstp.tracker.management;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.accounting.UsageAccounts;
import io.ppstp.tracker.bus.ChannelBus;
import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.channels.ChannelMeasure;
import io.ppstp.tracker.channels.ChannelStatistics;
import io.ppstp.tracker.config.EventsConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Serves the management port. */
public final class ManagementVerticle extends VerticleBase {
  private static final long CENSUS_MS = 1000;
  private static final long SURVEY_MS = 50;
  private static final long ACCOUNTS_MS = 1000;

  /** A peer ID of 256 characters may take nine bytes for each. */
  private static final int MAX_REQUEST_LINE_BYTES = 4096;

  /** RFC 9110, Section 5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final TrackerConfig.Management config;
  private final PeerReport peers;
  private final ChannelStatistics channels =
      new ChannelStatistics(Runtime.getRuntime().maxMemory());
  private final ChannelGauges gauges;
  private final InstantSource clock;
  private final TrackerStore store;
  private final PrometheusMeterRegistry registry;
  private final NodeHealth node;
  private final StatusReport status;
  private final LatestCensus latestCensus;
  private final EventsConfig events;
  private final @Nullable UsageAccounts accounts;
  private volatile @Nullable EventSink told;
  private volatile int port;

  /** Makes the room. */
  public ManagementVerticle(
      TrackerConfig config,
      TrackerStore store,
      PrometheusMeterRegistry registry,
      TrackerMetrics metrics,
      NodeHealth node,
      InstantSource clock) {
    this.config = config.management();
    this.events = config.events();
    this.accounts =
        events.accounts().isZero()
            ? null
            : new UsageAccounts(
                events.accounts(), config.timers().track(), Runtime.getRuntime().maxMemory());
    this.peers = new PeerReport(store, config, clock);
    this.gauges = new ChannelGauges(config.metrics().channels(), metrics);
    this.clock = clock;
    this.store = store;
    this.registry = registry;
    this.node = node;
    this.status = new StatusReport(node, clock, metrics);
    this.latestCensus = new LatestCensus(metrics);
    store.observe(channels.observer());
  }

  /** Returns the port listened on, once started. */
  public int port() {
    return port;
  }

  /**
   * Returns a sink that counts each event for reports, and hands it on to {@code next}, with
   * records of accounts between if there are to be any; to be called before the start.
   */
  public EventSink counting(EventSink next) {
    told = next;
    return channels.before(accounts == null ? next : accounts.before(next));
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
    router.get("/metrics").handler(this::metrics);
    router.get("/status").handler(this::status);
    router.get("/api/v1/peers/:id").handler(peers::answer);
    EventFeed feed = new EventFeed(vertx, events, node.node());
    router.get("/api/v1/events").handler(feed::answer);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setIdleTimeout(60);
    return ChannelBus.open(vertx, node.node(), this::answer)
        .compose(
            bus -> {
              ChannelReport report = new ChannelReport(store, bus, clock);
              router.get("/api/v1/channels").handler(report::answerMany);
              router.get("/api/v1/channels/:id").handler(report::answerOne);
              return vertx.createHttpServer(options).requestHandler(router).listen();
            })
        .onSuccess(server -> port = server.actualPort());
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

  /** The last count of what this node owns, for gauges that are read at any time. Thread-safe. */
  static final class LatestCensus {
    private volatile Census census = Census.NONE;

    LatestCensus(TrackerMetrics metrics) {
      metrics.gauge(
          "ppstp.peers",
          "Registered peers in shards that this node owns",
          this,
          it -> it.census.peers());
      metrics.gauge(
          "ppstp.swarms",
          "Swarms with a member in shards that this node owns",
          this,
          it -> it.census.swarms());
      metrics.gauge(
          "ppstp.members",
          "Members of the swarms that this node owns",
          this,
          it -> it.census.members());
    }

    void set(Census latest) {
      census = latest;
    }
  }
}
