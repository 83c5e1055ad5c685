package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the books that a listener could keep from the events alone, and fails when an event does
 * not fit: a membership that begins twice, or ends without having begun.
 */
final class EventLedger implements EventSink {
  private final Map<String, Map<String, PeerMode>> registered = new HashMap<>();
  private int switches;
  private final List<TrackerEvent> fresh = new ArrayList<>();

  /** Returns the events since the last call. */
  List<TrackerEvent> take() {
    List<TrackerEvent> taken = List.copyOf(fresh);
    fresh.clear();
    return taken;
  }

  /** Returns who is registered, and who has joined what in which mode, by the events. */
  Map<String, Map<String, PeerMode>> registered() {
    return registered;
  }

  /** One event that stands for two, as a listener may take it. */
  private void publish(TrackerEvent.Switched switched) {
    assertNotEquals(switched.fromSwarmId(), switched.swarmId());
    String peer = switched.peerId();
    publish(
        new TrackerEvent.Left(
            switched.atMs(),
            peer,
            switched.fromSwarmId(),
            true,
            LeaveReason.LEFT,
            switched.watchedMs()));
    publish(new TrackerEvent.Joined(switched.atMs(), peer, switched.swarmId(), switched.mode()));
    switches++;
  }

  /** Returns how many switches there were so far. */
  int switches() {
    return switches;
  }

  @Override
  public void publish(TrackerEvent event) {
    if (event instanceof TrackerEvent.Switched switched) {
      publish(switched);
      return;
    }
    fresh.add(event);
    String peer = event.peerId();
    if (event instanceof TrackerEvent.Registered) {
      assertNull(registered.put(peer, new TreeMap<>()), () -> "registered twice: " + peer);
    } else if (event instanceof TrackerEvent.Joined joined) {
      assertNull(
          joinedBy(event).put(joined.swarmId(), joined.mode()), () -> "joined twice: " + event);
    } else if (event instanceof TrackerEvent.Left left) {
      assertNotNull(joinedBy(event).remove(left.swarmId()), () -> "was no member: " + event);
      if (!left.registered() && joinedBy(event).isEmpty()) {
        registered.remove(peer);
      }
    } else if (event instanceof TrackerEvent.Expired expired) {
      List<String> swarms =
          expired.ended().stream().map(it -> it.swarm().swarmId()).sorted().toList();
      assertEquals(List.copyOf(joinedBy(event).keySet()), swarms, event::toString);
      registered.remove(peer);
    } else if (event instanceof TrackerEvent.Reported reported) {
      assertTrue(
          joinedBy(event).containsKey(reported.stats().swarmId()), () -> "no member: " + event);
    }
  }

  private Map<String, PeerMode> joinedBy(TrackerEvent event) {
    Map<String, PeerMode> joined = registered.get(event.peerId());
    assertNotNull(joined, () -> "not registered: " + event);
    return joined;
  }

  /** Returns an event in the model's words. */
  static String inWords(TrackerEvent event) {
    if (event instanceof TrackerEvent.Joined it) {
      return "joined " + it.peerId() + " " + it.swarmId() + " " + it.mode();
    }
    if (event instanceof TrackerEvent.Left it) {
      return "left %s %s %s %s %d"
          .formatted(it.peerId(), it.swarmId(), it.registered(), it.reason(), it.watchedMs());
    }
    if (event instanceof TrackerEvent.Reported it) {
      return "reported " + it.peerId() + " " + it.stats();
    }
    if (event instanceof TrackerEvent.Refused it) {
      return "refused " + it.peerId() + " " + it.type() + " " + it.cause().code();
    }
    return event.kind() + " " + event.peerId();
  }
}
