package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;

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
  private final EventNumbers numbers;

  /** Publishes through {@code vertx}, which {@link RoomBus#create} has prepared. */
  public BusEventSink(Vertx vertx, EventNumbers numbers) {
    bus = vertx.eventBus();
    this.numbers = numbers;
  }

  @Override
  public void publish(TrackerEvent event) {
    bus.publish(Addresses.EVENTS, numbers.number(event), OPTIONS);
  }

  @Override
  public void publish(TrackerEvent event, Requester sender) {
    bus.publish(Addresses.EVENTS, numbers.number(event, sender), OPTIONS);
  }

  /**
   * Gives listeners the JSON form of an event. Vert.x asks for it once per listener, so an event
   * that nobody listens to is never turned into JSON.
   */
  static final class TrackerEventCodec implements MessageCodec<NumberedEvent, JsonObject> {
    static final String NAME = "ppstp-event";

    @Override
    public void encodeToWire(Buffer buffer, NumberedEvent event) {
      throw new IllegalStateException("meant for this node only: " + NAME);
    }

    @Override
    public JsonObject decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("meant for this node only: " + NAME);
    }

    @Override
    public JsonObject transform(NumberedEvent event) {
      return event.toJson();
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
