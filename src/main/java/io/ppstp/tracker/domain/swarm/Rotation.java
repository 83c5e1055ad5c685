package io.ppstp.tracker.domain.swarm;

import org.jspecify.annotations.Nullable;

/**
 * The positions 0 to {@code size - 1} in an order that looks random, each once, from any place in
 * that order on. Whoever goes on where it has ended before meets others than before, and nobody has
 * to remember whom. Confined to one draw.
 *
 * <p>It enciphers the numbers of the next larger power of two, by a Feistel network of unequal
 * halves, and skips results that are no position (cycle walking, Black and Rogaway). A few
 * positions, for which that would not be random enough, are shuffled.
 */
final class Rotation {
  private static final int FEW = 64;

  /** With four, of 64 positions neighbours follow each other a fifth more often than by chance. */
  private static final int ROUNDS = 6;

  private static final long STEP = 0x9e3779b97f4a7c15L;

  /** Deals a few, if they begin with the first. */
  private final @Nullable RandomPositions dealt;

  private final int @Nullable [] shuffled;
  private final int size;
  private final long seed;
  private final int upperBits;
  private final int lowerBits;
  private int place;

  /**
   * Begins.
   *
   * @param first where, 0 or more
   * @param most how many will be dealt at most
   */
  Rotation(long seed, int size, long first, int most) {
    this.size = size;
    this.seed = seed;
    this.place = (int) (first % size);
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    this.lowerBits = bits / 2;
    this.upperBits = bits - lowerBits;
    this.dealt = size < FEW && place == 0 ? new RandomPositions(seed, size, most) : null;
    this.shuffled = size < FEW && place != 0 ? shuffled(seed, size) : null;
  }

  private static int[] shuffled(long seed, int size) {
    RandomPositions order = new RandomPositions(seed, size, size);
    int[] all = new int[size];
    for (int i = 0; i < size; i++) {
      all[i] = order.next();
    }
    return all;
  }

  /** Deals the next position; there must be one left. */
  int next() {
    if (dealt != null) {
      return dealt.next();
    }
    int position = place;
    place = place + 1 == size ? 0 : place + 1;
    if (shuffled != null) {
      return shuffled[position];
    }
    do {
      position = enciphered(position);
    } while (position >= size);
    return position;
  }

  /** Each round swaps the halves, with their lengths. */
  private int enciphered(int number) {
    int left = number >>> lowerBits;
    int right = number & (1 << lowerBits) - 1;
    int leftBits = upperBits;
    int rightBits = lowerBits;
    long key = seed;
    for (int round = 0; round < ROUNDS; round++) {
      key += STEP;
      long mixed = (right ^ key) * 0xd6e8feb86659fd93L;
      mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
      int next = (left ^ (int) (mixed >>> 33)) & (1 << leftBits) - 1;
      left = right;
      right = next;
      int bits = leftBits;
      leftBits = rightBits;
      rightBits = bits;
    }
    return left << rightBits | right;
  }
}
