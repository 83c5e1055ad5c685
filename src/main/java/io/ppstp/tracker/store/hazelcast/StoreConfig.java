package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import io.ppstp.tracker.store.hazelcast.state.NodeState;
import io.ppstp.tracker.store.hazelcast.state.StateFactory;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateKinds;
import io.ppstp.tracker.store.hazelcast.state.StateMergePolicy;

/**
 * Adds to a Hazelcast configuration what the store cannot do without. It is code and not part of
 * {@code cluster.xml}, because other values would be wrong and not merely different. Stateless.
 */
public final class StoreConfig {
  /** The split-brain protection that holds the smaller side back, if there is to be one. */
  public static final String PROTECTION = "ppstp.minimum-members";

  private static final int MERGE_BATCH = 16;

  private StoreConfig() {}

  /** Prepares {@code config} for a {@link HazelcastStore} of the same {@code setup}. */
  public static void prepare(Config config, StoreSetup setup) {
    // An operation of which nobody knows whether its backup has it is no acknowledgement.
    config.setProperty(
        ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE.getName(), Boolean.toString(true));
    config.getSerializationConfig().addDataSerializableFactory(StateFactory.ID, new StateFactory());
    boolean protects = setup.minimumMembers() > 0;
    new NodeState(setup.maximumPeers(), protects, setup.addressRules())
        .attachTo(config.getUserContext());
    if (protects) {
      config.addSplitBrainProtectionConfig(
          new SplitBrainProtectionConfig(PROTECTION, true, setup.minimumMembers())
              .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
    }
    config.addMapConfig(map(StateKinds.PEERS, setup.backups(), protects));
    config.addMapConfig(map(StateKinds.SWARMS, setup.backups(), protects));
  }

  private static MapConfig map(StateKind<?, ?, ?> kind, int backups, boolean protects) {
    MapConfig map =
        new MapConfig(kind.map())
            .setInMemoryFormat(InMemoryFormat.OBJECT)
            .setStatisticsEnabled(false)
            .setBackupCount(backups)
            .setAsyncBackupCount(0)
            .setReadBackupData(false)
            .setMergePolicyConfig(
                new MergePolicyConfig(StateMergePolicy.class.getName(), MERGE_BATCH));
    return protects ? map.setSplitBrainProtectionName(PROTECTION) : map;
  }
}
