package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
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

  /** Returns a sink that counts, and hands on to {@code next}. */
  EventSink before(EventSink next) {
    return new EventSink() {
      @Override
      public void publish(TrackerEvent event) {
        count(event);
        next.publish(event);
      }

      @Override
      public void publish(TrackerEvent event, Requester sender) {
        count(event);
        next.publish(event, sender);
      }
    };
  }

  private void count(TrackerEvent event) {
    LongAdder count = counts.get(event.kind());
    if (count != null) {
      count.increment();
    }
  }
}
