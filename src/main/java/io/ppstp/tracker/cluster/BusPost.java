package io.ppstp.tracker.cluster;

import io.ppstp.tracker.store.hazelcast.Post;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageProducer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Brings letters over the event bus, to an address that each node has of its own. Event bus and
 * store then share the connections between nodes and their TLS, and letters wake no thread besides
 * the event loops. Thread-safe once deployed.
 */
final class BusPost extends VerticleBase implements Post {
  private static final String ADDRESS = "ppstp.letters.";

  private final Map<String, MessageProducer<Buffer>> producers = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<Void> send(String node, byte[] letter) {
    return producers
        .computeIfAbsent(node, to -> vertx.eventBus().sender(ADDRESS + to))
        .write(Buffer.buffer(letter))
        .toCompletionStage();
  }

  @Override
  public void receive(String node, Consumer<byte[]> reader) {
    context.runOnContext(
        now ->
            vertx
                .eventBus()
                .<Buffer>consumer(
                    ADDRESS + node, letter -> reader.accept(letter.body().getBytes())));
  }

  @Override
  public Executor desk() {
    return task -> context.runOnContext(now -> task.run());
  }
}
