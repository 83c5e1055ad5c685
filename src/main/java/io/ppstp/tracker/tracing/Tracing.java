package io.ppstp.tracker.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The traces of one tracker: a span for each request over HTTP, and below it one for each room that
 * it came to and for each question to the store. Thread-safe.
 *
 * <p>Spans are gathered in a queue of {@value #MOST_WAITING}, and sent by a thread of their own;
 * what does not fit is lost, and nobody waits.
 */
public final class Tracing {
  private static final int MOST_WAITING = 4096;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LAST_WORDS_S = 2;
  private static final String SCOPE = "io.ppstp.tracker";

  private final TraceRules rules;
  private final SpanSink sink;
  private final OpenTelemetrySdk telemetry;

  /**
   * Makes traces as {@code rules} say. Nothing is sent before there is a span.
   *
   * @param version of the tracker
   * @param instance what tells this process from others
   */
  public Tracing(TraceRules rules, String version, String instance) {
    this.rules = rules;
    this.sink =
        new SpanSink(
            OtlpHttpSpanExporter.builder()
                .setEndpoint(rules.endpoint().toString())
                .setTimeout(PATIENCE)
                .setConnectTimeout(PATIENCE)
                .setRetryPolicy(null)
                .build(),
            rules.endpoint());
    SpanProcessor batches =
        BatchSpanProcessor.builder(sink)
            .setMaxQueueSize(MOST_WAITING)
            .setScheduleDelay(Duration.ofSeconds(1))
            .build();
    this.telemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setResource(
                        Resource.create(
                            Attributes.builder()
                                .put("service.name", "ppstp-tracker")
                                .put("service.version", version)
                                .put("service.instance.id", instance)
                                .build()))
                    // Which requests are traced is decided before there is a span.
                    .setSampler(Sampler.alwaysOn())
                    .addSpanProcessor(
                        rules.slowerThan().isZero()
                            ? batches
                            : new SlowTraces(batches, rules.slowerThan()))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
  }

  /** Returns what makes the tracer of a Vert.x. */
  public VertxTracerFactory factory() {
    return options ->
        new RoomTracer(
            new OpenTelemetryTracingFactory(telemetry).tracer(options),
            telemetry.getPropagators().getTextMapPropagator(),
            rules,
            bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  /** Returns {@code store}, with a span for each question of a request that is traced. */
  public TrackerStore before(TrackerStore store) {
    return new TracingStore(store, telemetry.getTracer(SCOPE));
  }

  /** Returns how many spans have been taken in by the endpoint. */
  public long sent() {
    return sink.sent();
  }

  /** Returns how many were lost, for the endpoint did not take them. */
  public long lost() {
    return sink.lost();
  }

  /** Sends what is left, and ends. Blocks for a moment. */
  public void close() {
    telemetry.getSdkTracerProvider().shutdown().join(LAST_WORDS_S, TimeUnit.SECONDS);
  }
}
