package io.ppstp.tracker.simulate;

import io.ppstp.tracker.protocol.Request.RequestType;
import java.util.Map;
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
    Map<String, Long> failures) {}
