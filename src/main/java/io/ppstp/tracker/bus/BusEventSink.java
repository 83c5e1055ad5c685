package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

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
  private final Consumer<NumberedEvent> delivery;

  /**
   * Publishes through {@code vertx}, which {@link RoomBus#create} has prepared.
   *
   * @param delivery is given each event too
   */
  public BusEventSink(Vertx vertx, EventNumbers numbers, Consumer<NumberedEvent> delivery) {
    bus = vertx.eventBus();
    this.numbers = numbers;
    this.delivery = delivery;
  }

  @Override
  public void publish(TrackerEvent event) {
    publish(numbers.number(event));
  }

  @Override
  public void publish(TrackerEvent event, Requester sender) {
    publish(numbers.number(event, sender));
  }

  private void publish(NumberedEvent numbered) {
    delivery.accept(numbered);
    bus.publish(Addresses.EVENTS, numbered, OPTIONS);
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
