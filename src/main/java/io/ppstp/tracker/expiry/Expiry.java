package io.ppstp.tracker.expiry;

import io.ppstp.tracker.bus.DepartureEvents;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.store.TrackerStore;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/**
 * One pass of expiry (RFC 7846, Section 2.3.2-D): peers that are due leave all their swarms, and
 * are told of once. Plain Java and thread-safe; passes may overlap, since each peer is handed to
 * one of them.
 */
public final class Expiry {
  private final TrackerStore store;
  private final long trackMs;
  private final InstantSource clock;
  private final EventSink events;

  /** Makes a pass that looks at {@code store} by {@code clock}. */
  public Expiry(TrackerStore store, long trackMs, InstantSource clock, EventSink events) {
    this.store = store;
    this.trackMs = trackMs;
    this.clock = clock;
    this.events = events;
  }

  /** As {@link #pass(int, long)}, with timers that run as long as they should. */
  public CompletionStage<Integer> pass(int maximum) {
    return pass(maximum, 0);
  }

  /**
   * Expires at most {@code maximum} peers and returns how many. The stage fails if the store does;
   * what was begun is then taken up by a later pass.
   *
   * @param longerMs by how much timers run longer, in milliseconds
   */
  public CompletionStage<Integer> pass(int maximum, long longerMs) {
    return store
        .expire(clock.millis(), maximum, trackMs + longerMs)
        .thenApply(
            ended -> {
              DepartureEvents.publish(events, ended);
              return ended.size();
            });
  }
}
