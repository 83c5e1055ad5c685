package io.ppstp.tracker.cluster;

import com.hazelcast.partition.PartitionLostEvent;
import com.hazelcast.partition.PartitionLostListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of state that was lost with more nodes than there are backups. */
final class LossLog implements PartitionLostListener {
  private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

  private final int backups;

  LossLog(int backups) {
    this.backups = backups;
  }

  @Override
  public void partitionLost(PartitionLostEvent event) {
    // The event also comes when only the owner died and a backup took over.
    if (event.getLostBackupCount() >= backups) {
      LOG.error(
          "partition {} is lost with all its copies: its peers must register anew",
          event.getPartitionId());
    }
  }
}
