package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.List;

/** Tells of registrations that the tracker ended. Stateless. */
public final class DepartureEvents {
  private DepartureEvents() {}

  /** Publishes what {@code departures}, all finished, mean to a listener. */
  public static void publish(EventSink events, List<Departure> departures) {
    for (Departure departure : departures) {
      publish(events, departure);
    }
  }

  private static void publish(EventSink events, Departure departure) {
    List<String> swarms = departure.swarms().stream().map(SwarmKey::swarmId).toList();
    switch (departure.cause()) {
      case TIMED_OUT ->
          events.publish(new TrackerEvent.Expired(departure.atMs(), departure.peerId(), swarms));
      case TERMINATED, REPLACED -> {
        for (String swarm : swarms) {
          events.publish(new TrackerEvent.Left(departure.atMs(), departure.peerId(), swarm, false));
        }
      }
    }
  }
}
