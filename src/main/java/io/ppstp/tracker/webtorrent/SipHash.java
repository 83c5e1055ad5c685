package io.ppstp.tracker.webtorrent;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of a few 64-bit words: a check that nobody can make
 * who does not know the key. Immutable.
 */
final class SipHash {
  private final long key0;
  private final long key1;

  /** Takes a key, which has to be fit for keys. */
  SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Returns the hash of the bytes of {@code words}, each with the lowest byte first. */
  long of(long... words) {
    State state = new State(key0, key1);
    for (long word : words) {
      state.take(word);
    }
    state.take(((long) words.length * Long.BYTES) << 56);
    return state.end();
  }

  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    void take(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long end() {
      v2 ^= 0xff;
      for (int i = 0; i < 4; i++) {
        round();
      }
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
