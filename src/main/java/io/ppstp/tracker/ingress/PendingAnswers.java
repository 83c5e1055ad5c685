package io.ppstp.tracker.ingress;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The exchanges that the rooms behind ingress are to answer. Confined to one event loop. */
final class PendingAnswers {
  private final DeadlineQueue<Exchange> waiting;
  private final Map<Long, Exchange> byId = new HashMap<>();

  /** Makes an empty set of those who wait for at most {@code deadline}. */
  PendingAnswers(Duration deadline) {
    this.waiting = new DeadlineQueue<>(deadline.toNanos());
  }

  void add(Exchange exchange) {
    waiting.add(exchange, System.nanoTime());
    byId.put(exchange.id, exchange);
  }

  boolean contains(Exchange exchange) {
    return waiting.contains(exchange);
  }

  /** Removes and returns the exchange numbered {@code id}, null if it was given up. */
  @Nullable Exchange remove(long id) {
    Exchange exchange = byId.remove(id);
    if (exchange != null) {
      waiting.remove(exchange);
    }
    return exchange;
  }

  /** Removes and returns those that have waited too long. */
  List<Exchange> removeOverdue(long nowNs) {
    List<Exchange> forgotten = waiting.removeOverdue(nowNs);
    forgotten.forEach(exchange -> byId.remove(exchange.id));
    return forgotten;
  }
}
