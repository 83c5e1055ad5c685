package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.metrics.TrackerMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts why well-formed requests were refused by this node. Thread-safe. */
final class RefusalCounts {
  private final EnumMap<RefusalCause, LongAdder> counts = new EnumMap<>(RefusalCause.class);

  /** Begins at zero, and shows in {@code metrics} what it counts. */
  RefusalCounts(TrackerMetrics metrics) {
    for (RefusalCause cause : RefusalCause.values()) {
      LongAdder count = new LongAdder();
      counts.put(cause, count);
      metrics.counter(
          "ppstp.refused",
          "Well-formed requests refused as a whole, by cause",
          "cause",
          cause.text(),
          count,
          LongAdder::sum);
    }
  }

  /** Counts an event, if it is a refusal. */
  void note(TrackerEvent event) {
    LongAdder count =
        event instanceof TrackerEvent.Refused refused ? counts.get(refused.cause()) : null;
    if (count != null) {
      count.increment();
    }
  }

  /** Returns those that there have been, by the words of events. */
  Map<String, Long> seen() {
    Map<String, Long> seen = new TreeMap<>();
    counts.forEach(
        (cause, count) -> {
          if (count.sum() > 0) {
            seen.put(cause.text(), count.sum());
          }
        });
    return seen;
  }
}
