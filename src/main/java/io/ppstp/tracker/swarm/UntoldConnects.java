package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The CONNECTs of this node of which it is not known whether they were executed, so that their
 * events have not been published. If the peer repeats one here and it turns out that it was, its
 * events are published then. Bounded; thread-safe.
 *
 * <p>A CONNECT is known by its seed, which is drawn for each request: a repeat is answered with the
 * seed of the one that was executed.
 */
public final class UntoldConnects {
  /** Beyond, the oldest is forgotten, and its events with it. */
  private static final int CAPACITY = 10_000;

  private final Set<Long> seeds = new LinkedHashSet<>(0);

  /** Notes that nobody knows what came of a CONNECT. */
  synchronized void add(long seed) {
    seeds.add(seed);
    if (seeds.size() > CAPACITY) {
      seeds.remove(seeds.iterator().next());
    }
  }

  /**
   * Returns whether the events of a granted CONNECT are to be published now.
   *
   * @param seed that this request was given: it comes back if the store itself has tried again, and
   *     found that the first attempt was executed
   */
  boolean isDue(Granted granted, long seed) {
    return !granted.repeated() || granted.seed() == seed || take(granted.seed());
  }

  private synchronized boolean take(long seed) {
    return seeds.remove(seed);
  }
}
