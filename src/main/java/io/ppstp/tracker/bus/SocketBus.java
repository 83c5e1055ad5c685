package io.ppstp.tracker.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The way between the WebSockets of ingress and the room of browsers, and from there to that room's
 * other instances, here and on other nodes. Thread-safe; consumers run on the context that
 * registered them. Instances of ingress and of the room go together by number.
 */
public final class SocketBus {
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  /** Each sender is bounded; a consumer must never discard on top of that. */
  private static final int MOST_BUFFERED = 4_000_000;

  private final EventBus bus;

  private SocketBus(Vertx vertx) {
    this.bus = vertx.eventBus();
  }

  /** Teaches {@code vertx} the messages and returns the way; once per Vert.x instance. */
  static SocketBus create(Vertx vertx) {
    SocketBus created = new SocketBus(vertx);
    created.register(SocketEvent.Opened.class);
    created.register(SocketEvent.Received.class);
    created.register(SocketEvent.Closed.class);
    created.register(SocketOutputs.class);
    created.register(RelayBatch.class);
    return created;
  }

  private <T> void register(Class<T> type) {
    bus.registerDefaultCodec(type, new ReferenceCodec<>(type));
  }

  /** Tells the room what happened to a socket. */
  public void tell(SocketEvent event) {
    bus.send(Addresses.browsers(SocketNumbers.instanceOf(event.socket())), event, LOCAL);
  }

  /** Takes what happens to the sockets of {@code instance}; completes when registered. */
  public Future<Void> onEvent(int instance, Consumer<SocketEvent> room) {
    return consume(Addresses.browsers(instance), room);
  }

  /** Has the sockets of {@code instance} send. */
  public void send(int instance, SocketOutputs outputs) {
    bus.send(Addresses.sockets(instance), outputs, LOCAL);
  }

  /** Takes what the sockets of {@code instance} are to send. */
  public Future<Void> onSend(int instance, Consumer<SocketOutputs> ingress) {
    return consume(Addresses.sockets(instance), ingress);
  }

  /** Hands relays to an instance of the room on this node. */
  public void relay(int instance, RelayBatch batch) {
    bus.send(Addresses.relays(instance), batch, LOCAL);
  }

  /**
   * Hands relays to an instance of the room on another node. Completes when they are under way, or
   * with false if the cluster knows of no such instance; fails if it cannot be reached.
   */
  public CompletionStage<Boolean> relay(long node, int instance, RelayBatch batch) {
    return bus.<Buffer>sender(Addresses.relays(node, instance))
        .write(RelayFormat.write(batch))
        .map(true)
        .recover(
            failure ->
                failure instanceof ReplyException reply
                        && reply.failureType() == ReplyFailure.NO_HANDLERS
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure))
        .toCompletionStage();
  }

  /** Takes the relays for {@code instance} from this node. */
  public Future<Void> onRelay(int instance, Consumer<RelayBatch> room) {
    return consume(Addresses.relays(instance), room);
  }

  /**
   * Takes the relays for {@code instance} of this node, the {@code node}, from others.
   *
   * @param unreadable called for what is none
   */
  public Future<Void> onRelay(
      long node, int instance, Consumer<RelayBatch> room, Consumer<RuntimeException> unreadable) {
    MessageConsumerOptions options =
        new MessageConsumerOptions().setAddress(Addresses.relays(node, instance));
    return bus.<Object>consumer(
            options,
            message -> {
              RelayBatch batch;
              try {
                batch = RelayFormat.read((Buffer) message.body());
              } catch (RuntimeException e) {
                unreadable.accept(e);
                return;
              }
              room.accept(batch);
            })
        .completion();
  }

  private <T> Future<Void> consume(String address, Consumer<T> room) {
    MessageConsumerOptions options =
        new MessageConsumerOptions()
            .setAddress(address)
            .setLocalOnly(true)
            .setMaxBufferedMessages(MOST_BUFFERED);
    return bus.<T>consumer(options, message -> room.accept(message.body())).completion();
  }
}
