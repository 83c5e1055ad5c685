package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
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
    switch (departure.cause()) {
      case TIMED_OUT ->
          events.publish(
              new TrackerEvent.Expired(departure.atMs(), departure.peerId(), departure.ended()));
      case TERMINATED -> left(events, departure, LeaveReason.REFUSED, false);
      case REPLACED -> left(events, departure, LeaveReason.REPLACED, false);
      case MERGED -> left(events, departure, LeaveReason.MERGED, true);
      case MERGED_AWAY -> left(events, departure, LeaveReason.MERGED, false);
    }
  }

  private static void left(
      EventSink events, Departure departure, LeaveReason reason, boolean registered) {
    for (Ended one : departure.ended()) {
      events.publish(
          new TrackerEvent.Left(
              departure.atMs(),
              departure.peerId(),
              one.swarm().swarmId(),
              registered,
              reason,
              one.watchedMs()));
    }
  }
}
