package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.Permissions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Which events somebody wants; immutable.
 *
 * @param kinds all if empty
 * @param swarms patterns, of which one fits a swarm of the event
 * @param sample the share of peers whose events are told, above 0 and up to 1
 */
public record EventInterest(Set<String> kinds, Permissions swarms, double sample) {
  /** Of everything. */
  public static final EventInterest ALL = new EventInterest(Set.of(), Permissions.ANY, 1);

  /** Patterns of one interest. */
  public static final int MOST_PATTERNS = 20;

  /** A newer node may know more than this one does. */
  private static final int MOST_KINDS = 100;

  private static final String KINDS = "kinds";
  private static final String PATTERNS = "swarms";
  private static final String SAMPLE = "sample";

  /** What an interest looks at. */
  public interface Facts {
    /** Returns the process that publishes the event. */
    String node();

    /** Returns the name of its kind. */
    String kind();

    /** Returns what its peer is called, empty if that is not told or there is none. */
    String peerName();

    /** Returns the swarms that it is about. */
    List<String> swarmIds();
  }

  /** Copies the kinds. */
  public EventInterest {
    kinds = Set.copyOf(kinds);
  }

  /** Returns whether the event is wanted. */
  public boolean takes(Facts event) {
    return (kinds.isEmpty() || kinds.contains(event.kind()))
        && (swarms.allowAll() || event.swarmIds().stream().anyMatch(swarms::allows))
        && (sample >= 1 || share(event.peerName()) < sample);
  }

  /**
   * Returns a number in [0, 1) that is the same for all events of a peer, at every node and every
   * time. Peers choose their IDs, so that it is no secret and nothing may depend on it but samples.
   */
  private static double share(String peerName) {
    CRC32C sum = new CRC32C();
    sum.update(peerName.getBytes(UTF_8));
    // A CRC of similar texts is similar in its lower bits; multiplying spreads them.
    return ((sum.getValue() * 0x9e3779b97f4a7c15L) >>> 11) * 0x1p-53;
  }

  /** Returns what other nodes are told of it. */
  JsonObject toJson() {
    return new JsonObject()
        .put(KINDS, new JsonArray(List.copyOf(kinds)))
        .put(PATTERNS, new JsonArray(swarms.patterns()))
        .put(SAMPLE, sample);
  }

  /** Returns the interest that another node tells of, nothing if it is none. */
  static Optional<EventInterest> of(Object told) {
    if (told instanceof JsonObject json
        && json.getValue(KINDS) instanceof JsonArray kinds
        && json.getValue(PATTERNS) instanceof JsonArray patterns
        && kinds.size() <= MOST_KINDS
        && patterns.size() <= MOST_PATTERNS
        && json.getValue(SAMPLE) instanceof Number sample) {
      return Optional.of(
          new EventInterest(
              Set.copyOf(texts(kinds)), new Permissions(texts(patterns)), sample.doubleValue()));
    }
    return Optional.empty();
  }

  private static List<String> texts(JsonArray values) {
    List<String> texts = new ArrayList<>(values.size());
    values.forEach(value -> texts.add(String.valueOf(value)));
    return texts;
  }
}
