package io.ppstp.tracker.selection;

import io.ppstp.tracker.domain.swarm.PeerList;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how near the peers are that lists of RFC 7846 name, where it is known where the requester
 * is. Thread-safe.
 */
public final class SelectionCounts {
  private final LongAdder listed = new LongAdder();
  private final LongAdder near = new LongAdder();
  private final LongAdder costed = new LongAdder();
  private final DoubleAdder cost = new DoubleAdder();

  /** Counts a list. */
  void count(PeerList list) {
    if (list.placed() > 0) {
      listed.add(list.placed());
      near.add(list.near());
    }
    if (list.costed() > 0) {
      costed.add(list.costed());
      cost.add(list.cost());
    }
  }

  /** Returns how many peers were listed. */
  public long listed() {
    return listed.sum();
  }

  /** Returns how many of them were in the network of the requester. */
  public long sameNetwork() {
    return near.sum();
  }

  /** Returns of how many listed peers it was known what it costs to reach them. */
  public long costed() {
    return costed.sum();
  }

  /** Returns what it costs to reach those, all together. */
  public double cost() {
    return cost.sum();
  }
}
