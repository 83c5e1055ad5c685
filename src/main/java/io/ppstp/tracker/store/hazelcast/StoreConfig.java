package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import io.ppstp.tracker.domain.Timers;

/**
 * Adds to a Hazelcast configuration what the store cannot do without. It is code and not part of
 * {@code cluster.xml}, because other values would be wrong and not merely different. Stateless.
 */
public final class StoreConfig {
  /** The split-brain protection that holds the smaller side back, if there is to be one. */
  public static final String PROTECTION = "ppstp.minimum-members";

  private static final int MERGE_BATCH = 16;

  private StoreConfig() {}

  /**
   * Prepares {@code config}.
   *
   * @param timers by which shards become due
   * @param maximumPeers registrations that this node takes charge of at most
   * @param backups copies of each entry besides its owner's, all synchronous
   * @param minimumMembers members below which this side of a split refuses to serve; 0 for none
   */
  public static void prepare(
      Config config, Timers timers, int maximumPeers, int backups, int minimumMembers) {
    config.getSerializationConfig().addDataSerializableFactory(StateFactory.ID, new StateFactory());
    new NodeState(timers, maximumPeers).attachTo(config.getUserContext());
    MapConfig peers = map(HazelcastStore.PEERS, backups, ShardMergePolicy.class);
    MapConfig swarms = map(HazelcastStore.SWARMS, backups, SwarmMergePolicy.class);
    if (minimumMembers > 0) {
      config.addSplitBrainProtectionConfig(
          new SplitBrainProtectionConfig(PROTECTION, true, minimumMembers)
              .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
      peers.setSplitBrainProtectionName(PROTECTION);
      swarms.setSplitBrainProtectionName(PROTECTION);
    }
    config.addMapConfig(peers).addMapConfig(swarms);
    config.addMapConfig(new MapConfig(ClusterCensus.TALLIES).setBackupCount(0));
  }

  private static MapConfig map(String name, int backups, Class<?> mergePolicy) {
    return new MapConfig(name)
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setStatisticsEnabled(false)
        .setBackupCount(backups)
        .setAsyncBackupCount(0)
        .setReadBackupData(false)
        .setMergePolicyConfig(new MergePolicyConfig(mergePolicy.getName(), MERGE_BATCH));
  }
}
