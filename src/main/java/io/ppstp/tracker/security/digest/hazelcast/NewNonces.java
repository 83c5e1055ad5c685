package io.ppstp.tracker.security.digest.hazelcast;

import java.util.TreeMap;

/**
 * How many nonces this node has put into the cluster that have not expired yet. Counts them by the
 * slice of time that they expire in. Thread-safe.
 */
final class NewNonces {
  private static final long SLICE_MS = 5000;

  private final int maximum;
  private final TreeMap<Long, Integer> slices = new TreeMap<>();
  private int count;

  NewNonces(int maximum) {
    this.maximum = maximum;
  }

  /** Returns whether there is room for one more at {@code nowMs}. */
  synchronized boolean hasRoom(long nowMs) {
    while (!slices.isEmpty() && slices.firstKey() < nowMs / SLICE_MS) {
      count -= slices.pollFirstEntry().getValue();
    }
    return count < maximum;
  }

  synchronized void add(long expiresAtMs) {
    count++;
    slices.merge(expiresAtMs / SLICE_MS, 1, Integer::sum);
  }
}
