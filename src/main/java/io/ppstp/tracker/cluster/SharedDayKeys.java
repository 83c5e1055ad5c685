package io.ppstp.tracker.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import io.ppstp.tracker.bus.DayKeys;
import io.ppstp.tracker.bus.PeerNames;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The {@link DayKeys} of a cluster: the first node that needs the key of a day makes it, and all
 * read it, in advance, for events are told on event loops, which do not wait. Hazelcast forgets a
 * key by itself. Thread-safe.
 */
final class SharedDayKeys implements LongFunction<byte @Nullable []> {
  private static final String MAP = "ppstp.event-keys";
  private static final int MERGE_BATCH = 100;
  private static final long LIFE_DAYS = 3;

  /** Keys are there so long before their day begins. */
  private static final long AHEAD_MS = TimeUnit.MINUTES.toMillis(10);

  private final IMap<Long, byte[]> map;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, byte[]> known = new ConcurrentHashMap<>();

  /** Most trackers never need a key. */
  private volatile boolean wanted;

  SharedDayKeys(HazelcastInstance hazelcast) {
    map = hazelcast.getMap(MAP);
  }

  /** Prepares {@code config} for the map. */
  static void prepare(Config config, int backups) {
    config.addMapConfig(
        new MapConfig(MAP)
            .setStatisticsEnabled(false)
            .setBackupCount(backups)
            .setAsyncBackupCount(0)
            .setMergePolicyConfig(
                new MergePolicyConfig(PutIfAbsentMergePolicy.class.getName(), MERGE_BATCH)));
  }

  /** Begins to look for keys; blocks, so not for an event loop. */
  void open(long nowMs) {
    wanted = true;
    refresh(nowMs);
  }

  /**
   * Looks for the keys of now and soon, and makes those that are missing; blocks, so not for an
   * event loop. After a network split the key of the other side may be in force, and after the loss
   * of nodes none at all: then this node's is.
   */
  void refresh(long nowMs) {
    if (!wanted) {
      return;
    }
    long today = PeerNames.dayOf(nowMs);
    long soon = PeerNames.dayOf(nowMs + AHEAD_MS);
    for (long day = today; day <= soon; day++) {
      byte[] before = known.get(day);
      byte[] own = before == null ? DayKeys.newKey(random) : before;
      byte[] present = map.putIfAbsent(day, own, LIFE_DAYS, TimeUnit.DAYS);
      known.put(day, present == null ? own : present);
    }
    known.keySet().removeIf(day -> day < today - 1);
  }

  @Override
  public byte @Nullable [] apply(long day) {
    return known.get(day);
  }
}
