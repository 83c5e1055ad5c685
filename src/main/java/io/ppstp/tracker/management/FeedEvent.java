package io.ppstp.tracker.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.bus.EventInterest;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.TrackerEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event as readers are told of it. Confined to one event loop.
 *
 * <p>Its text is made for the first reader that wants it, for with a filter or a sample most events
 * are wanted by none.
 */
final class FeedEvent implements EventInterest.Facts {
  private static final Pattern NODE = Pattern.compile("[0-9a-f]{1,16}");
  private static final String LOST = "lost";

  /** What an event takes beside its text. */
  private static final int OVERHEAD_BYTES = 1000;

  private static final int MEMBERSHIP_BYTES = 500;

  private final String id;
  private final EventInterest.Facts facts;
  private final Supplier<byte[]> written;
  private @Nullable String peerName;
  private byte @Nullable [] text;

  private FeedEvent(String id, EventInterest.Facts facts, Supplier<byte[]> written) {
    this.id = id;
    this.facts = facts;
    this.written = written;
  }

  /** Returns an event of this node. */
  static FeedEvent of(NumberedEvent event) {
    return new FeedEvent(event.node() + '-' + event.seq(), event, event::toText);
  }

  /**
   * Returns the event that another node tells of, null if it is none: whoever is a member can send
   * anything.
   */
  static @Nullable FeedEvent of(byte[] told) {
    try {
      JsonObject json = new JsonObject(Buffer.buffer(told));
      if (json.getValue("node") instanceof String node
          && NODE.matcher(node).matches()
          && json.getValue("seq") instanceof Number seq
          && json.getValue("event") instanceof String kind
          && TrackerEvent.KINDS.contains(kind)) {
        return new FeedEvent(node + '-' + seq.longValue(), new ForeignFacts(json), () -> told);
      }
    } catch (DecodeException e) {
      // It is none.
    }
    return null;
  }

  /** Returns what readers are told of events that were too many to be kept. */
  static FeedEvent lost(long count) {
    return loss(new JsonObject().put("event", LOST).put("count", count));
  }

  /** Returns what a reader is told who has come back too late for what came after an event. */
  static FeedEvent lostAfter(String id) {
    return loss(new JsonObject().put("event", LOST).put("after", id));
  }

  private static FeedEvent loss(JsonObject json) {
    return new FeedEvent("", new ForeignFacts(json), () -> json.encode().getBytes(UTF_8));
  }

  /** Looks at the JSON form. */
  private record ForeignFacts(JsonObject json) implements EventInterest.Facts {
    @Override
    public String node() {
      return json.getString("node", "");
    }

    @Override
    public String kind() {
      return json.getString("event", "");
    }

    @Override
    public String peerName() {
      return json.getValue("peer_id") instanceof String name ? name : "";
    }

    @Override
    public List<String> swarmIds() {
      List<String> swarms = new ArrayList<>();
      for (String member : List.of("swarm_id", "from_swarm_id")) {
        if (json.getValue(member) instanceof String swarm) {
          swarms.add(swarm);
        }
      }
      if (json.getValue("swarm_ids") instanceof JsonArray several) {
        several.forEach(each -> swarms.add(String.valueOf(each)));
      }
      return swarms;
    }
  }

  /** Returns its name, which is that of no other event of the cluster; empty if it has none. */
  String id() {
    return id;
  }

  /** Returns whether this tells that events are lost, which all readers are told. */
  boolean isLoss() {
    return id.isEmpty();
  }

  @Override
  public String node() {
    return facts.node();
  }

  @Override
  public String kind() {
    return facts.kind();
  }

  @Override
  public String peerName() {
    String name = peerName;
    if (name == null) {
      name = facts.peerName();
      peerName = name;
    }
    return name;
  }

  @Override
  public List<String> swarmIds() {
    return facts.swarmIds();
  }

  /** Returns the documented JSON form in UTF-8, made now if it is not there. */
  byte[] text() {
    byte[] made = text;
    if (made == null) {
      made = written.get();
      text = made;
    }
    return made;
  }

  /**
   * Forgets the text: those who read as fast as events come have it by now. Kept, it would be what
   * the garbage collector moves about most.
   */
  void forgetText() {
    text = null;
  }

  /** Returns about how many bytes it takes: most for the IDs in it, which strangers choose. */
  int bytes() {
    int ids = peerName().length();
    List<String> swarms = swarmIds();
    for (String swarm : swarms) {
      ids += swarm.length();
    }
    return OVERHEAD_BYTES + 4 * ids + (swarms.size() > 1 ? MEMBERSHIP_BYTES * swarms.size() : 0);
  }
}
