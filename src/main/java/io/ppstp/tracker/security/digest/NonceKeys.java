package io.ppstp.tracker.security.digest;

import java.security.MessageDigest;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The key that nonces are signed with, and the one before it. All nodes of a cluster have the same.
 * Thread-safe.
 */
public final class NonceKeys {
  /** The length of a key in bytes. */
  public static final int LENGTH = 32;

  private volatile List<byte[]> newestFirst;

  /** Begins with {@code key}. */
  public NonceKeys(byte[] key) {
    this.newestFirst = List.of(key.clone());
  }

  /** Returns a new key, to be kept secret. */
  public static byte[] newKey(RandomGenerator random) {
    byte[] key = new byte[LENGTH];
    random.nextBytes(key);
    return key;
  }

  /** Signs with {@code key} from now on; nonces of the key before stay good. */
  public synchronized void adopt(byte[] key) {
    byte[] current = current();
    if (!MessageDigest.isEqual(current, key)) {
      newestFirst = List.of(key.clone(), current);
    }
  }

  /** Returns a copy of the key to sign with. */
  public byte[] current() {
    return newestFirst.get(0).clone();
  }

  List<byte[]> newestFirst() {
    return newestFirst;
  }
}
