package io.ppstp.tracker.domain.swarm;

import java.security.SecureRandom;

/**
 * A hash of IDs, keyed with a secret of the process: strangers choose their IDs, and must not be
 * able to choose collisions. Stateless.
 */
public final class IdHash {
  private static final long KEY = new SecureRandom().nextLong() | 1;

  private IdHash() {}

  /** Returns the hash. Takes in four characters at a time: each request looks for an ID or two. */
  public static int of(String id) {
    int length = id.length();
    int whole = length & -4;
    long hash = KEY;
    for (int i = 0; i < whole; i += 4) {
      long four = id.charAt(i) | (long) id.charAt(i + 1) << 16;
      four |= (long) id.charAt(i + 2) << 32 | (long) id.charAt(i + 3) << 48;
      hash = stirred(hash ^ four);
    }
    long rest = 0;
    for (int i = whole; i < length; i++) {
      rest = rest << 16 | id.charAt(i);
    }
    hash = stirred(hash ^ rest);
    return (int) (hash ^ hash >>> 32);
  }

  /**
   * Multiplies with the secret and folds both halves of the product: in the lower half alone, a
   * difference in the highest bits would come out the same whatever the secret is.
   */
  private static long stirred(long hash) {
    return hash * KEY ^ Math.multiplyHigh(hash, KEY);
  }
}
