package io.ppstp.tracker.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Cause;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the tracker ended by itself is told with the reason, and whether the peer is still known.
 */
class DepartureEventsTest {
  private static TrackerEvent left(boolean registered, LeaveReason reason) {
    return new TrackerEvent.Left(1, "p", "s", registered, reason, 7);
  }

  @Test
  void eachCauseHasItsEvent() {
    List<Ended> ended = List.of(new Ended(new SwarmKey("s"), 7));
    List<TrackerEvent> told = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      DepartureEvents.publish(told::add, List.of(new Departure("p", 1, ended, cause)));
    }
    assertEquals(
        List.of(
            new TrackerEvent.Expired(1, "p", ended),
            left(false, LeaveReason.REFUSED),
            left(false, LeaveReason.REPLACED),
            left(true, LeaveReason.MERGED),
            left(false, LeaveReason.MERGED)),
        told);
  }
}
