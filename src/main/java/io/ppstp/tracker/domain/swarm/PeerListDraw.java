package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import org.jspecify.annotations.Nullable;

/**
 * Draws a peer list from a swarm: a uniform random sample in random order, then ranked by what the
 * requester asked for. Stateless.
 *
 * <p>Only the order within the list follows the wish (RFC 7846, Section 4.1.1: "optionally
 * filtered"): a filter would give empty lists, and choosing by self-reported ability would let a
 * peer talk itself into every list.
 */
public final class PeerListDraw {
  private static final int TYPICAL_BYTES = 8192;
  private static final int BYTES_AROUND_ID = 192;

  /** Reused: to clear a new array for each list takes longer than to copy the list. */
  private static final ThreadLocal<JsonBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> new JsonBuffer(TYPICAL_BYTES));

  private PeerListDraw() {}

  /** Returns {@code peer_info} entries for members other than {@code requester}. */
  public static PeerList draw(IndexedSet<Member> members, String requester, Draw draw) {
    PeerSample sample = new PeerSample(members, members.positionOf(requester), draw);
    Member[] drawn = sample.members();
    if (drawn.length == 0 && sample.withheld() == 0) {
      return PeerList.EMPTY;
    }
    rank(drawn, draw.wish());
    return write(drawn, sample.withheld(), draw);
  }

  private static PeerList write(Member[] drawn, int withheldAlready, Draw draw) {
    JsonBuffer out = SCRATCH.get().clear(Math.min(expectedBytes(drawn), draw.mostBytes()));
    int withheld = withheldAlready;
    for (int i = 0; i < drawn.length; i++) {
      int before = out.size();
      if (i > 0) {
        out.raw(',');
      }
      Member member = drawn[i];
      boolean publicOnly = !member.isOpenTo(draw.requesterIp());
      int kept = member.addresses().writeTo(out, member.id(), draw.bestAddressOnly(), publicOnly);
      if (i > 0 && out.size() > draw.mostBytes()) {
        out.truncate(before);
        break;
      }
      withheld += kept;
    }
    return new PeerList(out.toByteArray(), withheld);
  }

  /** Returns about how long a list is. */
  private static int expectedBytes(Member[] drawn) {
    int bytes = 0;
    for (Member member : drawn) {
      bytes += BYTES_AROUND_ID + member.id().length() + member.addresses().packedBytes();
    }
    return bytes;
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
