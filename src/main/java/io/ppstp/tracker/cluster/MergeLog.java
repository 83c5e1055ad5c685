package io.ppstp.tracker.cluster;

import io.ppstp.tracker.store.hazelcast.HazelcastStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator how many entries merges after a network split have added and dropped on this
 * node. They run a few entries at a time, so a line tells of all since the last. Confined to one
 * thread.
 */
final class MergeLog {
  private static final Logger LOG = LoggerFactory.getLogger(MergeLog.class);

  private final HazelcastStore store;
  private long merged;
  private long dropped;

  MergeLog(HazelcastStore store) {
    this.store = store;
  }

  /** Logs what there is to tell since the last time, if anything. */
  void tellNews() {
    long mergedNow = store.figures().merged();
    long droppedNow = store.figures().dropped();
    if (mergedNow != merged || droppedNow != dropped) {
      LOG.info(
          "after a network split, {} registrations of the other side were merged in"
              + " here, {} duplicates and ended ones were dropped",
          mergedNow - merged,
          droppedNow - dropped);
      merged = mergedNow;
      dropped = droppedNow;
    }
  }
}
