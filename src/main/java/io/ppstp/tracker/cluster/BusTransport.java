package io.ppstp.tracker.cluster;

import io.ppstp.tracker.bus.Addresses;
import io.ppstp.tracker.store.hazelcast.transport.Transport;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageProducer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings messages over the event bus, to addresses that each node has of its own. Event bus and
 * store then share the connections between nodes and their TLS, and messages wake no thread besides
 * the event loops. Thread-safe.
 */
final class BusTransport implements Transport {
  private final Vertx vertx;
  private final AtomicInteger channels = new AtomicInteger();
  private final Map<String, MessageProducer<Buffer>> producers = new ConcurrentHashMap<>();

  /** Makes the transport of one node. */
  BusTransport(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Channel open(String here, Receiver receiver) {
    Context context = vertx.getOrCreateContext();
    int number = channels.getAndIncrement();
    context.runOnContext(
        now ->
            vertx
                .eventBus()
                .<Buffer>consumer(
                    Addresses.store(here, number),
                    message -> receiver.receive(number, message.body().getBytes())));
    return new Channel(number, task -> context.runOnContext(now -> task.run()));
  }

  @Override
  public CompletionStage<Void> send(String node, int channel, byte[] message) {
    return producers
        .computeIfAbsent(Addresses.store(node, channel), to -> vertx.eventBus().sender(to))
        .write(Buffer.buffer(message))
        .toCompletionStage();
  }
}
