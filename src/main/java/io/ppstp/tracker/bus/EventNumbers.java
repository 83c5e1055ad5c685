package io.ppstp.tracker.bus;

import io.ppstp.tracker.domain.TorrentIds;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the events of this process from 1 on, whether anybody listens or not: whoever hears them
 * sees by the numbers what it has missed. Thread-safe.
 *
 * <p>Event loops publish side by side, so that numbers close to each other may arrive swapped;
 * those of one peer do not.
 */
public final class EventNumbers {
  /** Of the form of events, which grows by members only. */
  static final int VERSION = 1;

  private static final int NODE_DIGITS = 12;

  private final String node;
  private final PeerNames names;
  private final AtomicLong last = new AtomicLong();

  /**
   * Begins at 1.
   *
   * @param random tells this process from all others, also from its own earlier lives
   * @param names what peers are called
   */
  public EventNumbers(long random, PeerNames names) {
    this.names = names;
    node = HexFormat.of().toHexDigits(random, NODE_DIGITS);
  }

  /** Returns what events of this process name as their node. */
  public String node() {
    return node;
  }

  /** Gives {@code event} the next number. */
  public NumberedEvent number(TrackerEvent event) {
    return new NumberedEvent(node, last.incrementAndGet(), event, names);
  }

  /**
   * An event as it is published; immutable.
   *
   * @param node the process that publishes it
   * @param seq its number there
   * @param names what its peer is called
   */
  public record NumberedEvent(String node, long seq, TrackerEvent event, PeerNames names) {

    /** Returns the documented JSON form. */
    public JsonObject toJson() {
      JsonObject json =
          new JsonObject()
              .put("v", VERSION)
              .put("node", node)
              .put("seq", seq)
              .mergeIn(event.toJson())
              .put("protocol", TorrentIds.protocolOf(event.peerId()));
      String name = names.nameOf(event.peerId(), event.atMs());
      if (name == null) {
        json.remove("peer_id");
      } else {
        json.put("peer_id", name);
      }
      return json;
    }
  }
}
