package io.ppstp.tracker.app;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore;
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
}
