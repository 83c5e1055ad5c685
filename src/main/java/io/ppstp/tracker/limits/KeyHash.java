package io.ppstp.tracker.limits;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Turns clients and names into 64 bits, differently in each process, so that nobody can choose
 * addresses or names that fall together. Immutable.
 */
final class KeyHash {
  private final long first;
  private final long second;

  KeyHash(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    this.first = random.nextLong();
    this.second = random.nextLong() | 1;
  }

  /** Returns the hash of a range of addresses; never 0. */
  long of(IpPrefix prefix) {
    long hash = mix(first ^ prefix.high());
    hash = mix((hash * second) ^ prefix.low());
    return nonZero(mix(hash ^ (prefix.v4() ? -1 : 0) ^ prefix.bits()));
  }

  /** Returns the hash of a range of addresses, 0 if there is none. */
  long ofNullable(@Nullable IpPrefix prefix) {
    return prefix == null ? 0 : of(prefix);
  }

  /** Returns the hash of a text; never 0. */
  long of(String text) {
    long hash = first;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return nonZero(mix(hash ^ second));
  }

  /** Returns the hash of a text that belongs to what has the hash {@code owner}; never 0. */
  long of(long owner, String text) {
    return nonZero(mix(owner ^ of(text)));
  }

  private static long nonZero(long hash) {
    return hash == 0 ? 1 : hash;
  }

  /** The finalizer of SplitMix64, a bijection. */
  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }
}
