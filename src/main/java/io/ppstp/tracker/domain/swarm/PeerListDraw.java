package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.PeerNum;
import org.jspecify.annotations.Nullable;

/**
 * Draws a peer list from a swarm: a sample in random order, then ranked by what the requester asked
 * for. Stateless.
 *
 * <p>Where all members are alike ({@link Selection#RANDOM}), only the order within the list follows
 * the wish (RFC 7846, Section 4.1.1: "optionally filtered"): a filter would give empty lists, and
 * choosing by self-reported ability lets a peer talk itself into lists. {@link Choice} says how
 * far.
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
    return draw(members, null, requester, draw, new ToldRates());
  }

  /**
   * Returns the same.
   *
   * @param places finds members by where they are; null if no member's place is known
   * @param told how often members were preferred
   */
  static PeerList draw(
      IndexedSet<Member> members,
      @Nullable PlaceIndex places,
      String requester,
      Draw draw,
      ToldRates told) {
    int requesterAt = members.positionOf(requester);
    Sample sample = sample(members, places, requesterAt, draw, told);
    Member[] drawn = sample.members();
    if (drawn.length == 0 && sample.withheld() == 0) {
      return PeerList.EMPTY;
    }
    rank(drawn, draw.wish());
    int network = requesterAt < 0 ? Place.NOWHERE : members.at(requesterAt).network();
    boolean tells = network != Place.NOWHERE && network != Place.CACHES;
    int from = tells ? network : draw.selection().from().network();
    return write(drawn, sample.withheld(), draw, from);
  }

  /**
   * Chooses members.
   *
   * @param places finds members by where they are; null if no member's place is known
   * @param requesterAt where the requester stands, -1 if it is no member
   * @param told how often members were preferred
   */
  static Sample sample(
      IndexedSet<Member> members,
      @Nullable PlaceIndex places,
      int requesterAt,
      Draw draw,
      ToldRates told) {
    return draw.selection().isRandom()
        ? new PeerSample(members, requesterAt, draw)
        : new Choice(Pool.of(members, places), requesterAt, draw, told);
  }

  private static PeerList write(Member[] drawn, int withheldAlready, Draw draw, int network) {
    JsonBuffer out = SCRATCH.get().clear(Math.min(expectedBytes(drawn), draw.mostBytes()));
    int withheld = withheldAlready;
    PathCosts costs = draw.selection().costs();
    int near = 0;
    int costed = 0;
    double cost = 0;
    int listed = 0;
    for (; listed < drawn.length; listed++) {
      int before = out.size();
      if (listed > 0) {
        out.raw(',');
      }
      Member member = drawn[listed];
      boolean publicOnly = !member.isOpenTo(draw.requesterIp());
      int kept = member.addresses().writeTo(out, member.id(), draw.bestAddressOnly(), publicOnly);
      if (listed > 0 && out.size() > draw.mostBytes()) {
        out.truncate(before);
        break;
      }
      withheld += kept;
      near += member.network() == network ? 1 : 0;
      int rank = costs.indexOf(member.network());
      if (rank >= 0) {
        costed++;
        cost += costs.costAt(rank);
      }
    }
    boolean placed = network != Place.NOWHERE;
    return new PeerList(
        out.toByteArray(), withheld, placed ? listed : 0, placed ? near : 0, costed, cost);
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
      int fit = Fitness.met(member, wish);
      int at = i;
      for (; at > 0 && fitness[at - 1] < fit; at--) {
        fitness[at] = fitness[at - 1];
        drawn[at] = drawn[at - 1];
      }
      fitness[at] = fit;
      drawn[at] = member;
    }
  }
}
