package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.MemberWriter;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.Refused;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last well-formed requests of each peer that this node has refused, so that an operator sees
 * why somebody cannot watch, registered or not. Thread-safe.
 *
 * <p>Bounded: of as many peers as there is place for, those refused last; some 12 MB at most, with
 * the longest IDs. A request that is granted costs it a look at the type of its events.
 */
final class LastRefusals {
  static final int MOST_PEERS = 4096;
  static final int MOST_OF_PEER = 4;

  private final String node;
  private final Map<String, Deque<Refused>> byPeer = new LinkedHashMap<>();

  /**
   * Makes an empty memory.
   *
   * @param node that this is, as events name it
   */
  LastRefusals(String node) {
    this.node = node;
  }

  /** Takes note of an event, if it is a refusal. */
  void note(TrackerEvent event) {
    if (event instanceof Refused refused) {
      add(refused);
    }
  }

  private synchronized void add(Refused refused) {
    // Taken out and put in again, so that the first of the map is who was refused longest ago.
    Deque<Refused> last = byPeer.remove(refused.peerId());
    if (last == null) {
      last = new ArrayDeque<>(MOST_OF_PEER + 1);
    }
    last.addFirst(refused);
    if (last.size() > MOST_OF_PEER) {
      last.removeLast();
    }
    byPeer.put(refused.peerId(), last);
    if (byPeer.size() > MOST_PEERS) {
      byPeer.remove(byPeer.keySet().iterator().next());
    }
  }

  /** Returns those of a peer, the last first, as the OpenAPI document has them. */
  synchronized JsonArray of(String peerId) {
    JsonArray told = new JsonArray();
    Deque<Refused> last = byPeer.get(peerId);
    if (last != null) {
      last.forEach(refused -> told.add(json(refused)));
    }
    return told;
  }

  private JsonObject json(Refused refused) {
    JsonObject json =
        new JsonObject()
            .put("at", Instant.ofEpochMilli(refused.atMs()).toString())
            .put("node", node);
    refused.describe(MemberWriter.into(json));
    return json;
  }
}
