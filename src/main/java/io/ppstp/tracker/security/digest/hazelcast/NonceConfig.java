package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import io.ppstp.tracker.security.digest.hazelcast.UseProcessor.UseBackup;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a Hazelcast configuration what nonces need. It is code and not part of {@code
 * cluster.xml}, because other values would be wrong and not merely different. Stateless.
 */
public final class NonceConfig {
  static final String WINDOWS = "ppstp.nonces";
  static final String KEYS = "ppstp.keys";

  private static final int MERGE_BATCH = 100;

  private NonceConfig() {}

  /**
   * Prepares {@code config}.
   *
   * @param backups copies of each entry besides its owner's, all synchronous
   * @param protection the split-brain protection that holds for the maps, null for none
   */
  public static void prepare(Config config, int backups, @Nullable String protection) {
    config.getSerializationConfig().addDataSerializableFactory(NonceFactory.ID, new NonceFactory());
    MapConfig windows = map(WINDOWS, backups, WindowMergePolicy.class);
    windows.setInMemoryFormat(InMemoryFormat.OBJECT);
    MapConfig keys = map(KEYS, backups, PutIfAbsentMergePolicy.class);
    if (protection != null) {
      windows.setSplitBrainProtectionName(protection);
    }
    config.addMapConfig(windows).addMapConfig(keys);
  }

  private static MapConfig map(String name, int backups, Class<?> mergePolicy) {
    return new MapConfig(name)
        .setStatisticsEnabled(false)
        .setBackupCount(backups)
        .setAsyncBackupCount(0)
        .setReadBackupData(false)
        .setMergePolicyConfig(new MergePolicyConfig(mergePolicy.getName(), MERGE_BATCH));
  }

  /** Makes the empty objects that Hazelcast then reads into. The numbers are part of the format. */
  static final class NonceFactory implements DataSerializableFactory {
    static final int ID = 7616;
    static final int WINDOW_VALUE = 1;
    static final int USE_PROCESSOR = 2;
    static final int USE_BACKUP = 3;

    @Override
    public IdentifiedDataSerializable create(int typeId) {
      return switch (typeId) {
        case WINDOW_VALUE -> new WindowValue();
        case USE_PROCESSOR -> new UseProcessor();
        case USE_BACKUP -> new UseBackup();
        default -> throw new IllegalArgumentException("no type " + typeId + "; update this node");
      };
    }
  }
}
