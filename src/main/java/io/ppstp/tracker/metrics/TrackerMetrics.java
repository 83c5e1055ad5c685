package io.ppstp.tracker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.Request.RequestType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tracker's meters. Thread-safe; every meter is made at the start, so that counting is an
 * addition and nothing else.
 */
public final class TrackerMetrics {
  /** Stands for the type of a request that could not be read. */
  private static final String MALFORMED = "MALFORMED";

  private static final String DURATION = "ppstp.request.duration";

  private final MeterRegistry registry;
  private final EnumMap<RequestType, RequestMeters> requests = new EnumMap<>(RequestType.class);
  private final RequestMeters malformed;
  private final EnumMap<Leniency, Counter> leniencies = new EnumMap<>(Leniency.class);
  private final EnumMap<Withheld, Counter> withheld = new EnumMap<>(Withheld.class);
  private final Counter expired;
  private final Counter httpRefusals;

  /** Makes the meters in {@code registry}. */
  public TrackerMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (RequestType type : RequestType.values()) {
      requests.put(type, new RequestMeters(type.name(), registry));
    }
    malformed = new RequestMeters(MALFORMED, registry);
    for (Leniency leniency : Leniency.values()) {
      leniencies.put(
          leniency,
          Counter.builder("ppstp.lenient")
              .description("Messages read although spelled otherwise than RFC 7846 has it, by kind")
              .tag("kind", leniency.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    for (Withheld reason : Withheld.values()) {
      withheld.put(
          reason,
          Counter.builder("ppstp.addresses.withheld")
              .description("Advertised addresses that other peers were not told")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    expired =
        Counter.builder("ppstp.peers.expired")
            .description("Registrations ended because a timer ran out")
            .register(registry);
    httpRefusals =
        Counter.builder("ppstp.http.refused")
            .description("HTTP requests refused before a PPSTP message was read")
            .register(registry);
  }

  /** Counts one answered request; {@code type} is null if it could not be read. */
  public void answered(@Nullable RequestType type, ErrorCode code, long nanos) {
    RequestMeters meters = type == null ? malformed : requests.get(type);
    if (meters != null) {
      meters.answered(code, nanos);
    }
  }

  /** Counts lenient spellings that a request needed. */
  public void lenient(Collection<Leniency> needed) {
    for (Leniency leniency : needed) {
      Counter counter = leniencies.get(leniency);
      if (counter != null) {
        counter.increment();
      }
    }
  }

  /** Counts addresses that were kept from other peers. */
  public void withheld(Withheld reason, int addresses) {
    Counter counter = withheld.get(reason);
    if (counter != null && addresses > 0) {
      counter.increment(addresses);
    }
  }

  /** Counts registrations whose timer ran out. */
  public void expired(int peers) {
    expired.increment(peers);
  }

  /** Counts an HTTP request that was refused before it came to a PPSTP message. */
  public void httpRefused() {
    httpRefusals.increment();
  }

  /** Shows a count that {@code subject} keeps itself and that only grows, under a tag. */
  public <T> void counter(
      String name,
      String description,
      String tag,
      String tagValue,
      T subject,
      ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, subject, count)
        .description(description)
        .tag(tag, tagValue)
        .register(registry);
  }

  /** Shows a count that {@code subject} keeps itself and that only grows. */
  public <T> void counter(String name, String description, T subject, ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, subject, count).description(description).register(registry);
  }

  /** As {@link #gauge(String, String, Object, ToDoubleFunction)}, under a tag. */
  public <T> void gauge(
      String name,
      String description,
      String tag,
      String tagValue,
      T subject,
      ToDoubleFunction<T> value) {
    Gauge.builder(name, subject, value)
        .description(description)
        .tag(tag, tagValue)
        .strongReference(true)
        .register(registry);
  }

  /** Shows what {@code value} says about {@code subject}, whenever the metrics are read. */
  public <T> void gauge(String name, String description, T subject, ToDoubleFunction<T> value) {
    Gauge.builder(name, subject, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /**
   * Returns a gauge of values whose tags change while the tracker runs. Who registers them has to
   * bound how many there are.
   */
  public MultiGauge changing(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Returns what takes times in nanoseconds, to be shown by count, sum and maximum. */
  public LongConsumer times(String name, String description, String tag, String tagValue) {
    Timer timer =
        Timer.builder(name).description(description).tag(tag, tagValue).register(registry);
    return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Shows what does not change while the process runs, as tags of a gauge that is always 1. */
  public void info(String name, String description, Map<String, String> told) {
    List<Tag> tags = new ArrayList<>();
    new TreeMap<>(told).forEach((tag, value) -> tags.add(Tag.of(tag, value)));
    Gauge.builder(name, () -> 1).description(description).tags(tags).register(registry);
  }

  /** Returns the sum of all gauges of a name. */
  public double value(String name) {
    return registry.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
  }

  /** Returns what counters of a name have counted, by a tag; those at zero are left out. */
  public Map<String, Long> counts(String name, String tag) {
    Map<String, Long> counts = new TreeMap<>();
    for (FunctionCounter counter : registry.find(name).functionCounters()) {
      String value = counter.getId().getTag(tag);
      if (value != null && counter.count() > 0) {
        counts.merge(value, (long) counter.count(), Long::sum);
      }
    }
    return counts;
  }

  /**
   * So many requests were answered within a time since the start; immutable.
   *
   * @param withinMs the time, in milliseconds
   */
  public record LatencyBucket(double withinMs, long count) {}

  /**
   * Returns how many requests of all types were answered within each time of the histogram, the
   * shortest first; the last is how many there were, and its time is -1.
   */
  public List<LatencyBucket> latency() {
    Map<Double, Long> counts = new TreeMap<>();
    long all = 0;
    for (Timer timer : registry.find(DURATION).timers()) {
      HistogramSnapshot snapshot = timer.takeSnapshot();
      all += snapshot.count();
      for (CountAtBucket bucket : snapshot.histogramCounts()) {
        counts.merge(bucket.bucket(TimeUnit.MILLISECONDS), (long) bucket.count(), Long::sum);
      }
    }
    List<LatencyBucket> buckets = new ArrayList<>();
    counts.forEach((within, count) -> buckets.add(new LatencyBucket(within, count)));
    buckets.add(new LatencyBucket(-1, all));
    return buckets;
  }

  /**
   * Returns the requests answered so far, by type and by outcome; those never seen are left out.
   */
  public Map<String, Map<String, Long>> requestCounts() {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    requests.forEach((type, meters) -> counts.put(type.name(), meters.counts()));
    counts.put(MALFORMED, malformed.counts());
    counts.values().removeIf(Map::isEmpty);
    return counts;
  }

  /** The meters of one request type. Thread-safe. */
  static final class RequestMeters {
    /** Each at most 1.7 times the one before up to 25 ms, where requests mostly are. */
    private static final Duration[] LATENCY_BUCKETS = {
      Duration.ofNanos(50_000),
      Duration.ofNanos(100_000),
      Duration.ofNanos(150_000),
      Duration.ofNanos(250_000),
      Duration.ofNanos(350_000),
      Duration.ofNanos(500_000),
      Duration.ofNanos(750_000),
      Duration.ofMillis(1),
      Duration.ofNanos(1_500_000),
      Duration.ofNanos(2_500_000),
      Duration.ofNanos(3_500_000),
      Duration.ofMillis(5),
      Duration.ofNanos(7_500_000),
      Duration.ofMillis(10),
      Duration.ofMillis(15),
      Duration.ofMillis(25),
      Duration.ofMillis(50),
      Duration.ofMillis(100),
      Duration.ofMillis(250),
      Duration.ofMillis(500),
      Duration.ofSeconds(1),
      Duration.ofMillis(2500),
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
          Timer.builder(DURATION)
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
}
