package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.map.IMap;
import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.security.digest.NonceKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of nonces as the cluster has it: made by the first node, then read by all. Thread-safe;
 * blocks, so not for an event loop.
 */
final class SharedKey {
  private static final Logger LOG = LoggerFactory.getLogger(SharedKey.class);
  private static final LogLimiter LINES = new LogLimiter(System::nanoTime);
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
    byte[] present = map.putIfAbsent(NAME, proposal);
    boolean shared = present != null && isUsable(present);
    return new SharedKey(map, new NonceKeys(shared ? present : proposal));
  }

  /** What was not made by a node of ours, and stands in the way until an operator looks at it. */
  private static boolean isUsable(byte[] present) {
    if (NonceKeys.isKey(present)) {
      return true;
    }
    long heldBack = LINES.ask("damaged key");
    if (heldBack != LogLimiter.HOLD_BACK) {
      LOG.error(
          "the shared key of nonces has {} bytes instead of {}: this node takes no notice of it, so"
              + " clients must authenticate anew at each node ({} more such lines before)",
          present.length,
          NonceKeys.LENGTH,
          heldBack);
    }
    return false;
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
    if (present != null && isUsable(present)) {
      keys.adopt(present);
    }
  }
}
