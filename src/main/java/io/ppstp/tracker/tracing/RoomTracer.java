package io.ppstp.tracker.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.ppstp.tracker.bus.Addresses;
import io.ppstp.tracker.bus.RoomBus.TypedRequest;
import io.vertx.core.Context;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.tracing.opentelemetry.HeadersPropagatorSetter;
import io.vertx.tracing.opentelemetry.Operation;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what Vert.x's tracer for OpenTelemetry makes spans of, and what they say. Thread-safe.
 *
 * <p>Of a request that is not drawn nothing is made, so that it costs a random number. Spans say
 * nothing that a client wrote: URLs can hold tokens. What a client says of a trace is read only
 * where that is configured.
 */
final class RoomTracer implements VertxTracer<Operation, Operation> {
  private static final String TRACE_PARENT = "traceparent";

  /** W3C Trace Context, Section 3.2.2; the last part has the flags, of which 1 is "sampled". */
  private static final Pattern PARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private static final int FLAGS_AT = 53;

  private static final Set<HttpMethod> METHODS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.POST, HttpMethod.PUT);

  private static final HeadersPropagatorSetter SETTER = new HeadersPropagatorSetter();
  private static final TagExtractor<Object> TAGS = new ClosedTags();

  private final VertxTracer<Operation, Operation> tracer;
  private final TextMapPropagator propagator;
  private final TraceRules rules;
  private final IntUnaryOperator random;

  /**
   * Stands in front of {@code tracer}, of Vert.x's tracing for OpenTelemetry.
   *
   * @param random draws a number from zero to below its argument
   */
  @SuppressWarnings("unchecked")
  RoomTracer(
      VertxTracer<?, ?> tracer,
      TextMapPropagator propagator,
      TraceRules rules,
      IntUnaryOperator random) {
    this.tracer = (VertxTracer<Operation, Operation>) tracer;
    this.propagator = propagator;
    this.rules = rules;
    this.random = random;
  }

  /** Returns whether a span is of a message to a room, and not of the request itself. */
  static boolean isRoom(ReadableSpan span) {
    return span.getName().startsWith(Addresses.PREFIX);
  }

  @Override
  public <R> @Nullable Operation receiveRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      Iterable<Entry<String, String>> headers,
      TagExtractor<R> tags) {
    if (request instanceof Message<?> message) {
      String room = Addresses.room(message.address());
      return room == null
          ? null
          : tracer.receiveRequest(
              context, SpanKind.MESSAGING, TracingPolicy.PROPAGATE, request, room, headers, own());
    }
    // The listeners of peers ask for traces, and no others.
    if (policy != TracingPolicy.ALWAYS
        || !(request instanceof HttpRequest http)
        || !isDrawn(headers)) {
      return null;
    }
    Iterable<Entry<String, String>> believed = rules.accept() ? headers : List.of();
    return tracer.receiveRequest(context, kind, policy, request, method(http), believed, own());
  }

  private boolean isDrawn(Iterable<Entry<String, String>> headers) {
    if (rules.accept()) {
      for (Entry<String, String> header : headers) {
        if (header.getKey().equalsIgnoreCase(TRACE_PARENT)
            && PARENT.matcher(header.getValue()).matches()) {
          return (Character.digit(header.getValue().charAt(FLAGS_AT + 1), 16) & 1) == 1;
        }
      }
    }
    return rules.oneIn() == 1 || random.applyAsInt(rules.oneIn()) == 0;
  }

  private static String method(HttpRequest http) {
    return METHODS.contains(http.method()) ? http.method().name() : "HTTP";
  }

  @Override
  public <R> void sendResponse(
      Context context,
      @Nullable R response,
      @Nullable Operation operation,
      @Nullable Throwable failure,
      TagExtractor<R> tags) {
    if (operation != null) {
      tracer.sendResponse(context, response, operation, failure, own());
    }
  }

  @Override
  public <R> @Nullable Operation sendRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      BiConsumer<String, String> headers,
      TagExtractor<R> tags) {
    if (!(request instanceof Message<?> message)) {
      return request instanceof HttpRequest http
          ? tracer.sendRequest(context, kind, policy, request, method(http), headers, own())
          : null;
    }
    io.opentelemetry.context.Context current = io.opentelemetry.context.Context.current();
    if (Span.fromContextOrNull(current) != null && Addresses.room(message.address()) != null) {
      // The room has a span; one for the way there would be the same once more.
      propagator.inject(current, headers, SETTER);
    }
    return null;
  }

  @Override
  public <R> void receiveResponse(
      Context context,
      @Nullable R response,
      @Nullable Operation operation,
      @Nullable Throwable failure,
      TagExtractor<R> tags) {
    if (operation != null) {
      tracer.receiveResponse(context, response, operation, failure, own());
    }
  }

  @SuppressWarnings("unchecked")
  private static <R> TagExtractor<R> own() {
    return (TagExtractor<R>) TAGS;
  }

  /** What spans say, one thing of each: words of closed sets and numbers. */
  private static final class ClosedTags implements TagExtractor<Object> {
    @Override
    public int len(Object told) {
      return told instanceof HttpRequest
              || told instanceof HttpResponse
              || (told instanceof Message<?> message && message.body() instanceof TypedRequest)
          ? 1
          : 0;
    }

    @Override
    public String name(Object told, int index) {
      if (told instanceof Message<?>) {
        return "ppstp.request.type";
      }
      return told instanceof HttpRequest ? "http.request.method" : "http.response.status_code";
    }

    @Override
    public String value(Object told, int index) {
      if (told instanceof Message<?> message && message.body() instanceof TypedRequest typed) {
        return typed.request().type().name();
      }
      return told instanceof HttpRequest http
          ? method(http)
          : Integer.toString(((HttpResponse) told).statusCode());
    }
  }
}
