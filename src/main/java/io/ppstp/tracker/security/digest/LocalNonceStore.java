package io.ppstp.tracker.security.digest;

import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ledger of a tracker that is alone: a window per nonce, in this process. Thread-safe.
 *
 * <p>Nonces are kept by the slice of time that they expire in, and go a slice at a time.
 */
public final class LocalNonceStore implements NonceStore {
  private static final long SLICE_MS = 5000;

  private final InstantSource clock;
  private final TreeMap<Long, Map<Nonce, CountWindow>> slices = new TreeMap<>();
  private final NonceShares shares;

  /**
   * Makes an empty ledger.
   *
   * @param maximum nonces remembered at once
   */
  public LocalNonceStore(InstantSource clock, int maximum) {
    this.clock = clock;
    this.shares = new NonceShares(maximum);
  }

  @Override
  public Future<Use> use(Nonce nonce, String account, long count, long expiresAtMs) {
    return Future.succeededFuture(useNow(nonce, account, count, expiresAtMs));
  }

  private synchronized Use useNow(Nonce nonce, String account, long count, long expiresAtMs) {
    long nowMs = clock.millis();
    slices.headMap(nowMs / SLICE_MS).clear();
    Map<Nonce, CountWindow> slice =
        slices.computeIfAbsent(expiresAtMs / SLICE_MS, first -> new HashMap<>());
    CountWindow window = slice.get(nonce);
    if (window == null) {
      if (!shares.hasRoom(account, nowMs)) {
        return Use.FULL;
      }
      window = new CountWindow();
      slice.put(nonce, window);
      shares.add(account, expiresAtMs);
    }
    return window.use(count);
  }

  /** Returns how many nonces are remembered. */
  synchronized int size() {
    return slices.values().stream().mapToInt(Map::size).sum();
  }
}
