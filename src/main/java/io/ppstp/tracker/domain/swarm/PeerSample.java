package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A uniform random sample of a swarm's members in random order, without the requester and without
 * those of whom it may be told no address. Confined to one draw.
 */
final class PeerSample implements Sample {
  /** Members looked at, per peer wanted: some may have to be left out. */
  private static final int LOOKS = 3;

  private final IndexedSet<Member> members;
  private final int requesterAt;
  private final Draw draw;
  private final Member[] sample;
  private int withheld;

  PeerSample(IndexedSet<Member> members, int requesterAt, Draw draw) {
    this.members = members;
    this.requesterAt = requesterAt;
    this.draw = draw;
    this.sample = sample();
  }

  @Override
  public Member[] members() {
    return sample;
  }

  @Override
  public int withheld() {
    return withheld;
  }

  /** Draws without replacement in time that depends on the count only. */
  private Member[] sample() {
    int others = requesterAt < 0 ? members.size() : members.size() - 1;
    Member[] drawn = new Member[Math.min(draw.count(), others)];
    int looks = (int) Math.min((long) LOOKS * drawn.length, others);
    RandomPositions positions = new RandomPositions(draw.seed(), others, looks);
    int kept = 0;
    for (int i = 0; i < looks && kept < drawn.length; i++) {
      Member member = memberAt(positions.next());
      if (mayBeTold(member)) {
        drawn[kept++] = member;
      }
    }
    return kept == drawn.length ? drawn : Arrays.copyOf(drawn, kept);
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

  /**
   * The positions 0 to {@code size - 1} in uniform random order, each once. Confined to one draw.
   *
   * <p>It is a shuffle that deals only as many as are asked for (Fisher and Yates), in time and
   * memory that do not depend on the size: of the array to be shuffled, which would be a million
   * entries, a small table holds those that are not in their own place any more.
   */
  static final class RandomPositions {
    private final SplittableRandom random;
    private final int size;
    private int dealt;

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
      this.random = new SplittableRandom(seed);
      this.size = size;
      this.moved = new long[Integer.highestOneBit(most + most / 3 + 1) << 1];
    }

    /** Deals the next position; there must be one left. */
    int next() {
      int first = dealt++;
      int place = first + below(size - first);
      int slot = slotOf(place);
      int position = standingAt(place, slot);
      // Who stood first moves to where the dealt one was, and will be dealt from there.
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
}
