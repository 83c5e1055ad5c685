package io.ppstp.tracker.bus;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A change of the tracker's state, published once on {@link Addresses#EVENTS}; immutable.
 *
 * <p>A listener gets a {@link JsonObject} with {@code event} (the kind, in lower case), {@code at}
 * (RFC 3339, UTC), {@code peer_id} and the members of the kind. A membership begins with {@code
 * joined} and ends with {@code left} or with {@code expired}, which names all swarms at once;
 * {@code switched} ends one and begins another.
 */
public sealed interface TrackerEvent {

  /** The names of all kinds. */
  Set<String> KINDS =
      Set.of("registered", "joined", "left", "switched", "expired", "reported", "refused");

  /** Returns the kind's name in the JSON form. */
  String kind();

  /** Returns when the change took effect, in epoch milliseconds. */
  long atMs();

  /** Returns whose change it is. */
  String peerId();

  /** Adds the members that only this kind has. */
  void describe(JsonObject json);

  /** Returns the documented JSON form. */
  default JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("event", kind())
            .put("at", Instant.ofEpochMilli(atMs()).toString())
            .put("peer_id", peerId());
    describe(json);
    return json;
  }

  /** A peer ID was registered. */
  record Registered(long atMs, String peerId) implements TrackerEvent {
    @Override
    public String kind() {
      return "registered";
    }

    @Override
    public void describe(JsonObject json) {}
  }

  /** A peer became a member of a swarm. */
  record Joined(long atMs, String peerId, String swarmId, PeerMode mode) implements TrackerEvent {
    @Override
    public String kind() {
      return "joined";
    }

    @Override
    public void describe(JsonObject json) {
      json.put("swarm_id", swarmId).put("peer_mode", mode.name());
    }
  }

  /**
   * A peer is no longer a member of a swarm, by its own doing.
   *
   * @param registered whether the peer's registration goes on
   */
  record Left(long atMs, String peerId, String swarmId, boolean registered)
      implements TrackerEvent {
    @Override
    public String kind() {
      return "left";
    }

    @Override
    public void describe(JsonObject json) {
      json.put("swarm_id", swarmId).put("registered", registered);
    }
  }

  /** A peer left one swarm and joined another by the same CONNECT. */
  record Switched(long atMs, String peerId, String fromSwarmId, String swarmId, PeerMode mode)
      implements TrackerEvent {
    @Override
    public String kind() {
      return "switched";
    }

    @Override
    public void describe(JsonObject json) {
      json.put("from_swarm_id", fromSwarmId).put("swarm_id", swarmId).put("peer_mode", mode.name());
    }
  }

  /** A peer's timer ran out: its registration ended and it left all its swarms. */
  record Expired(long atMs, String peerId, List<String> swarmIds) implements TrackerEvent {
    @Override
    public String kind() {
      return "expired";
    }

    @Override
    public void describe(JsonObject json) {
      json.put("swarm_ids", new JsonArray(swarmIds));
    }
  }

  /** A peer reported statistics for one swarm; what it did not state is left out. */
  record Reported(long atMs, String peerId, StreamStats stats) implements TrackerEvent {
    /** In place of a number that a peer did not state, as browsers state two only. */
    public static final long NOT_STATED = -1;

    @Override
    public String kind() {
      return "reported";
    }

    @Override
    public void describe(JsonObject json) {
      json.put("swarm_id", stats.swarmId())
          .put("uploaded_bytes", stats.uploadedBytes())
          .put("downloaded_bytes", stats.downloadedBytes());
      if (stats.availableBandwidth() != NOT_STATED) {
        json.put("available_bandwidth", stats.availableBandwidth());
      }
      if (stats.concurrentLinks() != NOT_STATED) {
        json.put("concurrent_links", stats.concurrentLinks());
      }
    }
  }

  /** A well-formed request of a peer was refused as a whole. */
  record Refused(long atMs, String peerId, RequestType type, ErrorCode code)
      implements TrackerEvent {
    @Override
    public String kind() {
      return "refused";
    }

    @Override
    public void describe(JsonObject json) {
      json.put("request_type", type.name()).put("error_code", code.wireValue());
    }
  }

  /** Takes the events that a room has to tell. Never blocks and never throws. Thread-safe. */
  @FunctionalInterface
  interface EventSink {

    /** Publishes {@code event} to whoever listens. */
    void publish(TrackerEvent event);
  }
}
