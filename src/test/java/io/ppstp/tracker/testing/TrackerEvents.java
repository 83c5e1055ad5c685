package io.ppstp.tracker.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.PeerNames;
import io.ppstp.tracker.bus.TrackerEvent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The events that one listener has heard, in order. Thread-safe. */
public final class TrackerEvents {
  private final List<Heard> heard = new ArrayList<>();

  private static final Set<String> NOT_IN_TEXT =
      Set.of("event", "peer_id", "at", "v", "node", "seq", "protocol", "watched_ms", "memberships");

  /** An event and when it was heard. */
  public record Heard(Instant at, JsonNode event) {

    /** Returns the kind of the event. */
    public String kind() {
      return event.path("event").asText();
    }

    /** Returns whose change it tells of. */
    public String peer() {
      return event.path("peer_id").asText();
    }

    /** Returns kind and peer, and all other members but times and how long it took. */
    public String text() {
      StringBuilder text = new StringBuilder(kind()).append(' ').append(peer());
      event
          .fields()
          .forEachRemaining(
              member -> {
                if (!NOT_IN_TEXT.contains(member.getKey())) {
                  text.append(' ').append(member.getValue());
                }
              });
      return text.toString();
    }
  }

  /** Returns what an event tells, without its number, its node and the protocol of its peer. */
  public static JsonObject json(TrackerEvent event) {
    JsonObject json = new EventNumbers(1, PeerNames.CLEAR).number(event).toJson();
    List.of("v", "node", "seq", "protocol").forEach(json::remove);
    return json;
  }

  /** Adds one. */
  public synchronized void add(Heard event) {
    heard.add(event);
  }

  /** Returns all so far. */
  public synchronized List<Heard> all() {
    return List.copyOf(heard);
  }

  /** Returns those of a kind so far. */
  public List<Heard> of(String kind) {
    return all().stream().filter(it -> it.kind().equals(kind)).toList();
  }

  /** Returns whether a peer was told of. */
  public boolean tellOf(String peer) {
    return all().stream().anyMatch(it -> it.peer().equals(peer));
  }
}
