package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.metrics.TrackerMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the events that this node publishes, by kind. Thread-safe. */
final class EventCounts {
  private final Map<String, LongAdder> counts;

  /** Begins at zero, and shows in {@code metrics} what it counts. */
  EventCounts(TrackerMetrics metrics) {
    Map<String, LongAdder> byKind = new HashMap<>();
    for (String kind : TrackerEvent.KINDS) {
      LongAdder count = new LongAdder();
      byKind.put(kind, count);
      metrics.counter(
          "ppstp.events", "Events published, by kind", "kind", kind, count, LongAdder::sum);
    }
    counts = Map.copyOf(byKind);
  }

  /** Counts an event. */
  void note(TrackerEvent event) {
    LongAdder count = counts.get(event.kind());
    if (count != null) {
      count.increment();
    }
  }
}
