package io.ppstp.tracker.domain.swarm;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The positions 0 to {@code size - 1} in uniform random order, each once. Confined to one draw.
 *
 * <p>It is a shuffle that deals only as many as are asked for (Fisher and Yates). Of a large set it
 * takes time and memory that do not depend on the size: of the array to be shuffled, which would be
 * a million entries, a small table holds those that are not in their own place any more. A small
 * set is shuffled as an array, which spares the look-ups. Both give the same order.
 */
final class RandomPositions {
  /** To copy as many takes less than the look-ups for a list do; of a thousand it is as much. */
  private static final int MOST_IN_ARRAY = 256;

  private static final short[] IN_ORDER = inOrder();

  private final SplittableRandom random;
  private final int size;
  private int dealt;

  /** What stands in each place; null if {@link #moved} says it. */
  private final short @Nullable [] standing;

  /**
   * Open-addressed: a place plus one in the upper half, what stands there in the lower half; zero
   * is a free slot. Places are random themselves, so that they need no hash function.
   */
  private final long[] moved;

  /**
   * Makes the order that goes with {@code seed}.
   *
   * @param most how many will be dealt at most
   */
  RandomPositions(long seed, int size, int most) {
    this(seed, size, most, size <= MOST_IN_ARRAY);
  }

  /** Makes it in the one way or the other. */
  RandomPositions(long seed, int size, int most, boolean inArray) {
    this.random = new SplittableRandom(seed);
    this.size = size;
    this.standing = inArray ? Arrays.copyOf(IN_ORDER, size) : null;
    this.moved = new long[inArray ? 0 : Integer.highestOneBit(most + most / 3 + 1) << 1];
  }

  private static short[] inOrder() {
    short[] all = new short[MOST_IN_ARRAY];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    return all;
  }

  /** Deals the next position; there must be one left. */
  int next() {
    int first = dealt++;
    int place = first + below(size - first);
    // Who stood first moves to where the dealt one was, and will be dealt from there.
    if (standing != null) {
      int position = standing[place];
      standing[place] = standing[first];
      return position;
    }
    int slot = slotOf(place);
    int position = standingAt(place, slot);
    moved[slot] = (place + 1L) << Integer.SIZE | standingAt(first, slotOf(first));
    return position;
  }

  /** Returns a uniform random number; what division would add in fairness is under 2^-32. */
  private int below(int bound) {
    return (int) Math.multiplyHigh(random.nextLong() >>> 1, 2L * bound);
  }

  private int standingAt(int place, int slot) {
    return moved[slot] == 0 ? place : (int) moved[slot];
  }

  private int slotOf(int place) {
    int mask = moved.length - 1;
    int slot = place & mask;
    while (moved[slot] != 0 && (int) (moved[slot] >>> Integer.SIZE) != place + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
