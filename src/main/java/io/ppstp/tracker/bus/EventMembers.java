package io.ppstp.tracker.bus;

import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts those members into the JSON form of events that may be left out. Stateless. */
final class EventMembers {
  private EventMembers() {}

  /** Puts what a peer has reported last, if that is known. */
  static void putLast(JsonObject json, @Nullable StreamStats last) {
    if (last != null) {
      putKnown(json, "uploaded_bytes", last.uploadedBytes());
      putKnown(json, "downloaded_bytes", last.downloadedBytes());
    }
  }

  /** Puts memberships that have ended, and of some what was reported of them last. */
  static void putEnded(JsonObject json, List<Ended> ended, List<StreamStats> last) {
    JsonArray swarmIds = new JsonArray();
    JsonArray memberships = new JsonArray();
    for (Ended one : ended) {
      String swarmId = one.swarm().swarmId();
      swarmIds.add(swarmId);
      JsonObject membership =
          new JsonObject().put("swarm_id", swarmId).put("watched_ms", one.watchedMs());
      for (StreamStats stats : last) {
        putLast(membership, stats.swarmId().equals(swarmId) ? stats : null);
      }
      memberships.add(membership);
    }
    json.put("swarm_ids", swarmIds).put("reason", "silent").put("memberships", memberships);
  }

  /**
   * Puts a report, and by how much its counts have grown since the one before, if that is known.
   */
  static void putReport(JsonObject json, StreamStats stats, @Nullable StreamStats before) {
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
  static void putKnown(JsonObject json, String member, long value) {
    if (value != TrackerEvent.UNKNOWN) {
      json.put(member, value);
    }
  }
}
