package io.ppstp.tracker.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.partition.PartitionLostEvent;
import com.hazelcast.partition.PartitionLostListener;
import io.ppstp.tracker.store.hazelcast.HazelcastStore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator is told in the log of what happens to the cluster. */
final class ClusterLog {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterLog.class);

  private ClusterLog() {}

  /** Tells the operator of nodes that come and go, a line each, and this node that they do. */
  static final class MembershipLog implements MembershipListener {
    private final Runnable onChange;

    MembershipLog(Runnable onChange) {
      this.onChange = onChange;
    }

    @Override
    public void memberAdded(MembershipEvent event) {
      onChange.run();
      LOG.info("node {} joined, {} now", event.getMember().getAddress(), event.getMembers().size());
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      onChange.run();
      LOG.warn(
          "node {} is gone, {} left", event.getMember().getAddress(), event.getMembers().size());
    }
  }

  /**
   * Tells the operator of state that was lost with more nodes than there are backups. The news
   * comes partition by partition, so a line tells of all since the last. Thread-safe.
   */
  static final class LossLog implements PartitionLostListener {
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

  /**
   * Tells the operator how many entries merges after a network split have added and dropped on this
   * node. They run a few entries at a time, so a line tells of all since the last. Confined to one
   * thread.
   */
  static final class MergeLog {
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
}
