package io.ppstp.tracker.domain.swarm;

import java.util.Arrays;

/** Lets those near a requester and those drawn from all take turns in its list. Stateless. */
final class Turns {
  private Turns() {}

  /**
   * Returns the first {@code count} of {@code members}, of whom the first {@code near} are near.
   *
   * <p>The list begins anywhere in the turns, by {@code seed}, so that each of its places is one of
   * the others' as often as their share is. Were the first always one of theirs, a peer that uses
   * twelve of a list in which a tenth is from all would have two of them and not one: that made
   * 36.9 % of a stream cross networks instead of 33.5.
   */
  static Member[] of(Member[] members, int near, int count, long seed) {
    if (near == 0 || near == count) {
      return count == members.length ? members : Arrays.copyOf(members, count);
    }
    Member[] list = new Member[count];
    int others = count - near;
    int nextNear = 0;
    int nextOther = near;
    long turn = Long.remainderUnsigned(seed, count);
    for (int i = 0; i < count; i++) {
      turn += others;
      boolean othersTurn = turn >= count;
      turn -= othersTurn ? count : 0;
      list[i] = othersTurn ? members[nextOther++] : members[nextNear++];
    }
    return list;
  }
}
