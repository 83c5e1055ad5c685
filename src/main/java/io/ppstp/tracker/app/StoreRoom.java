package io.ppstp.tracker.app;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds a store to what the settings allow, now and after they change, and to the heap. */
final class StoreRoom {
  private static final Logger LOG = LoggerFactory.getLogger(StoreRoom.class);

  private final TrackerStore store;
  private final Capacity capacity;
  private final HeapWatch heap = HeapWatch.ofThisProcess();

  private StoreRoom(TrackerStore store, Capacity capacity) {
    this.store = store;
    this.capacity = capacity;
  }

  /** Limits {@code store} from now on, and shows in {@code metrics} whom that has kept out. */
  static void limit(
      TrackerStore store, Capacity capacity, LiveSettings settings, TrackerMetrics metrics) {
    StoreRoom room = new StoreRoom(store, capacity);
    room.take(settings.live().now());
    settings.follow(
        changed -> {
          room.take(changed);
          capacity.warnings(changed.limits()).forEach(LOG::warn);
        });
    metrics.counter(
        "ppstp.refused.for.room",
        "CONNECTs answered 05 by limits.peers, limits.memberships or a heap that is nearly full",
        store,
        TrackerStore::refusedForRoom);
  }

  private void take(TrackerConfig config) {
    store.limit(capacity.room(config.limits(), heap));
  }

  /**
   * Knows whether the heap is nearly full: whether garbage collections leave so much that there may
   * soon be no room for what is under way. It looks at the heap after each collection, so that it
   * costs nothing in between. Thread-safe.
   */
  static final class HeapWatch implements BooleanSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);

    /** Shares of the largest heap; apart, so that the answer does not flutter. */
    private static final double NEARLY_FULL = 0.92;

    private static final double ROOM_AGAIN = 0.85;

    private static final Set<String> HEAP =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());

    private final long maximum;
    private volatile boolean nearlyFull;

    /** Makes a watch for a heap of at most {@code maximum} bytes, which is told of collections. */
    HeapWatch(long maximum) {
      this.maximum = maximum;
    }

    /** Returns a watch that is told of this process's collections. */
    static HeapWatch ofThisProcess() {
      HeapWatch watch = new HeapWatch(Runtime.getRuntime().maxMemory());
      listen(watch::collected);
      return watch;
    }

    /** Lets {@code used} know after each collection how many bytes of the heap are in use. */
    static void listen(LongConsumer used) {
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        if (collector instanceof NotificationEmitter emitter) {
          emitter.addNotificationListener(
              (notification, ignored) -> {
                if (notification.getUserData() instanceof CompositeData data) {
                  used.accept(usedAfter(GarbageCollectionNotificationInfo.from(data)));
                }
              },
              notification ->
                  GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(
                      notification.getType()),
              null);
        }
      }
    }

    private static long usedAfter(GarbageCollectionNotificationInfo info) {
      long used = 0;
      for (Map.Entry<String, MemoryUsage> pool :
          info.getGcInfo().getMemoryUsageAfterGc().entrySet()) {
        used += HEAP.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
      }
      return used;
    }

    /** Takes notice that {@code used} bytes are in use after a collection. */
    void collected(long used) {
      if (!nearlyFull && used > maximum * NEARLY_FULL) {
        nearlyFull = true;
        LOG.warn(
            "the heap is nearly full: {} of {} MiB are in use after a collection; new peers are"
                + " answered 05 until there is room again; lower limits.peers and"
                + " limits.memberships, or give Java a larger heap (-Xmx)",
            used >> 20,
            maximum >> 20);
      } else if (nearlyFull && used < maximum * ROOM_AGAIN) {
        nearlyFull = false;
        LOG.info("the heap has room again: {} of {} MiB are in use", used >> 20, maximum >> 20);
      }
    }

    /** Returns whether nothing more may be taken in. */
    @Override
    public boolean getAsBoolean() {
      return nearlyFull;
    }
  }
}
