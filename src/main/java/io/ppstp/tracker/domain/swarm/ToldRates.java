package io.ppstp.tracker.domain.swarm;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often members of the swarms of one shard are preferred to others, in memory that does
 * not depend on their number and that is there from the first count on. Members that share a place
 * share what one of them may have. Thread-safe; where two count at once, one may be lost.
 *
 * <p>Nodes' clocks differ, so that a second that is just over counts as the present one.
 */
final class ToldRates {
  private static final int SLOTS = 4096;
  private static final int COUNT_BITS = 15;
  private static final int MOST = (1 << COUNT_BITS) - 1;
  private static final int SECONDS = 1 << 16;
  private static final int MOST_LATE = 3;

  /** The last bits of a second, and below them how often it was in that. */
  private volatile @Nullable AtomicIntegerArray slots;

  /**
   * Counts, if there were fewer than {@code most} in that second.
   *
   * @return whether it did
   */
  boolean take(String memberId, int most, long second) {
    if (most <= 0) {
      return true;
    }
    AtomicIntegerArray counts = slots();
    int slot = IdHash.of(memberId) & (SLOTS - 1);
    int now = (int) second & (SECONDS - 1);
    int word = counts.get(slot);
    int then = word >>> COUNT_BITS;
    int late = then - now & (SECONDS - 1);
    boolean same = late < MOST_LATE;
    int count = same ? word & MOST : 0;
    if (count >= Math.min(most, MOST)) {
      return false;
    }
    counts.set(slot, (same ? then : now) << COUNT_BITS | count + 1);
    return true;
  }

  private AtomicIntegerArray slots() {
    AtomicIntegerArray present = slots;
    if (present == null) {
      present = new AtomicIntegerArray(SLOTS);
      slots = present;
    }
    return present;
  }
}
