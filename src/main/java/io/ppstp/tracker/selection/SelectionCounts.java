package io.ppstp.tracker.selection;

import io.ppstp.tracker.domain.swarm.PeerList;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how near the peers are that lists of RFC 7846 name, where it is known where the requester
 * is. Thread-safe.
 */
public final class SelectionCounts {
  private final LongAdder listed = new LongAdder();
  private final LongAdder near = new LongAdder();

  /** Counts a list. */
  void count(PeerList list) {
    if (list.placed() > 0) {
      listed.add(list.placed());
      near.add(list.near());
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
}
