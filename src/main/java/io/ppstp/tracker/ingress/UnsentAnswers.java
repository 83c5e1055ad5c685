package io.ppstp.tracker.ingress;

import io.ppstp.tracker.ingress.connection.Channels;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.Limits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * The answers of one ingress instance that were handed to HTTP and that their clients have not read
 * yet. Confined to one event loop.
 *
 * <p>An answer holds its place in flight and counts with its bytes until the kernel has taken all
 * of it. Three bounds keep clients that do not read from filling the memory: the bytes of one
 * connection, the bytes of the node, and the time. When the node runs out of bytes or places, those
 * who have read nothing for longest are cut off at once.
 */
final class UnsentAnswers {
  /** Answers of so few bytes are bounded by their number: each has a place in flight. */
  private static final int SMALL = 8 << 10;

  /** How long a client may be slow while others are refused for want of room. */
  private static final long PATIENCE_UNDER_PRESSURE_NS = Duration.ofSeconds(1).toNanos();

  private final DeadlineQueue<Exchange> sending;
  private final InFlight inFlight;
  private final ByteBudget.Share node;
  private final Limits limits;
  private int mostPerConnection;

  /**
   * Makes an empty set.
   *
   * @param deadline the longest time that a client takes to read an answer
   * @param mostPerConnection bytes of one connection
   */
  UnsentAnswers(
      Duration deadline,
      int mostPerConnection,
      InFlight inFlight,
      ByteBudget.Share node,
      Limits limits) {
    this.sending = new DeadlineQueue<>(deadline.toNanos());
    this.mostPerConnection = mostPerConnection;
    this.inFlight = inFlight;
    this.node = node;
    this.limits = limits;
  }

  /** Allows {@code bytes} of one connection from now on. */
  void limitPerConnection(int bytes) {
    mostPerConnection = bytes;
  }

  /** Takes a place for a request, where need be that of somebody who reads nothing. */
  boolean tryBegin() {
    if (inFlight.tryAcquire()) {
      return true;
    }
    limits.hit(Limit.IN_FLIGHT);
    return cutOffSlow(System.nanoTime()) && inFlight.tryAcquire();
  }

  /**
   * Takes room for an answer of {@code length} bytes and returns whether there is any; if not, and
   * that is counted, one of a few bytes may be sent in its place.
   */
  boolean tryHold(Exchange exchange, int length) {
    ConnectionState connection = exchange.connectionState;
    int unsent = connection == null ? 0 : connection.unsentBytes;
    boolean ownRoom = unsent == 0 || unsent + (long) length <= mostPerConnection;
    if (ownRoom && (node.tryAcquire(length) || makeRoom(length))) {
      held(exchange, length);
      return true;
    }
    if (length <= SMALL) {
      node.acquire(length);
      held(exchange, length);
      return true;
    }
    limits.hit(Limit.UNSENT_ANSWERS);
    return false;
  }

  private boolean makeRoom(int length) {
    return cutOffSlow(System.nanoTime()) && node.tryAcquire(length);
  }

  private static void held(Exchange exchange, int length) {
    exchange.unsentBytes = length;
    if (exchange.connectionState != null) {
      exchange.connectionState.unsentBytes += length;
    }
  }

  /** Waits until the answer of {@code exchange}, which has a place and room, is read. */
  void sent(Exchange exchange, Future<Void> flushed) {
    sending.add(exchange, System.nanoTime());
    flushed.onComplete(done -> end(exchange));
  }

  /** Gives back what {@code exchange} holds, once. */
  private void end(Exchange exchange) {
    if (sending.remove(exchange)) {
      giveBack(exchange);
    }
  }

  /** Gives back the place and the room of an exchange that sends no answer. */
  void giveBack(Exchange exchange) {
    inFlight.release();
    node.release(exchange.unsentBytes);
    if (exchange.connectionState != null) {
      exchange.connectionState.unsentBytes -= exchange.unsentBytes;
    }
    exchange.unsentBytes = 0;
  }

  /** Cuts off those who did not read their answers in time. */
  void sweep(long nowNs) {
    node.sweep();
    cutOff(sending.removeOverdue(nowNs));
    if (inFlight.isPressed() || node.isPressed()) {
      cutOffSlow(nowNs);
    }
  }

  private boolean cutOffSlow(long nowNs) {
    List<Exchange> slow = sending.removeOverdue(nowNs, PATIENCE_UNDER_PRESSURE_NS);
    cutOff(slow);
    return !slow.isEmpty();
  }

  /** A close in good order would wait behind the bytes that nobody reads. */
  private void cutOff(List<Exchange> unread) {
    for (Exchange exchange : unread) {
      limits.hit(Limit.RESPONSE_DEADLINE);
      giveBack(exchange);
      Channels.abort(exchange.request.connection());
    }
  }
}
