package io.ppstp.tracker.ingress;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.ppstp.tracker.ingress.connection.Http1Versions;
import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.protocol.TransactionIds;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Answers requests that are refused before their message is read. Confined to one event loop.
 *
 * <p>An answer waits a moment for the first bytes of the body, which tell the transaction ID that
 * it repeats. After it the rest of the body is read and not kept: a client that is still sending
 * would not see the answer otherwise. That is bounded in bytes and time; whoever goes on is cut
 * off.
 */
final class Refusals {
  /** What is still read of a body before the connection is cut. */
  private static final int MOST_DISCARDED = 1 << 20;

  /** The first bytes come with the header or right behind it. */
  private static final Duration A_MOMENT = Duration.ofMillis(200);

  private final HttpAnswers answers;
  private final DeadlineQueue<Exchange> awaitingBytes = new DeadlineQueue<>(A_MOMENT.toNanos());
  private final DeadlineQueue<Exchange> discarding;

  /** Reads on for at most {@code requestDeadline} after an answer. */
  Refusals(HttpAnswers answers, Duration requestDeadline) {
    this.answers = answers;
    this.discarding = new DeadlineQueue<>(requestDeadline.toNanos());
  }

  /** Returns how what is no request of HTTP is refused, by what its decoder says. */
  static Refusal ofUndecodable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Refusal.ofHttp(414);
    } else if (cause instanceof TooLongHttpHeaderException) {
      return Refusal.ofHttp(431);
    }
    return Refusal.ofHttp(cause instanceof Http1Versions.UnsupportedVersionException ? 505 : 400);
  }

  /** Refuses a request of which no more is wanted, whole or not. */
  void refuse(Exchange exchange, Refusal refusal) {
    HttpServerRequest request = exchange.request;
    if (request.isEnded()) {
      answer(exchange, refusal);
    } else if (exchange.awaitsContinue) {
      // What follows on the connection may be the body or the next request: nobody can tell.
      exchange.closes = true;
      answer(exchange, refusal);
    } else if (exchange.hasBytes()) {
      answer(exchange, refusal);
      discardRest(exchange);
    } else {
      awaitBytes(exchange, refusal);
    }
  }

  private void awaitBytes(Exchange exchange, Refusal refusal) {
    exchange.refusal = refusal;
    awaitingBytes.add(exchange, System.nanoTime());
    HttpServerRequest request = exchange.request;
    request.exceptionHandler(hangUp -> awaitingBytes.remove(exchange));
    request.endHandler(end -> answerAwaiting(exchange));
    request.handler(
        piece -> {
          exchange.append(piece);
          if (answerAwaiting(exchange)) {
            discardRest(exchange);
          }
        });
  }

  private boolean answerAwaiting(Exchange exchange) {
    Refusal refusal = exchange.refusal;
    if (refusal == null || !awaitingBytes.remove(exchange)) {
      return false;
    }
    answer(exchange, refusal);
    return true;
  }

  private void answer(Exchange exchange, Refusal refusal) {
    if (exchange.isOpen()) {
      answers.refuse(exchange, refusal, TransactionIds.in(exchange.beginning()));
    }
  }

  private void discardRest(Exchange exchange) {
    HttpServerRequest request = exchange.request;
    discarding.add(exchange, System.nanoTime());
    request.exceptionHandler(hangUp -> discarding.remove(exchange));
    request.endHandler(end -> discarding.remove(exchange));
    request.handler(
        piece -> {
          if (exchange.discard(piece) > MOST_DISCARDED) {
            request.connection().close();
          }
        });
  }

  /** Answers those whose first bytes do not come, and cuts off those who do not end. */
  void sweep(long nowNs) {
    for (Exchange endless : discarding.removeOverdue(nowNs)) {
      endless.request.connection().close();
    }
    for (Exchange silent : awaitingBytes.removeOverdue(nowNs)) {
      if (silent.refusal != null) {
        answer(silent, silent.refusal);
        discardRest(silent);
      }
    }
  }
}
