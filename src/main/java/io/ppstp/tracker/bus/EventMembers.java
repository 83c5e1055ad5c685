package io.ppstp.tracker.bus;

import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.protocol.Request.StreamStats;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts members into the JSON form of events. Stateless. */
final class EventMembers {
  private EventMembers() {}

  /**
   * Puts what an event is, when and whose it is.
   *
   * @param name what its peer is called, empty for nothing
   */
  static void putKind(MemberWriter json, String kind, long atMs, String name) {
    json.put("event", kind).put("at", Instant.ofEpochMilli(atMs).toString());
    if (!name.isEmpty()) {
      json.put("peer_id", name);
    }
  }

  /** Puts what a peer has reported last, if that is known. */
  static void putLast(MemberWriter json, @Nullable StreamStats last) {
    if (last != null) {
      putKnown(json, "uploaded_bytes", last.uploadedBytes());
      putKnown(json, "downloaded_bytes", last.downloadedBytes());
    }
  }

  /** Puts memberships that have ended, and of some what was reported of them last. */
  static void putEnded(MemberWriter json, List<Ended> ended, List<StreamStats> last) {
    json.put("swarm_ids", ended.stream().map(one -> one.swarm().swarmId()).toList())
        .put("reason", "silent")
        .put("memberships", ended, (membership, one) -> putMembership(membership, one, last));
  }

  private static void putMembership(MemberWriter json, Ended one, List<StreamStats> last) {
    String swarmId = one.swarm().swarmId();
    json.put("swarm_id", swarmId).put("watched_ms", one.watchedMs());
    for (StreamStats stats : last) {
      putLast(json, stats.swarmId().equals(swarmId) ? stats : null);
    }
  }

  /**
   * Puts a report, and by how much its counts have grown since the one before, if that is known.
   */
  static void putReport(MemberWriter json, StreamStats stats, @Nullable StreamStats before) {
    json.put("swarm_id", stats.swarmId())
        .put("uploaded_bytes", stats.uploadedBytes())
        .put("downloaded_bytes", stats.downloadedBytes());
    putKnown(json, "available_bandwidth", stats.availableBandwidth());
    putKnown(json, "concurrent_links", stats.concurrentLinks());
    if (before != null) {
      putKnown(json, "uploaded_delta", delta(before.uploadedBytes(), stats.uploadedBytes()));
      putKnown(json, "downloaded_delta", delta(before.downloadedBytes(), stats.downloadedBytes()));
    }
  }

  /** A count that shrinks has begun anew: nobody knows from where. */
  private static long delta(long before, long now) {
    return now < before ? TrackerEvent.UNKNOWN : now - before;
  }

  /** Puts a number, if it is known. */
  static void putKnown(MemberWriter json, String member, long value) {
    if (value != TrackerEvent.UNKNOWN) {
      json.put(member, value);
    }
  }
}
