package io.ppstp.tracker.bus;

/** Takes the events that a room has to tell. Never blocks and never throws. Thread-safe. */
@FunctionalInterface
public interface EventSink {

  /** Publishes {@code event} to whoever listens. */
  void publish(TrackerEvent event);
}
