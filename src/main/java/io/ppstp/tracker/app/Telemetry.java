package io.ppstp.tracker.app;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.app.process.MeterClock;
import io.ppstp.tracker.app.process.Version;
import io.ppstp.tracker.config.TelemetryConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.tracing.TraceRules;
import io.ppstp.tracker.tracing.Tracing;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a tracker tells of itself, and what Vert.x tells with it: one registry for the figures of
 * the tracker, of Java, of the process and of Vert.x. Thread-safe.
 */
record Telemetry(
    PrometheusMeterRegistry registry,
    MeterClock clock,
    TrackerMetrics metrics,
    TelemetryConfig.Metrics config,
    Optional<Tracing> tracing) {

  /**
   * What Vert.x may tell its figures apart by. Never a method, a path, a host or an address: these
   * are words of strangers, each of which would be a series more.
   */
  private static final Set<Label> LABELS =
      EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME);

  /** Begins to measure as {@code config} says. */
  static Telemetry of(TrackerConfig config) {
    MeterClock clock = new MeterClock();
    PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
    registry.config().meterFilter(new NamesWithoutIds());
    TrackerMetrics metrics = new TrackerMetrics(registry);
    metrics.info(
        "ppstp.build.info",
        "What runs here; always 1",
        Map.of("version", Version.text(), "java", Runtime.version().toString()));
    new FileDescriptorMetrics().bindTo(registry);
    Optional<Tracing> tracing = tracing(config.tracing());
    tracing.ifPresent(it -> show(it, metrics));
    return new Telemetry(registry, clock, metrics, config.metrics(), tracing);
  }

  private static Optional<Tracing> tracing(TelemetryConfig.Tracing config) {
    return config
        .endpoint()
        .map(url -> new TraceRules(url, config.sample(), config.accept(), config.slowerThan()))
        .map(rules -> new Tracing(rules, Version.text(), UUID.randomUUID().toString()));
  }

  private static void show(Tracing tracing, TrackerMetrics metrics) {
    metrics.counter(
        "ppstp.tracing.sent", "Spans that the endpoint has taken", tracing, Tracing::sent);
    metrics.counter("ppstp.tracing.lost", "Spans that it has not taken", tracing, Tracing::lost);
  }

  /** Returns what makes a Vert.x that is measured. */
  VertxBuilder builder(VertxOptions options) {
    VertxBuilder builder =
        Vertx.builder()
            .with(options.setMetricsOptions(vertxMetrics()))
            .withMetrics(new MicrometerMetricsFactory(registry));
    return tracing.map(it -> builder.withTracer(it.factory())).orElse(builder);
  }

  /** Returns {@code store}, traced if requests are. */
  TrackerStore before(TrackerStore store) {
    return tracing.map(it -> it.before(store)).orElse(store);
  }

  /** Tells the last of it. Blocks for a moment, so not for an event loop. */
  void close() {
    tracing.ifPresent(Tracing::close);
  }

  private MicrometerMetricsOptions vertxMetrics() {
    MicrometerMetricsOptions options =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            // A name that is in use already would bring the registry of the tracker that uses it.
            .setRegistryName(UUID.randomUUID().toString())
            .setJvmMetricsEnabled(true)
            .setNettyMetricsEnabled(true)
            .setLabels(LABELS);
    for (MetricsDomain domain : MetricsDomain.values()) {
      if (!config.vertx().contains(settingOf(domain))) {
        options.addDisabledMetricsCategory(domain);
      }
    }
    return options;
  }

  private static String settingOf(MetricsDomain domain) {
    return switch (domain) {
      case NAMED_POOLS -> "pools";
      case HTTP_CLIENT -> "http-client";
      case HTTP_SERVER -> "http-server";
      case NET_SERVER, NET_CLIENT, DATAGRAM_SOCKET -> "net";
      case EVENT_BUS -> "event-bus";
      default -> "";
    };
  }

  /** Leaves out numbers of objects, which are other ones after each start. */
  private static final class NamesWithoutIds implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id meter) {
      return meter.getName().startsWith("netty.allocator.")
          ? meter.replaceTags(meter.getTags().stream().filter(it -> !isId(it)).toList())
          : meter;
    }

    private static boolean isId(Tag tag) {
      return tag.getKey().equals("id");
    }
  }
}
