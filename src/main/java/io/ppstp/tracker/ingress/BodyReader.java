package io.ppstp.tracker.ingress;

import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.ingress.http.RequestHeads;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads the bodies of requests, within a bound of bytes and one of time, and within one for all
 * bodies of the node together. Confined to one event loop.
 */
final class BodyReader {
  private final DeadlineQueue<Exchange> reading;
  private final ByteBudget.Share held;
  private final Consumer<Exchange> whole;
  private final BiConsumer<Exchange, Refusal> refuse;
  private int maxBytes;

  /**
   * Makes a reader.
   *
   * @param held counts the bytes of all bodies
   * @param deadline the longest time from a request's header to its last byte
   * @param whole takes the exchanges whose bodies are read
   * @param refuse answers the others
   */
  BodyReader(
      int maxBytes,
      ByteBudget.Share held,
      Duration deadline,
      Consumer<Exchange> whole,
      BiConsumer<Exchange, Refusal> refuse) {
    this.maxBytes = maxBytes;
    this.held = held;
    this.reading = new DeadlineQueue<>(deadline.toNanos());
    this.whole = whole;
    this.refuse = refuse;
  }

  /** Takes bodies of at most {@code bytes} from now on. */
  void limit(int bytes) {
    maxBytes = bytes;
  }

  /** Reads the body of {@code exchange}, which has just begun. */
  void read(Exchange exchange) {
    HttpServerRequest request = exchange.request;
    if (RequestHeads.announcedLength(request) > maxBytes) {
      refuse.accept(exchange, Refusal.TOO_LARGE);
      return;
    }
    if (exchange.awaitsContinue) {
      exchange.awaitsContinue = false;
      request.response().writeContinue();
    }
    reading.add(exchange, exchange.waitingSinceNs);
    request.exceptionHandler(hangUp -> reading.remove(exchange));
    request.handler(
        piece -> {
          boolean fits = exchange.append(piece) <= maxBytes;
          if (!fits || !hold(exchange, piece.length())) {
            reading.remove(exchange);
            refuse.accept(exchange, fits ? Refusal.OVERLOADED : Refusal.TOO_LARGE);
          }
        });
    request.endHandler(
        end -> {
          if (reading.remove(exchange)) {
            whole.accept(exchange);
          }
        });
  }

  private boolean hold(Exchange exchange, int bytes) {
    boolean room = held.tryAcquire(bytes);
    exchange.bodyBytes += room ? bytes : 0;
    return room;
  }

  /** Gives up the body of an exchange that is over. */
  void release(Exchange exchange) {
    held.release(exchange.bodyBytes);
    exchange.bodyBytes = 0;
    exchange.release();
  }

  /** Refuses those that are not whole in time. */
  void sweep(long nowNs) {
    held.sweep();
    for (Exchange slow : reading.removeOverdue(nowNs)) {
      slow.closes = true;
      refuse.accept(slow, Refusal.TIMEOUT);
    }
  }
}
