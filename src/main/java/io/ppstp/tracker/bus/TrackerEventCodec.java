package io.ppstp.tracker.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;

/**
 * Gives listeners the JSON form of an event. Vert.x asks for it once per listener, so an event that
 * nobody listens to is never turned into JSON.
 */
final class TrackerEventCodec implements MessageCodec<TrackerEvent, JsonObject> {
  static final String NAME = "ppstp-event";

  @Override
  public void encodeToWire(Buffer buffer, TrackerEvent event) {
    throw new IllegalStateException("meant for this node only: " + NAME);
  }

  @Override
  public JsonObject decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("meant for this node only: " + NAME);
  }

  @Override
  public JsonObject transform(TrackerEvent event) {
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
