package io.ppstp.tracker.ingress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges that wait for the same thing with the same patience, so that they stand in the order of
 * their deadlines. Confined to one event loop.
 */
final class Exchanges {
  private final Map<Long, Exchange> waiting = new LinkedHashMap<>();
  private final long patienceNs;

  Exchanges(long patienceNs) {
    this.patienceNs = patienceNs;
  }

  void add(Exchange exchange, long nowNs) {
    exchange.waitingSinceNs = nowNs;
    waiting.put(exchange.id, exchange);
  }

  boolean contains(long id) {
    return waiting.containsKey(id);
  }

  @Nullable Exchange remove(long id) {
    return waiting.remove(id);
  }

  /** Removes and returns those that have waited too long. */
  List<Exchange> removeOverdue(long nowNs) {
    List<Exchange> overdue = new ArrayList<>(0);
    var oldest = waiting.values().iterator();
    while (oldest.hasNext()) {
      Exchange exchange = oldest.next();
      if (nowNs - exchange.waitingSinceNs < patienceNs) {
        break;
      }
      overdue.add(exchange);
      oldest.remove();
    }
    return overdue;
  }
}
