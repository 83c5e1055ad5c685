package io.ppstp.tracker.simulate;

import io.ppstp.tracker.protocol.Request.RequestType;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What became of the requests of one type, at one moment.
 *
 * @param sent requests handed to a connection
 * @param answered answers that are PPSTP messages
 * @param refused those of them that carry an error code
 * @param failed requests that got no such answer
 * @param latencyNs from when each request was due to its answer
 * @param refusals by error code
 * @param failures by reason
 */
public record RequestCount(
    RequestType type,
    long sent,
    long answered,
    long refused,
    long failed,
    Histogram latencyNs,
    Map<String, Long> refusals,
    Map<String, Long> failures) {
  /** What became of the requests of one type. Confined to the simulation's event loop. */
  static final class Tally {
    private static final long LONGEST_NS = 600_000_000_000L;

    private final RequestType type;
    private final Histogram latencyNs = new Histogram(LONGEST_NS, 3);
    private final Map<String, Long> refusals = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private long sent;
    private long answered;
    private long granted;

    Tally(RequestType type) {
      this.type = type;
    }

    void sent() {
      sent++;
    }

    /**
     * Counts an answer.
     *
     * @param refusal the error in it, empty if there is none
     * @param tookNs since the request was due
     */
    void answered(String refusal, long tookNs) {
      answered++;
      latencyNs.recordValue(Math.min(Math.max(0, tookNs), LONGEST_NS));
      if (refusal.isEmpty()) {
        granted++;
      } else {
        refusals.merge(refusal, 1L, Long::sum);
      }
    }

    void failed(String why) {
      failures.merge(why, 1L, Long::sum);
    }

    RequestCount count() {
      return new RequestCount(
          type,
          sent,
          answered,
          answered - granted,
          sum(failures),
          latencyNs.copy(),
          Map.copyOf(refusals),
          Map.copyOf(failures));
    }

    private static long sum(Map<String, Long> counts) {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
