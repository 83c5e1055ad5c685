package io.ppstp.tracker.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.bus.TrackerEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An event as readers are told of it. Confined to one event loop.
 *
 * <p>Its text is made for the first reader that wants it, for with a filter or a sample most events
 * are wanted by none.
 */
final class FeedEvent {
  private static final Pattern NODE = Pattern.compile("[0-9a-f]{1,16}");

  /** What an event takes beside its text. */
  private static final int OVERHEAD_BYTES = 1000;

  private static final int MEMBERSHIP_BYTES = 500;

  private final JsonObject json;
  private final String id;
  private @Nullable String text;

  private FeedEvent(JsonObject json, String id) {
    this.json = json;
    this.id = id;
  }

  /**
   * Returns the event that a message on the bus tells of, null if it is none: whoever is a member
   * can send one.
   */
  static @Nullable FeedEvent of(@Nullable Object message) {
    if (message instanceof JsonObject json
        && json.getValue("node") instanceof String node
        && NODE.matcher(node).matches()
        && json.getValue("seq") instanceof Number seq
        && json.getValue("event") instanceof String kind
        && TrackerEvent.KINDS.contains(kind)) {
      return new FeedEvent(json, node + '-' + seq.longValue());
    }
    return null;
  }

  /** Returns its name, which is that of no other event of the cluster. */
  String id() {
    return id;
  }

  String node() {
    return json.getString("node", "");
  }

  String kind() {
    return json.getString("event", "");
  }

  /** Returns the swarms that it is about. */
  List<String> swarms() {
    List<String> swarms = new ArrayList<>();
    for (String member : List.of("swarm_id", "from_swarm_id")) {
      String swarm = json.getString(member);
      if (swarm != null) {
        swarms.add(swarm);
      }
    }
    if (json.getValue("swarm_ids") instanceof JsonArray several) {
      several.forEach(each -> swarms.add(String.valueOf(each)));
    }
    return swarms;
  }

  /**
   * Returns a number in [0, 1) that is the same for all events of a peer, at every node and every
   * time. Peers choose their IDs, so that it is no secret and nothing may depend on it but samples.
   */
  double share() {
    CRC32C sum = new CRC32C();
    sum.update(json.getString("peer_id", "").getBytes(UTF_8));
    // A CRC of similar texts is similar in its lower bits; multiplying spreads them.
    return ((sum.getValue() * 0x9e3779b97f4a7c15L) >>> 11) * 0x1p-53;
  }

  /** Returns the documented JSON form. */
  String text() {
    String made = text;
    if (made == null) {
      made = json.encode();
      text = made;
    }
    return made;
  }

  /** Returns about how many bytes it takes: most for the IDs in it, which strangers choose. */
  int bytes() {
    int ids = json.getString("peer_id", "").length();
    for (String swarm : swarms()) {
      ids += swarm.length();
    }
    int memberships =
        json.getValue("memberships") instanceof JsonArray several ? several.size() : 0;
    return OVERHEAD_BYTES + 4 * ids + MEMBERSHIP_BYTES * memberships;
  }
}
