package io.ppstp.tracker.cluster;

import com.hazelcast.partition.PartitionLostEvent;
import com.hazelcast.partition.PartitionLostListener;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of state that was lost with more nodes than there are backups. The news comes
 * partition by partition, so a line tells of all since the last. Thread-safe.
 */
final class LossLog implements PartitionLostListener {
  private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

  private final int backups;
  private final int partitions;
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger untold = new AtomicInteger();

  /** Makes one for a cluster of so many copies besides the owner's, and partitions. */
  LossLog(int backups, int partitions) {
    this.backups = backups;
    this.partitions = partitions;
  }

  @Override
  public void partitionLost(PartitionLostEvent event) {
    // The event also comes when only the owner died and a backup took over.
    if (event.getLostBackupCount() >= backups) {
      lost.incrementAndGet();
      untold.incrementAndGet();
    }
  }

  /** Returns how many partitions were lost since the start. */
  int lost() {
    return lost.get();
  }

  /** Logs what there is to tell since the last time, if anything. */
  void tellNews() {
    int news = untold.getAndSet(0);
    if (news > 0) {
      LOG.error(
          "{} of {} partitions are lost with all their copies: their peers must register anew,"
              + " unless the nodes that are gone come back from a network split",
          news,
          partitions);
    }
  }
}
