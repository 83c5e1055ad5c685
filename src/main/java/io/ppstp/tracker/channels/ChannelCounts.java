package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.channels.LastReports.LastReport;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens in each channel: from the events that this node publishes, and from the lists
 * that it owns, of which the owner alone knows how large they are and what members had reported
 * before. Thread-safe.
 *
 * <p>Memory is bounded, for strangers make channels, and a tally stays when their members are gone:
 * of more than fit, the one where nothing has happened for longest is forgotten. A refused request
 * makes none.
 */
public final class ChannelCounts implements EventSink, SwarmObserver {
  /** What a tally and its place take, besides the characters of its ID. */
  private static final int TALLY_BYTES = 376;

  private static final int BYTES_PER_CHARACTER = 2;

  private final long mostBytes;
  private final Map<String, ChannelTally> bySwarm = new LinkedHashMap<>(16, 0.75f, true);
  private final LastReports lastReports;
  private long bytes;

  /** A channel and what it is measured at. */
  record Measured(String swarmId, long value) implements Comparable<Measured> {
    @Override
    public int compareTo(Measured other) {
      int byValue = Long.compare(value, other.value);
      return byValue == 0 ? other.swarmId.compareTo(swarmId) : byValue;
    }
  }

  /** Keeps as many tallies as take {@code mostBytes} at most, and one in any case. */
  public ChannelCounts(long mostBytes) {
    this(mostBytes, new LastReports());
  }

  ChannelCounts(long mostBytes, LastReports lastReports) {
    this.mostBytes = mostBytes;
    this.lastReports = lastReports;
  }

  @Override
  public void publish(TrackerEvent event) {
    if (event instanceof TrackerEvent.Joined joined) {
      count(joined.swarmId(), ChannelTally::joined);
    } else if (event instanceof TrackerEvent.Switched switched) {
      count(switched.fromSwarmId(), tally -> tally.switchedOut(switched.watchedMs()));
      count(switched.swarmId(), ChannelTally::switchedIn);
    } else if (event instanceof TrackerEvent.Left left) {
      count(left.swarmId(), tally -> tally.left(left.reason(), left.watchedMs()));
    } else if (event instanceof TrackerEvent.Expired expired) {
      for (Ended one : expired.ended()) {
        count(one.swarm().swarmId(), tally -> tally.silent(one.watchedMs()));
      }
    } else if (event instanceof TrackerEvent.Refused refused && refused.swarmId() != null) {
      read(refused.swarmId(), ChannelTally::refused);
    } else if (event instanceof TrackerEvent.Reported reported && reported.mode() != null) {
      // Of a member whom no list knows the reports of.
      if (reported.before() != null) {
        moved(reported.mode(), reported.before(), reported.stats());
      }
    }
  }

  @Override
  public void grown(String swarmId, int leeches, int seeders) {
    count(swarmId, tally -> tally.present(leeches, seeders));
  }

  @Override
  public void reported(
      PeerMode mode, String peerId, @Nullable StreamStats before, StreamStats stats) {
    moved(mode, before, stats);
  }

  @Override
  public void gone(String swarmId, Member member, @Nullable StreamStats last) {
    lastReports.gone(swarmId, member.id(), new LastReport(member.mode(), member.stamp(), last));
  }

  @Override
  public boolean reportedLate(String peerId, StreamStats stats) {
    LastReport last = lastReports.of(stats.swarmId(), peerId);
    if (last == null) {
      return false;
    }
    moved(last.mode(), last.stats(), stats);
    lastReports.gone(stats.swarmId(), peerId, new LastReport(last.mode(), last.stamp(), stats));
    return true;
  }

  /** A count that shrinks has begun anew, nobody knows from where: it counts from then on. */
  private void moved(PeerMode mode, @Nullable StreamStats before, StreamStats now) {
    long sent = now.uploadedBytes() - (before == null ? 0 : before.uploadedBytes());
    long received = now.downloadedBytes() - (before == null ? 0 : before.downloadedBytes());
    if (sent > 0 || received > 0) {
      synchronized (this) {
        tally(now.swarmId()).moved(mode, Math.max(0, sent), Math.max(0, received));
      }
    }
  }

  private synchronized void count(String swarmId, Consumer<ChannelTally> change) {
    change.accept(tally(swarmId));
  }

  /** Returns the tally of a channel, which may be new; for who holds the lock. */
  private ChannelTally tally(String swarmId) {
    ChannelTally known = bySwarm.get(swarmId);
    if (known == null) {
      known = new ChannelTally();
      bySwarm.put(swarmId, known);
      bytes += weight(swarmId);
      Iterator<String> eldest = bySwarm.keySet().iterator();
      while (bytes > mostBytes && bySwarm.size() > 1) {
        bytes -= weight(eldest.next());
        eldest.remove();
      }
    }
    return known;
  }

  private static int weight(String swarmId) {
    return TALLY_BYTES + BYTES_PER_CHARACTER * swarmId.length();
  }

  /** Shows the tally of a channel, if there is one, to {@code reader}. */
  synchronized void read(String swarmId, Consumer<ChannelTally> reader) {
    ChannelTally known = bySwarm.get(swarmId);
    if (known != null) {
      reader.accept(known);
    }
  }

  /**
   * Returns the {@code most} channels that are measured highest, in no order, without those that
   * are at 0. Takes some milliseconds where there are tens of thousands, and counting waits for a
   * part of that.
   */
  Iterable<Measured> highest(ChannelMeasure measure, int most) {
    String[] ids;
    long[] values;
    synchronized (this) {
      ids = new String[bySwarm.size()];
      values = new long[ids.length];
      int next = 0;
      for (Map.Entry<String, ChannelTally> one : bySwarm.entrySet()) {
        ids[next] = one.getKey();
        values[next++] = measure.of(one.getValue());
      }
    }
    PriorityQueue<Measured> lowestFirst = new PriorityQueue<>();
    for (int i = 0; i < ids.length; i++) {
      Measured lowest = lowestFirst.peek();
      boolean isAmong = lowestFirst.size() < most || lowest == null || values[i] >= lowest.value();
      if (values[i] > 0 && isAmong) {
        lowestFirst.add(new Measured(ids[i], values[i]));
        if (lowestFirst.size() > most) {
          lowestFirst.remove();
        }
      }
    }
    return lowestFirst;
  }
}
