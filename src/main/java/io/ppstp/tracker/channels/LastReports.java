package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What those have reported last who have just gone: for the events that tell that they went, and
 * for reports that come to the list after that. Bounded; thread-safe.
 */
final class LastReports {
  /**
   * More than a pass of expiry ends before it tells, and than leave in the seconds in which a
   * report is on its way.
   */
  private static final int MOST = 16_384;

  private static final long UNKNOWN_BEGIN = Long.MIN_VALUE;

  /** In the order of what was noted or asked for last. */
  private final Map<Reporter, LastReport> reports =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Reporter, LastReport> eldest) {
          return size() > MOST;
        }
      };

  private record Reporter(String swarmId, String peerId) {}

  /**
   * The last report of a membership that is over; immutable.
   *
   * @param stamp of the last CONNECT that brought the member there, not below the time of that
   * @param stats null if there was none
   */
  record LastReport(PeerMode mode, long stamp, @Nullable StreamStats stats) {}

  /** Notes that a membership is over. */
  synchronized void gone(String swarmId, String peerId, LastReport last) {
    reports.put(new Reporter(swarmId, peerId), last);
  }

  /** Returns {@code event} with what it says of the last reports of who is gone, if it can. */
  TrackerEvent completing(TrackerEvent event) {
    if (event instanceof TrackerEvent.Left it && it.reason() != LeaveReason.NEW_MODE) {
      StreamStats last = statsOf(it.swarmId(), it.peerId(), beginOf(it));
      return last == null
          ? it
          : new TrackerEvent.Left(
              it.atMs(),
              it.peerId(),
              it.swarmId(),
              it.registered(),
              it.reason(),
              it.watchedMs(),
              last);
    }
    if (event instanceof TrackerEvent.Switched it) {
      StreamStats last = statsOf(it.fromSwarmId(), it.peerId(), begin(it.atMs(), it.watchedMs()));
      return last == null
          ? it
          : new TrackerEvent.Switched(
              it.atMs(),
              it.peerId(),
              it.fromSwarmId(),
              it.swarmId(),
              it.mode(),
              it.watchedMs(),
              last);
    }
    if (event instanceof TrackerEvent.Expired it) {
      List<StreamStats> last = new ArrayList<>(0);
      for (Ended one : it.ended()) {
        StreamStats stats = statsOf(one.swarm().swarmId(), it.peerId(), UNKNOWN_BEGIN);
        if (stats != null) {
          last.add(stats);
        }
      }
      return last.isEmpty()
          ? it
          : new TrackerEvent.Expired(it.atMs(), it.peerId(), it.ended(), last);
    }
    return event;
  }

  /** Of who was silent until somebody took its place it is known only until when it was there. */
  private static long beginOf(TrackerEvent.Left left) {
    return switch (left.reason()) {
      case REPLACED, MERGED -> UNKNOWN_BEGIN;
      default -> begin(left.atMs(), left.watchedMs());
    };
  }

  private static long begin(long atMs, long watchedMs) {
    return watchedMs == TrackerEvent.UNKNOWN ? UNKNOWN_BEGIN : atMs - watchedMs;
  }

  /**
   * Lists may follow only after an event, so that what is noted of a peer may be of a time before
   * in the same swarm: such a member went without a CONNECT since {@code beginMs}.
   */
  private @Nullable StreamStats statsOf(String swarmId, String peerId, long beginMs) {
    LastReport last = of(swarmId, peerId);
    return last == null || last.stamp() < beginMs ? null : last.stats();
  }

  /** Returns the last report of somebody who has just gone, null if it is not known. */
  synchronized @Nullable LastReport of(String swarmId, String peerId) {
    return reports.isEmpty() ? null : reports.get(new Reporter(swarmId, peerId));
  }
}
