package io.ppstp.tracker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ppstp.tracker.protocol.ErrorCode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The meters of one request type. Thread-safe. */
final class RequestMeters {
  private static final Duration[] LATENCY_BUCKETS = {
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
  };

  private final EnumMap<ErrorCode, Counter> outcomes = new EnumMap<>(ErrorCode.class);
  private final Timer duration;

  RequestMeters(String type, MeterRegistry registry) {
    for (ErrorCode code : ErrorCode.values()) {
      outcomes.put(
          code,
          Counter.builder("ppstp.requests")
              .description("Requests answered, by type and error code of RFC 7846")
              .tag("type", type)
              .tag("outcome", code.name())
              .register(registry));
    }
    duration =
        Timer.builder("ppstp.request.duration")
            .description("From a request's last byte to its answer")
            .tag("type", type)
            .serviceLevelObjectives(LATENCY_BUCKETS)
            .register(registry);
  }

  void answered(ErrorCode code, long nanos) {
    Counter counter = outcomes.get(code);
    if (counter != null) {
      counter.increment();
    }
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Returns the outcomes seen at least once. */
  Map<String, Long> counts() {
    Map<String, Long> seen = new LinkedHashMap<>();
    outcomes.forEach(
        (code, counter) -> {
          if (counter.count() > 0) {
            seen.put(code.name(), (long) counter.count());
          }
        });
    return seen;
  }
}
