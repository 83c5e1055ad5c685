package io.ppstp.tracker.bus;

import java.util.function.Consumer;

/** Takes the events that a room has to tell. Never blocks and never throws. Thread-safe. */
@FunctionalInterface
public interface EventSink {

  /** Publishes {@code event} to whoever listens. */
  void publish(TrackerEvent event);

  /** Publishes what came of a request of {@code sender}; without it, if this has no use for it. */
  default void publish(TrackerEvent event, Requester sender) {
    publish(event);
  }

  /**
   * Takes note of a request that was granted, concerns a swarm that the peer is in, and is told by
   * no event.
   */
  default void heard(String peerId, String swarmId, Requester sender, long nowMs) {}

  /** Returns a sink that shows each event to {@code witness}, and hands on to this. */
  default EventSink noting(Consumer<TrackerEvent> witness) {
    EventSink next = this;
    return new EventSink() {
      @Override
      public void publish(TrackerEvent event) {
        witness.accept(event);
        next.publish(event);
      }

      @Override
      public void publish(TrackerEvent event, Requester sender) {
        witness.accept(event);
        next.publish(event, sender);
      }

      @Override
      public void heard(String peerId, String swarmId, Requester sender, long nowMs) {
        next.heard(peerId, swarmId, sender, nowMs);
      }
    };
  }

  /** Returns this for what comes of a request of {@code sender}. */
  default EventSink of(Requester sender) {
    return event -> publish(event, sender);
  }
}
