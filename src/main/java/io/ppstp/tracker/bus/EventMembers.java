package io.ppstp.tracker.bus;

import io.ppstp.tracker.protocol.Request.StreamStats;
import io.vertx.core.json.JsonObject;
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

  /** Puts a number, if it is known. */
  static void putKnown(JsonObject json, String member, long value) {
    if (value != TrackerEvent.UNKNOWN) {
      json.put(member, value);
    }
  }
}
