package io.ppstp.tracker.cluster;

import io.ppstp.tracker.bus.Addresses;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent;
import io.vertx.core.eventbus.EventBus;

/** Publishes events to listeners on any node, as JSON that needs no class of ours. Thread-safe. */
final class ClusterEventSink implements EventSink {
  private final EventBus bus;
  private final ListenerWatch listeners;

  ClusterEventSink(EventBus bus, ListenerWatch listeners) {
    this.bus = bus;
    this.listeners = listeners;
  }

  @Override
  public void publish(TrackerEvent event) {
    if (listeners.isListening()) {
      bus.publish(Addresses.EVENTS, event.toJson());
    }
  }
}
