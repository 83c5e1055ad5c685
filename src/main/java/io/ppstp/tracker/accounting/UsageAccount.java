package io.ppstp.tracker.accounting;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.protocol.Request.StreamStats;
import org.jspecify.annotations.Nullable;

/** What one peer has used of one swarm, as far as this node has seen it. Not thread-safe. */
final class UsageAccount {
  /** Since when it is there; {@link TrackerEvent#UNKNOWN} if this node has not seen it come. */
  private final long beginMs;

  /** Up to where its time is in a record. */
  private long recordedMs;

  private long heardMs;
  private long requests;
  private long uploaded = TrackerEvent.UNKNOWN;
  private long downloaded = TrackerEvent.UNKNOWN;
  private @Nullable Requester sender;

  /** When a record was due last. */
  private long visitedMs;

  private boolean changesMode;

  /** Begins with the membership, or in the midst of it. */
  UsageAccount(long nowMs, boolean begins) {
    beginMs = begins ? nowMs : TrackerEvent.UNKNOWN;
    recordedMs = nowMs;
    heardMs = nowMs;
    visitedMs = nowMs;
  }

  /** Counts a request, which nobody has sent if {@code by} is null. */
  void heard(long nowMs, @Nullable Requester by) {
    heardMs = Math.max(heardMs, nowMs);
    requests++;
    sender = by == null ? sender : by;
  }

  void reported(StreamStats stats) {
    uploaded = stats.uploadedBytes();
    downloaded = stats.downloadedBytes();
  }

  long heardMs() {
    return heardMs;
  }

  long visitedMs() {
    return visitedMs;
  }

  void visited(long nowMs) {
    visitedMs = nowMs;
  }

  /** The membership ends and goes on in another mode: to be followed by its beginning. */
  void changesMode() {
    changesMode = true;
  }

  /** Returns, once, whether the beginning that is told now is that of another mode. */
  boolean takeChangeOfMode() {
    boolean changes = changesMode;
    changesMode = false;
    return changes;
  }

  /** Returns whether anything has happened since the last record. */
  boolean hasNews() {
    return requests > 0;
  }

  /** Returns who sent the last request. */
  @Nullable Requester sender() {
    return sender;
  }

  /** Returns when the peer was heard of last if its membership has lasted so long until then. */
  long silentSinceMs(long watchedMs) {
    return beginMs == TrackerEvent.UNKNOWN || watchedMs == TrackerEvent.UNKNOWN
        ? heardMs
        : Math.max(heardMs, beginMs + watchedMs);
  }

  /** Returns what has happened since the last record, and begins the next. */
  TrackerEvent.Accounted record(String peerId, String swarmId, long untilMs, boolean last) {
    TrackerEvent.Accounted record =
        new TrackerEvent.Accounted(
            untilMs,
            peerId,
            swarmId,
            Math.max(0, untilMs - recordedMs),
            requests,
            new StreamStats(
                swarmId, uploaded, downloaded, TrackerEvent.UNKNOWN, TrackerEvent.UNKNOWN),
            last);
    recordedMs = Math.max(recordedMs, untilMs);
    requests = 0;
    return record;
  }
}
