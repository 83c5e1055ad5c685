package io.ppstp.tracker.security.digest;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many nonces are in use, in all and of each account, until they expire. Thread-safe; as large
 * as the accounts that use any, in each slice of time.
 *
 * <p>An account may take one more nonce as long as it has fewer than there are free places. So one
 * account gets half of the places at most, two get a third each, and so on: whoever hoards always
 * leaves room for whoever has none. Nobody has to know in advance how many devices share an
 * account.
 */
public final class NonceShares {
  private static final long SLICE_MS = 5000;

  private final int maximum;
  private final TreeMap<Long, Map<String, Integer>> slices = new TreeMap<>();
  private final Map<String, Integer> byAccount = new HashMap<>();
  private int size;

  /**
   * Makes an empty count.
   *
   * @param maximum nonces in use at once
   */
  public NonceShares(int maximum) {
    this.maximum = maximum;
  }

  /** Returns whether {@code account} may take one more at {@code nowMs}. */
  public synchronized boolean hasRoom(String account, long nowMs) {
    forgetExpired(nowMs);
    return byAccount.getOrDefault(account, 0) < maximum - size;
  }

  /** Notes that {@code account} has taken one that expires at {@code expiresAtMs}. */
  public synchronized void add(String account, long expiresAtMs) {
    slices
        .computeIfAbsent(expiresAtMs / SLICE_MS, first -> new HashMap<>())
        .merge(account, 1, Integer::sum);
    byAccount.merge(account, 1, Integer::sum);
    size++;
  }

  private void forgetExpired(long nowMs) {
    while (!slices.isEmpty() && slices.firstKey() < nowMs / SLICE_MS) {
      slices.pollFirstEntry().getValue().forEach(this::remove);
    }
  }

  private void remove(String account, int count) {
    size -= count;
    byAccount.computeIfPresent(account, (key, held) -> held > count ? held - count : null);
  }

  /** Returns how many are in use, as far as that was looked at. */
  public synchronized int size() {
    return size;
  }
}
