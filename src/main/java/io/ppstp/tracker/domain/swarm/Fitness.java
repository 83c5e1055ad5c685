package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import org.jspecify.annotations.Nullable;

/**
 * How well members fit what a requester asked for in its {@code peer_num} (RFC 7846, Section
 * 3.2.2), as far as they have stated what they are. Stateless.
 */
final class Fitness {
  private static final int PRIORITY_BITS = 16;
  private static final int SHARE_OF_EXHAUSTED = 4;
  private static final int MOST_PRIORITY = (1 << PRIORITY_BITS) - 1;

  private Fitness() {}

  /** Returns how many of the stated wishes a member is known to meet. */
  static int met(Member member, PeerNum wish) {
    PeerNum status = member.status();
    int met = 0;
    if (wish.natAbility() != null && canMeet(status.natAbility(), wish.natAbility())) {
      met++;
    }
    long links = member.concurrentLinks();
    if (links != PeerNum.NOT_STATED && links <= wish.concurrentLinks()) {
      met++;
    }
    if (wish.onlineTime() != PeerNum.NOT_STATED && status.onlineTime() >= wish.onlineTime()) {
      met++;
    }
    if (wish.uploadBandwidth() != PeerNum.NOT_STATED
        && status.uploadBandwidth() >= wish.uploadBandwidth()) {
      met++;
    }
    return met;
  }

  /**
   * Returns how many wishes a member is known to meet, less those that it is known to miss. One
   * that has stated nothing has 0: unknown is not unable.
   */
  static int of(Member member, PeerNum wish) {
    int met = met(member, wish);
    return met - (known(member, wish) - met);
  }

  /**
   * Returns the same in finer steps. Of those that are as fit, seeders come first, who have all
   * there is; then those that have upload left by their last report, before those that have not
   * reported of late; then those whose best address has the higher priority.
   *
   * @param nowS in seconds of the tracker's clock
   */
  static int rank(Member member, PeerNum wish, long nowS) {
    int fitness = of(member, wish);
    if (fitness <= 0) {
      return fitness;
    }
    Report report = member.report();
    boolean exhausted = report != null && report.isExhausted(nowS);
    int left = exhausted ? 0 : report != null && report.hasUploadLeft(nowS) ? 2 : 1;
    int seeds = member.mode() == PeerMode.SEEDER ? 1 : 0;
    int priority = (int) Math.min(member.addresses().highestPriority(), MOST_PRIORITY);
    return ((fitness << 1 | seeds) << 2 | left) << PRIORITY_BITS | priority;
  }

  /**
   * Returns how often a member may be preferred in a second, where others may be {@code rate}
   * times: a quarter of it, if it has said in its last report that it has no upload left.
   *
   * @param nowS in seconds of the tracker's clock
   */
  static int rateOf(Member member, int rate, long nowS) {
    Report report = member.report();
    boolean exhausted = report != null && report.isExhausted(nowS);
    return exhausted && rate > 0 ? Math.max(1, rate / SHARE_OF_EXHAUSTED) : rate;
  }

  /**
   * Returns how much abler members are than the mean of those that have stated what they can
   * upload, or how much less able; 0 or less of the others and of those that have not stated it.
   *
   * @param lean 1 for abler, -1 for less able
   */
  static int[] leaning(Member[] members, int found, int lean) {
    double sum = 0;
    int stated = 0;
    for (int i = 0; i < found; i++) {
      long upload = members[i].status().uploadBandwidth();
      sum += Math.max(0, upload);
      stated += upload == PeerNum.NOT_STATED ? 0 : 1;
    }
    int[] leaning = new int[found];
    for (int i = 0; i < found && stated > 0; i++) {
      long upload = members[i].status().uploadBandwidth();
      leaning[i] = upload == PeerNum.NOT_STATED ? 0 : (int) (lean * (upload - sum / stated));
    }
    return leaning;
  }

  /**
   * Moves those behind the others whose upload costs them more: those at a wireless access, as
   * phones are, and those that have reported that they run on a battery or have a slow downlink.
   * Within both the order stays.
   *
   * @param nowS in seconds of the tracker's clock
   */
  static void putConstrainedLast(Member[] members, long nowS) {
    Member[] constrained = new Member[members.length];
    int count = 0;
    int kept = 0;
    for (Member member : members) {
      if (isConstrained(member, nowS)) {
        constrained[count++] = member;
      } else {
        members[kept++] = member;
      }
    }
    System.arraycopy(constrained, 0, members, kept, count);
  }

  private static boolean isConstrained(Member member, long nowS) {
    Report report = member.report();
    return member.addresses().isWireless() || (report != null && report.isConstrained(nowS));
  }

  /** Counts the stated wishes of which it is known whether a member meets them. */
  private static int known(Member member, PeerNum wish) {
    PeerNum status = member.status();
    return both(wish.concurrentLinks(), member.concurrentLinks())
        + both(wish.onlineTime(), status.onlineTime())
        + both(wish.uploadBandwidth(), status.uploadBandwidth())
        + (wish.natAbility() != null && status.natAbility() != null ? 1 : 0);
  }

  private static int both(long wish, long status) {
    return wish != PeerNum.NOT_STATED && status != PeerNum.NOT_STATED ? 1 : 0;
  }

  private static boolean canMeet(@Nullable NatAbility offered, NatAbility wanted) {
    return offered == NatAbility.NO_NAT || offered == wanted;
  }
}
