package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.domain.Departure.Ended;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counts what happens in each channel, from the events that this node publishes. Thread-safe.
 *
 * <p>Memory is bounded, for strangers make channels, and a tally stays when their members are gone:
 * of more than fit, the one where nothing has happened for longest is forgotten.
 */
public final class ChannelCounts implements EventSink {
  /** What a tally and its place take, besides the characters of its ID. */
  private static final int TALLY_BYTES = 360;

  private static final int BYTES_PER_CHARACTER = 2;

  private final long mostBytes;
  private final Map<String, ChannelTally> bySwarm = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** Keeps as many tallies as take {@code mostBytes} at most, and one in any case. */
  public ChannelCounts(long mostBytes) {
    this.mostBytes = mostBytes;
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
    }
  }

  private synchronized void count(String swarmId, Consumer<ChannelTally> change) {
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
    change.accept(known);
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
}
