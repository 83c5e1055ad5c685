package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Member.Membership;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.SwarmQuery;
import io.ppstp.tracker.domain.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateKinds;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the memberships that this node owns, as lists have them and as registrations do, round
 * after round. What changes meanwhile may be passed over or come twice. Confined to one thread at a
 * time.
 */
final class MembershipWalk {
  private final Placement placement;

  /** The swarms of the current shard that are still to be visited. */
  private final Deque<SwarmKey> swarms = new ArrayDeque<>();

  private int swarmShard;
  private int member;
  private int peerShard;
  private int registration;

  MembershipWalk(Placement placement) {
    this.placement = placement;
  }

  private <S> @Nullable StateValue<S, ?> owned(StateKind<S, ?, ?> kind, int shard) {
    return placement.role(kind, shard) == Role.OWNER ? placement.value(kind, shard) : null;
  }

  /** Returns about {@code maximum} members of lists, fewer if there are not so many. */
  List<Membership> nextListed(int maximum) {
    List<Membership> listed = new ArrayList<>();
    for (int visited = 0; visited < Shards.SWARMS && listed.size() < maximum; visited++) {
      StateValue<SwarmShard, ?> value = owned(StateKinds.SWARMS, swarmShard);
      if (value == null) {
        swarms.clear();
      } else if (swarms.isEmpty()) {
        value.read(state -> state.ids(0, state.size())).forEach(id -> swarms.add(new SwarmKey(id)));
      }
      while (value != null && !swarms.isEmpty() && listed.size() < maximum) {
        takeMembers(value, maximum - listed.size(), listed);
      }
      if (swarms.isEmpty()) {
        swarmShard = (swarmShard + 1) % Shards.SWARMS;
        member = 0;
      }
    }
    return listed;
  }

  private void takeMembers(StateValue<SwarmShard, ?> value, int count, List<Membership> listed) {
    SwarmKey swarm = swarms.element();
    List<Member> members = value.read(new SwarmQuery.Slice(swarm, member, count)::answer);
    for (Member one : members) {
      listed.add(new Membership(one.id(), swarm, one.stamp()));
    }
    member += members.size();
    if (members.size() < count) {
      swarms.remove();
      member = 0;
    }
  }

  /** Returns the memberships of about {@code maximum} registrations. */
  List<Membership> nextRegistered(int maximum) {
    List<Membership> registered = new ArrayList<>();
    int left = maximum;
    for (int visited = 0; visited < Shards.PEERS && left > 0; visited++) {
      StateValue<PeerShard, ?> value = owned(StateKinds.PEERS, peerShard);
      int size = value == null ? 0 : value.read(PeerShard::size);
      int count = Math.min(left, Math.max(0, size - registration));
      if (value != null && count > 0) {
        registered.addAll(value.read(new PeerQuery.Slice(registration, count)::answer));
      }
      left -= count;
      registration += count;
      if (registration >= size) {
        peerShard = (peerShard + 1) % Shards.PEERS;
        registration = 0;
      }
    }
    return registered;
  }
}
