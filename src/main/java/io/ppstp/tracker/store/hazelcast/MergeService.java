package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.ConfigAccessor;
import com.hazelcast.config.ServiceConfig;
import com.hazelcast.internal.nio.Disposable;
import com.hazelcast.internal.partition.IPartition;
import com.hazelcast.internal.partition.IPartitionService;
import com.hazelcast.internal.services.CoreService;
import com.hazelcast.internal.services.ManagedService;
import com.hazelcast.internal.services.SplitBrainHandlerService;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.spi.impl.NodeEngine;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Hazelcast's merge of maps after a network split wait until partitions have come to rest, and
 * go on where it would give up.
 *
 * <p>Hazelcast sends the entries of the smaller side partition by partition, and ends at the first
 * one that fails: all that it has not sent by then is lost. One fails more easily while partitions
 * still move because another side has just joined: it has to be sent again, one by one, and a node
 * that is not the backup any more, or not yet, does not confirm it; and a change that its backups
 * have not confirmed counts as failed here (see {@link StoreConfig}). The owner has merged such a
 * partition all the same, and later gives it to its backups.
 *
 * <p>Hazelcast runs the merges of services of its core before all others, and what a merge has
 * taken out of the maps no other finds. So this is such a service, and its merge is that of the
 * maps, run again for what is left: a partition is taken from it once it was sent, whether that
 * failed or not.
 */
final class MergeService implements ManagedService, SplitBrainHandlerService, CoreService {
  private static final Logger LOG = LoggerFactory.getLogger(MergeService.class);
  private static final String NAME = "ppstp.merge";

  /** After so long it merges although partitions move. */
  private static final long REST_NS = TimeUnit.SECONDS.toNanos(20);

  private static final long PAUSE_MS = 50;

  private @Nullable NodeEngine engine;

  private MergeService() {}

  /** Adds one to what the member of {@code config} will run. */
  static void addTo(Config config) {
    ConfigAccessor.getServicesConfig(config)
        .addServiceConfig(
            new ServiceConfig()
                .setEnabled(true)
                .setName(NAME)
                .setImplementation(new MergeService()));
  }

  @Override
  public void init(NodeEngine engine, Properties properties) {
    this.engine = engine;
  }

  @Override
  public void reset() {}

  @Override
  public void shutdown(boolean terminate) {}

  @Override
  public Runnable prepareMergeRunnable() {
    NodeEngine here = Objects.requireNonNull(engine);
    MapService maps = here.getService(MapService.SERVICE_NAME);
    return new PersistentMerge(here, maps.prepareMergeRunnable());
  }

  /** A merge of maps that goes on after a failure; runs once, on a thread that may block. */
  private static final class PersistentMerge implements Runnable, Disposable {
    private final NodeEngine engine;
    private final Runnable merge;

    PersistentMerge(NodeEngine engine, Runnable merge) {
      this.engine = engine;
      this.merge = merge;
    }

    @Override
    public void run() {
      awaitRest();
      int failures = 0;
      int most = engine.getPartitionService().getPartitionCount();
      boolean more = true;
      while (more && failures < most && engine.isRunning()) {
        try {
          merge.run();
          more = false;
        } catch (RuntimeException e) {
          // The partition that has failed is taken away on another thread.
          more = pause();
          failures++;
          if (failures == 1) {
            LOG.warn(
                "the merge after a network split failed at a partition and goes on with the others;"
                    + " some peers may have to register anew ({})",
                e.getClass().getSimpleName());
          }
        }
      }
      if (failures > 1) {
        LOG.warn("the merge after a network split failed at {} partitions in all", failures);
      }
    }

    private void awaitRest() {
      long startNs = System.nanoTime();
      boolean more = true;
      while (more && engine.isRunning() && !isAtRest() && System.nanoTime() - startNs < REST_NS) {
        more = pause();
      }
    }

    /** Returns whether to go on. */
    private static boolean pause() {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    /** Returns whether this member has got its share and no partition is on its way. */
    private boolean isAtRest() {
      IPartitionService partitions = engine.getPartitionService();
      return Arrays.stream(partitions.getPartitions()).anyMatch(IPartition::isLocal)
          && !partitions.hasOnGoingMigration();
    }

    @Override
    public void dispose() {
      if (merge instanceof Disposable taken) {
        taken.dispose();
      }
    }
  }
}
