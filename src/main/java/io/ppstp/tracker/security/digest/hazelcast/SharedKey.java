package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.map.IMap;
import io.ppstp.tracker.security.digest.NonceKeys;

/**
 * The key of nonces as the cluster has it: made by the first node, then read by all. Thread-safe;
 * blocks, so not for an event loop.
 */
final class SharedKey {
  private static final String NAME = "digest.nonce";

  private final IMap<String, byte[]> map;
  private final NonceKeys keys;

  private SharedKey(IMap<String, byte[]> map, NonceKeys keys) {
    this.map = map;
    this.keys = keys;
  }

  /**
   * Reads the key.
   *
   * @param proposal becomes the key if there is none
   */
  static SharedKey of(IMap<String, byte[]> map, byte[] proposal) {
    SharedKey shared = new SharedKey(map, new NonceKeys(proposal));
    byte[] present = map.putIfAbsent(NAME, proposal);
    if (present != null) {
      shared = new SharedKey(map, new NonceKeys(present));
    }
    return shared;
  }

  NonceKeys keys() {
    return keys;
  }

  /**
   * Looks again: after a network split the key of the other side may be in force, and after the
   * loss of nodes none at all.
   */
  void refresh() {
    byte[] present = map.putIfAbsent(NAME, keys.current());
    if (present != null) {
      keys.adopt(present);
    }
  }
}
