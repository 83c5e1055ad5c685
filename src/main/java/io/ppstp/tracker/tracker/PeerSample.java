package io.ppstp.tracker.tracker;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A uniform random sample of a swarm's members in random order, without the requester and without
 * those of whom it may be told no address. Confined to one draw.
 */
final class PeerSample {
  /** Attempts to find another for a member that has to be left out, per peer wanted. */
  private static final int ATTEMPTS = 2;

  private final Roster<Member> members;
  private final int requesterAt;
  private final Draw draw;
  private final SplittableRandom random;
  private final int others;

  /** Positions that were drawn, of which the first {@link #chosenCount} count. */
  private int[] chosen;

  private int chosenCount;
  private int withheld;
  private final Member[] sample;

  PeerSample(Roster<Member> members, int requesterAt, Draw draw) {
    this.members = members;
    this.requesterAt = requesterAt;
    this.draw = draw;
    this.random = new SplittableRandom(draw.seed());
    this.others = requesterAt < 0 ? members.size() : members.size() - 1;
    this.chosen = new int[Math.min(draw.count(), others)];
    this.sample = sample();
  }

  Member[] members() {
    return sample;
  }

  /** Returns the addresses of members that had to be left out. */
  int withheld() {
    return withheld;
  }

  /**
   * Draws without replacement in time that depends on the count only (Floyd's algorithm, then a
   * shuffle).
   */
  private Member[] sample() {
    int count = chosen.length;
    while (chosenCount < count) {
      int upTo = others - count + chosenCount;
      int candidate = random.nextInt(upTo + 1);
      chosen[chosenCount] = isChosen(candidate) ? upTo : candidate;
      chosenCount++;
    }
    Member[] drawn = new Member[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Member member = memberAt(chosen[i]);
      if (mayBeTold(member)) {
        drawn[kept++] = member;
      }
    }
    if (kept < count) {
      drawn = Arrays.copyOf(drawn, refill(drawn, kept));
    }
    for (int i = drawn.length - 1; i > 0; i--) {
      swap(drawn, i, random.nextInt(i + 1));
    }
    return drawn;
  }

  /** Draws on for those left out, so often and no more; returns how many there are then. */
  private int refill(Member[] drawn, int keptAlready) {
    int kept = keptAlready;
    int attempts = ATTEMPTS * drawn.length;
    chosen = Arrays.copyOf(chosen, chosenCount + attempts);
    while (kept < drawn.length && attempts-- > 0 && chosenCount < others) {
      int candidate = random.nextInt(others);
      if (isChosen(candidate)) {
        continue;
      }
      chosen[chosenCount++] = candidate;
      Member member = memberAt(candidate);
      if (mayBeTold(member)) {
        drawn[kept++] = member;
      }
    }
    return kept;
  }

  /**
   * The requester's place is taken by the last member, so that it is never drawn and a list is the
   * same whether the requester is the newest member or not yet one.
   */
  private Member memberAt(int position) {
    return members.at(position == requesterAt ? members.size() - 1 : position);
  }

  private boolean mayBeTold(Member member) {
    if (member.isOpenTo(draw.requesterIp()) || member.addresses().anyPublic()) {
      return true;
    }
    withheld += member.addresses().count();
    return false;
  }

  private boolean isChosen(int wanted) {
    for (int i = 0; i < chosenCount; i++) {
      if (chosen[i] == wanted) {
        return true;
      }
    }
    return false;
  }

  private static void swap(Member[] members, int i, int j) {
    Member member = members[i];
    members[i] = members[j];
    members[j] = member;
  }
}
