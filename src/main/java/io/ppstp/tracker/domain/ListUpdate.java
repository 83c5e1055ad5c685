package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The changes of swarms' member lists that follow from one change of a registration; immutable.
 *
 * <p>The registration is the truth, and a swarm's list is an index that follows it. A shard keeps
 * each update beside its registrations until the lists have taken it in (a transactional outbox),
 * so that whoever has the shard can carry it out. Carrying it out twice, or late, does no harm.
 *
 * @param stamp of the change, which identifies the update within its shard: the members that it
 *     brings carry it, and no member with a younger one is touched
 * @param joins the lists that are to name the peer
 * @param listing what other peers may be told of it
 * @param status what it stated about itself with the change
 * @param leaves the lists that are to name it no more
 * @param departure what is to be told once the lists have followed, null if nothing
 */
public record ListUpdate(
    String peerId,
    long stamp,
    List<Join> joins,
    Listing listing,
    PeerNum status,
    List<SwarmKey> leaves,
    @Nullable Departure departure) {

  /** A list that is to name the peer, and in which mode. */
  public record Join(SwarmKey swarm, PeerMode mode) {}

  /** Returns an update that removes a peer whose registration has ended from its swarms. */
  static ListUpdate leaving(
      String peerId, long stamp, List<SwarmKey> swarms, @Nullable Departure departure) {
    return new ListUpdate(
        peerId, stamp, List.of(), Listing.NONE, PeerNum.NOTHING, swarms, departure);
  }

  /** Returns the number of lists that change. */
  public int lists() {
    return joins.size() + leaves.size();
  }

  /** Visits the change of each list. */
  public void forEach(BiConsumer<SwarmKey, MemberChange> visitor) {
    for (Join join : joins) {
      Member member = new Member(peerId, join.mode(), stamp, listing, status, null);
      visitor.accept(join.swarm(), new MemberChange(peerId, stamp, member));
    }
    for (SwarmKey swarm : leaves) {
      visitor.accept(swarm, new MemberChange(peerId, stamp, null));
    }
  }
}
