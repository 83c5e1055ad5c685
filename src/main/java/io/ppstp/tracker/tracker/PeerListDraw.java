package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.NatAbility;
import io.ppstp.tracker.protocol.PeerNum;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Draws a peer list from a swarm: a uniform random sample in random order, then ranked by what the
 * requester asked for. Stateless.
 *
 * <p>Only the order within the list follows the wish (RFC 7846, Section 4.1.1: "optionally
 * filtered"): a filter would give empty lists, and choosing by self-reported ability would let a
 * peer talk itself into every list.
 */
final class PeerListDraw {
  private static final int BYTES_PER_ENTRY = 224;
  private static final byte[] EMPTY = new byte[0];

  private PeerListDraw() {}

  /** Returns {@code peer_info} entries for members other than {@code requester}. */
  static byte[] draw(Roster<Member> members, String requester, Draw draw) {
    Member[] drawn = sample(members, members.positionOf(requester), draw);
    if (drawn.length == 0) {
      return EMPTY;
    }
    rank(drawn, draw.wish());
    JsonBuffer out = new JsonBuffer(drawn.length * BYTES_PER_ENTRY);
    for (int i = 0; i < drawn.length; i++) {
      if (i > 0) {
        out.raw(',');
      }
      drawn[i].addresses().writeTo(out, drawn[i].id(), draw.bestAddressOnly());
    }
    return out.toByteArray();
  }

  /**
   * Draws without replacement in time that depends on the count only (Floyd's algorithm, then a
   * shuffle). The requester's place is taken by the last member, so that it is never drawn and a
   * list is the same whether the requester is the newest member or not yet one.
   */
  private static Member[] sample(Roster<Member> members, int requesterAt, Draw draw) {
    int last = members.size() - 1;
    int others = requesterAt < 0 ? members.size() : last;
    int count = Math.min(draw.count(), others);
    SplittableRandom random = new SplittableRandom(draw.seed());
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      int upTo = others - count + i;
      int candidate = random.nextInt(upTo + 1);
      chosen[i] = contains(chosen, i, candidate) ? upTo : candidate;
    }
    Member[] drawn = new Member[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = members.at(chosen[i] == requesterAt ? last : chosen[i]);
    }
    for (int i = count - 1; i > 0; i--) {
      swap(drawn, i, random.nextInt(i + 1));
    }
    return drawn;
  }

  private static boolean contains(int[] values, int length, int wanted) {
    for (int i = 0; i < length; i++) {
      if (values[i] == wanted) {
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

  /** Sorts by fitness, best first; among equals the random order stays. */
  private static void rank(Member[] drawn, PeerNum wish) {
    if (!wish.statesStatus()) {
      return;
    }
    int[] fitness = new int[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      Member member = drawn[i];
      int fit = fitness(member, wish);
      int at = i;
      for (; at > 0 && fitness[at - 1] < fit; at--) {
        fitness[at] = fitness[at - 1];
        drawn[at] = drawn[at - 1];
      }
      fitness[at] = fit;
      drawn[at] = member;
    }
  }

  /** Counts the stated wishes that a member is known to meet. */
  private static int fitness(Member member, PeerNum wish) {
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

  private static boolean canMeet(@Nullable NatAbility offered, NatAbility wanted) {
    return offered == NatAbility.NO_NAT || offered == wanted;
  }
}
