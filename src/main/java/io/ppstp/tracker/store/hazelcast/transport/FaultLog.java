package io.ppstp.tracker.store.hazelcast.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of faults in what comes from other nodes, a line for each kind and minute:
 * whoever reaches the port must not make the log grow. Thread-safe.
 */
final class FaultLog {
  private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);
  private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
  private static final int KINDS = 32;

  private final Map<String, Long> lastNs = new ConcurrentHashMap<>();

  void tell(String fault, @Nullable Throwable cause) {
    long nowNs = System.nanoTime();
    Long last = lastNs.get(fault);
    boolean tooSoon = last == null ? lastNs.size() >= KINDS : nowNs - last < INTERVAL_NS;
    if (tooSoon) {
      return;
    }
    lastNs.put(fault, nowNs);
    if (cause == null) {
      LOG.warn("{}; see src/docs/cluster.md", fault);
    } else {
      LOG.warn("{}: {}; if nodes are of two releases, update the older", fault, cause.toString());
    }
  }
}
