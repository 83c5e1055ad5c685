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

  /**
   * Begins with {@code key}.
   *
   * @throws IllegalArgumentException if {@link #isKey} says that it is none
   */
  public NonceKeys(byte[] key) {
    this.newestFirst = List.of(requireKey(key));
  }

  /** Returns whether {@code bytes} can be a key. */
  public static boolean isKey(byte[] bytes) {
    return bytes.length == LENGTH;
  }

  private static byte[] requireKey(byte[] bytes) {
    if (!isKey(bytes)) {
      throw new IllegalArgumentException("a key of " + bytes.length + " bytes");
    }
    return bytes.clone();
  }

  /** Returns a new key, to be kept secret. */
  public static byte[] newKey(RandomGenerator random) {
    byte[] key = new byte[LENGTH];
    random.nextBytes(key);
    return key;
  }

  /**
   * Signs with {@code key} from now on; nonces of the key before stay good.
   *
   * @throws IllegalArgumentException if {@link #isKey} says that it is none
   */
  public synchronized void adopt(byte[] key) {
    byte[] current = current();
    if (!MessageDigest.isEqual(current, key)) {
      newestFirst = List.of(requireKey(key), current);
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
