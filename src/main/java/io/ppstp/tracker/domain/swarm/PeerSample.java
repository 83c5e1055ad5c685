package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import java.util.Arrays;

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
    RandomPositions order = new RandomPositions(draw.seed(), others, looks);
    int[] positions = new int[drawn.length];
    int kept = 0;
    for (int dealt = 0; kept < drawn.length && dealt < looks; ) {
      int end = kept + Math.min(drawn.length - kept, looks - dealt);
      dealt += end - kept;
      // Apart from what depends on them, so that the processor waits for all of them at once.
      for (int i = kept; i < end; i++) {
        positions[i] = order.next();
      }
      for (int i = kept; i < end; i++) {
        drawn[i] = memberAt(positions[i]);
      }
      kept = keepTold(drawn, kept, end);
    }
    return kept == drawn.length ? drawn : Arrays.copyOf(drawn, kept);
  }

  /** Closes the gaps of those of whom nothing may be told; returns the new end. */
  private int keepTold(Member[] drawn, int from, int to) {
    int kept = from;
    for (int i = from; i < to; i++) {
      Member member = drawn[i];
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
}
