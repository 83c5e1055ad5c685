package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.domain.Departure.Ended;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counts what happens in each channel, from the events that this node publishes. Thread-safe.
 *
 * <p>Memory is bounded: of more channels than fit, the one where nothing has happened for longest
 * is forgotten. Whoever makes channels for that has to make more than fit, and each counts with its
 * maker's memberships.
 */
public final class ChannelCounts implements EventSink {
  private final int most;
  private final Map<String, ChannelTally> bySwarm;

  /** Keeps the tallies of at most {@code most} channels. */
  public ChannelCounts(int most) {
    this.most = most;
    this.bySwarm =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, ChannelTally> eldest) {
            return size() > ChannelCounts.this.most;
          }
        };
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
    change.accept(bySwarm.computeIfAbsent(swarmId, first -> new ChannelTally()));
  }

  /** Shows the tally of a channel, if there is one, to {@code reader}. */
  synchronized void read(String swarmId, Consumer<ChannelTally> reader) {
    ChannelTally known = bySwarm.get(swarmId);
    if (known != null) {
      reader.accept(known);
    }
  }
}
