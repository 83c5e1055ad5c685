package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.ListUpdate;
import java.util.List;

/**
 * Who lets the lists of swarms follow the registrations that this node owns. Thread-safe; no method
 * blocks, for they are called on the threads of partitions.
 */
public interface UpdateSink {
  /** Takes nothing up. */
  UpdateSink NONE =
      new UpdateSink() {
        @Override
        public void noted(int shard, List<ListUpdate> updates) {}

        @Override
        public List<Long> takeFollowed(int shard) {
          return List.of();
        }

        @Override
        public boolean isBehind() {
          return false;
        }
      };

  /** Takes up what was just noted in a shard that this node owns. */
  void noted(int shard, List<ListUpdate> updates);

  /** Returns, once each, the stamps of a shard's updates that lists have followed. */
  List<Long> takeFollowed(int shard);

  /** Returns whether so much waits that no more should be added. */
  boolean isBehind();
}
