package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.store.hazelcast.state.NodeState;
import io.ppstp.tracker.store.hazelcast.state.StateFactory;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateMergePolicy;
import java.time.Duration;

/**
 * Adds to a Hazelcast configuration what the store cannot do without. It is code and not part of
 * {@code cluster.xml}, because other values would be wrong and not merely different. Stateless.
 */
public final class StoreConfig {
  /** The split-brain protection that holds the smaller side back, if there is to be one. */
  public static final String PROTECTION = "ppstp.minimum-members";

  /**
   * The version of the format in which nodes write their state to each other: that of the codec.
   */
  public static final int FORMAT = 3;

  private static final int MERGE_BATCH = 16;

  private StoreConfig() {}

  /** Prepares {@code config} for a {@link HazelcastStore} of the same {@code setup}. */
  public static void prepare(Config config, StoreSetup setup) {
    // Without it a change whose backups have not answered within 5 s counts as made.
    config.setProperty(
        ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE.getName(), Boolean.toString(true));
    config.getSerializationConfig().addDataSerializableFactory(StateFactory.ID, new StateFactory());
    MergeService.addTo(config);
    boolean protects = setup.minimumMembers() > 0;
    new NodeState(setup.maximumPeers(), protects, setup.addressRules())
        .attachTo(config.getUserContext());
    if (protects) {
      config.addSplitBrainProtectionConfig(
          new SplitBrainProtectionConfig(PROTECTION, true, setup.minimumMembers())
              .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
    }
    config.addMapConfig(map(StateKind.PEERS, setup.backups(), protects));
    config.addMapConfig(map(StateKind.SWARMS, setup.backups(), protects));
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

  /**
   * What the store of a cluster has to know; immutable, and the same on all nodes but for the
   * budget.
   *
   * @param maximumPeers registrations that this node takes charge of at most
   * @param track the track timer
   * @param backups of each shard besides its owner, all synchronous
   * @param minimumMembers members below which this side of a split refuses to serve; 0 for none
   * @param memberTimeout silence after which the others do without a member
   * @param reads how close to the changes reads are, and from where
   * @param addressRules for the addresses of peers that lists are to name again
   */
  public record StoreSetup(
      int maximumPeers,
      Duration track,
      int backups,
      int minimumMembers,
      Duration memberTimeout,
      Reads reads,
      AddressRules addressRules) {

    /**
     * How reads follow changes.
     *
     * @param listInterval the shortest time between two batches of changes of the same lists
     * @param fromBackups whether nodes answer from backups that they hold, or ask the owner
     */
    public record Reads(Duration listInterval, boolean fromBackups) {}
  }
}
