package io.ppstp.tracker.store.hazelcast;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The place of one entry, as a processor finds it. Confined to one thread. */
final class Slot<K, V> {
  private final K key;
  private @Nullable V value;
  private int writes;

  Slot(K key) {
    this.key = key;
  }

  @Nullable V value() {
    return value;
  }

  /** Returns how often the value was set, which is what Hazelcast takes for a change. */
  int writes() {
    return writes;
  }

  /** Returns the entry that is handed to a processor. */
  @SuppressWarnings("NullAway") // Absent values are null in Hazelcast's entries.
  Map.Entry<K, V> entry() {
    return new Map.Entry<>() {
      @Override
      public K getKey() {
        return key;
      }

      @Override
      public V getValue() {
        return value;
      }

      @Override
      public V setValue(V newValue) {
        V before = value;
        value = newValue;
        writes++;
        return before;
      }
    };
  }
}
