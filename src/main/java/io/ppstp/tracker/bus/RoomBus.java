package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.BusEventSink.TrackerEventCodec;
import io.ppstp.tracker.protocol.Request;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import java.util.function.Consumer;

/**
 * The way from room to room inside this node: ingress, validation, swarm management and back to the
 * ingress instance that holds the connection. Thread-safe; consumers run on the context that
 * registered them.
 *
 * <p>An answer is a message of its own to a standing address, not an event bus reply: a reply would
 * register a handler and start a timer for every request.
 */
public final class RoomBus {
  /** Ingress bounds the work in flight; a consumer must never discard on top of that. */
  private static final int MOST_BUFFERED = 4_000_000;

  private final EventBus bus;
  private final int validationInstances;
  private final int swarmInstances;
  private final SocketBus sockets;

  private RoomBus(EventBus bus, SocketBus sockets, int validationInstances, int swarmInstances) {
    this.bus = bus;
    this.sockets = sockets;
    this.validationInstances = validationInstances;
    this.swarmInstances = swarmInstances;
  }

  /**
   * Teaches {@code vertx} the messages and returns the way; once per Vert.x instance.
   *
   * @param validationInstances among how many the instances of ingress are divided
   * @param swarmInstances likewise
   */
  public static RoomBus create(Vertx vertx, int validationInstances, int swarmInstances) {
    EventBus bus = vertx.eventBus();
    register(bus, RawRequest.class);
    register(bus, TypedRequest.class);
    register(bus, TicketedAnswer.class);
    register(bus, TorrentRequest.class);
    bus.registerCodec(new TrackerEventCodec());
    return new RoomBus(bus, SocketBus.create(vertx), validationInstances, swarmInstances);
  }

  /** Returns the way between WebSockets and the room of browsers. */
  public SocketBus sockets() {
    return sockets;
  }

  private static <T> void register(EventBus bus, Class<T> type) {
    bus.registerDefaultCodec(type, new ReferenceCodec<>(type));
  }

  /** Sends a body to be read by the instance that goes with the sender's. */
  public void validate(RawRequest request) {
    send(Addresses.validation(request.ticket().ingress() % validationInstances), request);
  }

  /** Sends a request to be carried out by the instance that goes with that of ingress. */
  public void manage(TypedRequest request) {
    send(Addresses.swarm(request.ticket().ingress() % swarmInstances), request);
  }

  /** Sends what a BitTorrent client asks to the instance of ingress's number. */
  public void torrents(TorrentRequest request) {
    send(Addresses.torrents(request.ticket().ingress()), request);
  }

  /** Sends an answer to where {@code ticket} says. */
  public void answer(Ticket ticket, Answer answer) {
    send(Addresses.ingress(ticket.ingress()), new TicketedAnswer(ticket.exchange(), answer));
  }

  private void send(String address, Object message) {
    bus.send(address, message, LOCAL);
  }

  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  /** Takes the bodies for validation instance {@code instance}; completes when registered. */
  public Future<Void> onValidate(int instance, Consumer<RawRequest> room) {
    return consume(Addresses.validation(instance), room);
  }

  /** Takes the requests for swarm instance {@code instance}. */
  public Future<Void> onManage(int instance, Consumer<TypedRequest> room) {
    return consume(Addresses.swarm(instance), room);
  }

  /** Takes what BitTorrent clients ask of ingress instance {@code instance}. */
  public Future<Void> onTorrents(int instance, Consumer<TorrentRequest> room) {
    return consume(Addresses.torrents(instance), room);
  }

  /** Takes the answer to the exchange of a number. */
  @FunctionalInterface
  public interface AnswerRoom {
    /** Takes {@code answer}, on the context that registered this room. */
    void accept(long exchange, Answer answer);
  }

  /** Takes the answers for the exchanges of ingress instance {@code instance}. */
  public Future<Void> onAnswer(int instance, AnswerRoom room) {
    Consumer<TicketedAnswer> unwrap = message -> room.accept(message.exchange(), message.answer());
    return consume(Addresses.ingress(instance), unwrap);
  }

  private <T> Future<Void> consume(String address, Consumer<T> room) {
    MessageConsumerOptions options =
        new MessageConsumerOptions()
            .setAddress(address)
            .setLocalOnly(true)
            .setMaxBufferedMessages(MOST_BUFFERED);
    MessageConsumer<T> consumer = bus.consumer(options, message -> room.accept(message.body()));
    return consumer.completion();
  }

  /** An {@link Answer} on its way to the exchange that waits for it. Immutable. */
  record TicketedAnswer(long exchange, Answer answer) {}

  /** From validation to swarm management: a well-formed request. Immutable. */
  public record TypedRequest(Ticket ticket, Requester requester, Request request) {}

  /**
   * From ingress to validation: the body of a POST, whole but unread. Immutable by agreement: the
   * bytes are not copied.
   *
   * @param exactMediaType whether the request named PPSTP's own media type
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record RawRequest(
      Ticket ticket, Requester requester, byte[] body, boolean exactMediaType) {}

  /**
   * From ingress to the room of BitTorrent clients: what stands behind the question mark of a GET,
   * unread; immutable.
   *
   * @param scrape whether it asks for numbers of swarms, else it announces a client
   */
  public record TorrentRequest(Ticket ticket, Requester requester, boolean scrape, String query) {}

  /**
   * Where the answer to a request goes; immutable.
   *
   * @param ingress the number of the ingress instance that holds the connection
   * @param exchange its number for the request
   */
  public record Ticket(int ingress, long exchange) {}
}
