package io.ppstp.tracker.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The departures that are handed out and not yet known to be finished, in the order in which they
 * were handed out. Confined to its shard.
 */
final class PendingDepartures {
  /** After so long a departure is handed out again: whoever took it has failed. */
  private static final long RETRY_MS = 10_000;

  private record Pending(Departure departure, long handedOutMs) {}

  private final Map<Long, Pending> byStamp = new LinkedHashMap<>(0);

  /** Notes a departure that is handed out now. */
  void add(Departure departure, long nowMs) {
    byStamp.put(departure.stamp(), new Pending(departure, nowMs));
  }

  /** Hands out again, up to {@code maximum}, those that nobody has finished for a while. */
  List<Departure> takeUpAgain(long nowMs, int maximum) {
    List<Departure> again = new ArrayList<>(0);
    var oldest = byStamp.values().iterator();
    while (again.size() < maximum && oldest.hasNext()) {
      Pending pending = oldest.next();
      if (nowMs - pending.handedOutMs < RETRY_MS) {
        break;
      }
      oldest.remove();
      again.add(pending.departure);
    }
    again.forEach(departure -> add(departure, nowMs));
    return again;
  }

  /** Returns when {@link #takeUpAgain} will next find something; far in the future if never. */
  long nextDueMs() {
    return byStamp.isEmpty()
        ? Long.MAX_VALUE
        : byStamp.values().iterator().next().handedOutMs + RETRY_MS;
  }

  /** Strikes out departures that are done; returns those that were still noted. */
  List<Departure> forget(Collection<Departure> done) {
    List<Departure> forgotten = new ArrayList<>(done.size());
    for (Departure departure : done) {
      if (byStamp.remove(departure.stamp()) != null) {
        forgotten.add(departure);
      }
    }
    return forgotten;
  }

  List<Departure> all() {
    return byStamp.values().stream().map(Pending::departure).toList();
  }
}
