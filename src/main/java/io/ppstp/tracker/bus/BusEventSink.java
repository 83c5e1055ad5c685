package io.ppstp.tracker.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;

/**
 * Publishes events on {@link Addresses#EVENTS}. Thread-safe.
 *
 * <p>Whoever listens has a bounded queue of its own in Vert.x; when that is full, events to that
 * listener are dropped, and the tracker notices nothing.
 */
public final class BusEventSink implements EventSink {
  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setLocalOnly(true).setCodecName(TrackerEventCodec.NAME);

  private final EventBus bus;

  /** Publishes through {@code vertx}, which {@link RoomBus#create} has prepared. */
  public BusEventSink(Vertx vertx) {
    bus = vertx.eventBus();
  }

  @Override
  public void publish(TrackerEvent event) {
    bus.publish(Addresses.EVENTS, event, OPTIONS);
  }
}
