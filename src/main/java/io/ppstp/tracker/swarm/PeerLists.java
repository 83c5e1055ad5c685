package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.PeerList.Draw;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import org.jspecify.annotations.Nullable;

/** Decides how long the peer lists of a response are. Immutable. */
final class PeerLists {
  private final SwarmRules rules;

  PeerLists(SwarmRules rules) {
    this.rules = rules;
  }

  /** Returns how many peers a request asks for in each swarm, within the configured bounds. */
  int wanted(@Nullable PeerNum peerNum) {
    long stated = peerNum == null ? PeerNum.NOT_STATED : peerNum.peerCount();
    long wanted = stated == PeerNum.NOT_STATED ? rules.defaultCount() : stated;
    return (int) Math.min(wanted, rules.maxCount());
  }

  /** Returns how many of {@code lists} that a response would have it may have. */
  int most(int lists) {
    return Math.min(lists, rules.response().lists());
  }

  /**
   * Returns the draw for the list numbered {@code index} of {@code lists} in a response. The first
   * lists are whole; once a response holds as many peers as it may, the rest are empty. Each may
   * take the same share of the response's bytes.
   */
  Draw draw(
      int wanted,
      int index,
      int lists,
      @Nullable PeerNum wish,
      long seed,
      @Nullable IpAddress requesterIp) {
    long left = Math.max(0, rules.response().peers() - (long) wanted * index);
    return new Draw(
        (int) Math.min(wanted, left),
        wish == null ? PeerNum.NOTHING : wish,
        seed + index,
        rules.response().bytes() / lists,
        rules.bestAddressOnly(),
        requesterIp);
  }
}
