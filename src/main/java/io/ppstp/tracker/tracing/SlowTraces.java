package io.ppstp.tracker.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands on the spans of requests that took long, and forgets those of all others. Thread-safe.
 *
 * <p>A trace is kept until the span of its request ends, which mostly is the last. There are
 * {@value #MOST_TRACES} at once, each of {@value #MOST_SPANS} spans; the oldest gives way.
 */
final class SlowTraces implements SpanProcessor {
  static final int MOST_TRACES = 4096;
  static final int MOST_SPANS = 64;

  private final SpanProcessor next;
  private final long slowerThanNs;

  private final Map<String, List<ReadableSpan>> waiting =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ReadableSpan>> eldest) {
          return size() > MOST_TRACES;
        }
      };

  SlowTraces(SpanProcessor next, Duration slowerThan) {
    this.next = next;
    this.slowerThanNs = slowerThan.toNanos();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    if (next.isStartRequired()) {
      next.onStart(parent, span);
    }
  }

  @Override
  public boolean isStartRequired() {
    return next.isStartRequired();
  }

  @Override
  public void onEnd(ReadableSpan span) {
    for (ReadableSpan ready : readyWith(span)) {
      next.onEnd(ready);
    }
  }

  private synchronized List<ReadableSpan> readyWith(ReadableSpan span) {
    String trace = span.getSpanContext().getTraceId();
    boolean isRequest =
        !span.getParentSpanContext().isValid() || span.getParentSpanContext().isRemote();
    // Rooms are told of the trace by headers, as another process would be.
    if (!isRequest || RoomTracer.isRoom(span)) {
      List<ReadableSpan> spans = waiting.computeIfAbsent(trace, absent -> new ArrayList<>());
      if (spans.size() < MOST_SPANS) {
        spans.add(span);
      }
      return List.of();
    }
    List<ReadableSpan> spans = waiting.remove(trace);
    if (span.getLatencyNanos() < slowerThanNs) {
      return List.of();
    }
    List<ReadableSpan> ready = new ArrayList<>(spans == null ? List.of() : spans);
    ready.add(span);
    return ready;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    return next.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return next.forceFlush();
  }
}
