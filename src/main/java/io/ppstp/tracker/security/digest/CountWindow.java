package io.ppstp.tracker.security.digest;

/**
 * Which of the latest counts of one nonce were used; confined to its owner's thread.
 *
 * <p>The bits form a ring: a count's bit stands at its remainder, and moving the window on clears
 * the bits of what it moves over. Requests on one HTTP/2 connection may be reordered by as many as
 * there are streams, so the window is wider than the usual 100.
 */
public final class CountWindow {
  /** How many counts back are told apart. */
  public static final int SIZE = 128;

  /** The last count that a nonce has: eight hex digits. */
  public static final long LAST = 0xffff_ffffL;

  private static final int HALF = Long.SIZE;

  private long highest;
  private long low;
  private long high;

  /** Makes a window over no counts. */
  public CountWindow() {}

  /**
   * Makes a window as {@link #highest}, {@link #low} and {@link #high} have described it.
   *
   * @throws IllegalArgumentException if no window can be like that
   */
  public CountWindow(long highest, long low, long high) {
    if (highest < 0 || highest > LAST) {
      throw new IllegalArgumentException("a window up to count " + highest);
    }
    this.highest = highest;
    this.low = low;
    this.high = high;
  }

  /** Returns the highest count that was used. */
  public long highest() {
    return highest;
  }

  /** Returns the bits of remainders 0 to 63. */
  public long low() {
    return low;
  }

  /** Returns the bits of remainders 64 to 127. */
  public long high() {
    return high;
  }

  /**
   * Uses a count.
   *
   * @param count from 1 to {@link #LAST}
   */
  public NonceStore.Use use(long count) {
    if (count <= highest - SIZE) {
      return NonceStore.Use.FORGOTTEN;
    }
    if (count > highest) {
      moveTo(count);
    } else if (isSet(count)) {
      return NonceStore.Use.REPLAYED;
    }
    set(count, true);
    return NonceStore.Use.ACCEPTED;
  }

  /** Adds what {@code other} has seen. */
  public void unite(CountWindow other) {
    for (long count = Math.max(1, other.highest - SIZE + 1); count <= other.highest; count++) {
      if (other.isSet(count)) {
        use(count);
      }
    }
  }

  private void moveTo(long count) {
    if (count - highest >= SIZE) {
      low = 0;
      high = 0;
    } else {
      for (long passed = highest + 1; passed < count; passed++) {
        set(passed, false);
      }
    }
    highest = count;
  }

  private boolean isSet(long count) {
    return ((half(count) ? high : low) & bit(count)) != 0;
  }

  private void set(long count, boolean value) {
    long bit = bit(count);
    if (half(count)) {
      high = value ? high | bit : high & ~bit;
    } else {
      low = value ? low | bit : low & ~bit;
    }
  }

  private static boolean half(long count) {
    return count % SIZE >= HALF;
  }

  private static long bit(long count) {
    return 1L << (count % HALF);
  }
}
