package io.ppstp.tracker.bus;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A key for each day, made at random when it is first asked for and forgotten two days later: then
 * nobody can tell any more whose name was whose. Of this process alone. Thread-safe.
 */
public final class DayKeys implements LongFunction<byte @Nullable []> {
  /** Bytes of a key. */
  public static final int LENGTH = 32;

  private static final int DAYS_KEPT = 2;

  private final ConcurrentSkipListMap<Long, byte[]> keys = new ConcurrentSkipListMap<>();
  private final RandomGenerator random;

  /** Makes keys of {@code random}, which has to be a secure one and thread-safe. */
  public DayKeys(RandomGenerator random) {
    this.random = random;
  }

  /** Returns a new key. */
  public static byte[] newKey(RandomGenerator random) {
    byte[] key = new byte[LENGTH];
    random.nextBytes(key);
    return key;
  }

  @Override
  public byte[] apply(long day) {
    byte[] present = keys.get(day);
    if (present != null) {
      return present;
    }
    keys.headMap(day - DAYS_KEPT).clear();
    return keys.computeIfAbsent(day, missing -> newKey(random));
  }
}
