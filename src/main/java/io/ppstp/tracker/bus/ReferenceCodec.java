package io.ppstp.tracker.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands immutable messages over by reference, and refuses to send them to another node. */
final class ReferenceCodec<T> implements MessageCodec<T, T> {
  private final String name;

  ReferenceCodec(Class<T> type) {
    name = "ppstp-reference-" + type.getSimpleName();
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    throw new IllegalStateException("meant for this node only: " + name);
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("meant for this node only: " + name);
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
