package io.ppstp.tracker.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * The faults of a run, without end: the deck is shuffled and dealt, then shuffled again. The same
 * seed deals the same. Confined to one thread.
 */
final class FaultPlan {
  /**
   * One fault as it was drawn; immutable.
   *
   * @param victim which of the running nodes, counted modulo their number
   * @param length of the outage, where the kind leaves that open
   * @param gap load before it
   */
  record Fault(FaultKind kind, int victim, Duration length, Duration gap) {
    @Override
    public String toString() {
      return kind + " of node " + victim + " (" + length.toMillis() + " ms)";
    }
  }

  private static final int LONGEST_OUTAGE_MS = 10_000;
  private static final int SHORTEST_GAP_MS = 1_000;

  private final List<FaultKind> deck;
  private final Duration longestGap;
  private final SplittableRandom random;
  private final Deque<FaultKind> hand = new ArrayDeque<>();

  FaultPlan(List<FaultKind> deck, Duration longestGap, SplittableRandom random) {
    this.deck = List.copyOf(deck);
    this.longestGap = longestGap;
    this.random = random;
  }

  Fault next() {
    if (hand.isEmpty()) {
      List<FaultKind> shuffled = new ArrayList<>(deck);
      Collections.shuffle(shuffled, new Random(random.nextLong()));
      hand.addAll(shuffled);
    }
    return new Fault(
        hand.remove(),
        random.nextInt(1 << 16),
        Duration.ofMillis(random.nextInt(LONGEST_OUTAGE_MS)),
        Duration.ofMillis(
            SHORTEST_GAP_MS
                + random.nextLong(Math.max(1, longestGap.toMillis() - SHORTEST_GAP_MS + 1))));
  }
}
