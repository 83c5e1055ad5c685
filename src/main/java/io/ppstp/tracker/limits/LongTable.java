package io.ppstp.tracker.limits;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * A map from numbers to numbers in two arrays, open-addressed; it grows with what it holds, and
 * shrinks. The keys have to be evenly spread already, and not 0. Not thread-safe.
 */
final class LongTable {
  private static final int LEAST = 16;

  private long[] keys = new long[LEAST];
  private long[] values = new long[LEAST];
  private int size;

  int size() {
    return size;
  }

  /** Returns the value of {@code key}, or 0 if there is none. */
  long get(long key) {
    int at = find(key);
    return keys[at] == key ? values[at] : 0;
  }

  void put(long key, long value) {
    int at = find(key);
    values[at] = value;
    if (keys[at] != key) {
      keys[at] = key;
      if (++size > keys.length / 4 * 3) {
        resize(keys.length * 2);
      }
    }
  }

  /** Removes {@code key} and returns its value, 0 if there was none. */
  long remove(long key) {
    int at = find(key);
    if (keys[at] != key) {
      return 0;
    }
    long value = values[at];
    close(at);
    size--;
    if (keys.length > LEAST && size < keys.length / 8) {
      resize(keys.length / 2);
    }
    return value;
  }

  /** Removes the entries whose value satisfies {@code condition}, and returns the values. */
  long[] removeIf(LongPredicate condition) {
    int count = 0;
    long[] removedKeys = new long[size];
    long[] removed = new long[size];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0 && condition.test(values[i])) {
        removedKeys[count] = keys[i];
        removed[count++] = values[i];
      }
    }
    for (int i = 0; i < count; i++) {
      remove(removedKeys[i]);
    }
    return Arrays.copyOf(removed, count);
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int at = home(key, mask);
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int home(long key, int mask) {
    return (int) (key ^ (key >>> 32)) & mask;
  }

  /** Empties a place and moves up what stands behind it only for want of it. */
  private void close(int hole) {
    int mask = keys.length - 1;
    int free = hole;
    for (int at = (hole + 1) & mask; keys[at] != 0; at = (at + 1) & mask) {
      int fromHome = (at - home(keys[at], mask)) & mask;
      if (fromHome >= ((at - free) & mask)) {
        keys[free] = keys[at];
        values[free] = values[at];
        free = at;
      }
    }
    keys[free] = 0;
  }

  private void resize(int length) {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[length];
    values = new long[length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
