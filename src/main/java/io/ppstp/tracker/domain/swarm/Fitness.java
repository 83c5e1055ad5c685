package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import org.jspecify.annotations.Nullable;

/**
 * How well members fit what a requester asked for in its {@code peer_num} (RFC 7846, Section
 * 3.2.2), as far as they have stated what they are. Stateless.
 */
final class Fitness {
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
