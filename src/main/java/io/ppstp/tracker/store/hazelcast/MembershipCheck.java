package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.state.NodeState;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last net under lists that follow registrations: walks over what this node owns, a bounded
 * number of memberships at a time, and mends both ways. Members that no registration knows are
 * removed from their lists, and those that a list lacks are added. One step at a time; the caller
 * waits for each.
 *
 * <p>What is wrong is mended when two steps have found it so, and only where no change is under
 * way. In a healthy cluster there is nothing to mend.
 */
public final class MembershipCheck {
  private final MembershipWalk walk;
  private final Operations operations;
  private final Asking asking;
  private final NodeState node;
  private final LongSupplier clock;
  private List<Membership> orphans = List.of();
  private List<Membership> missing = List.of();

  /** How many memberships a step has let lists follow again. */
  public record Mended(int removed, int restored) {}

  /** Asks the owner of a shard which of some memberships are wrong. */
  private interface ShardQuestion {
    CompletionStage<List<Membership>> ask(int shard, List<Membership> memberships);
  }

  MembershipCheck(
      Placement placement,
      Operations operations,
      Asking asking,
      NodeState node,
      LongSupplier clock) {
    this.walk = new MembershipWalk(placement);
    this.operations = operations;
    this.asking = asking;
    this.node = node;
    this.clock = clock;
  }

  /**
   * Looks at about {@code maximum} memberships each way. The stage fails if state cannot be
   * reached, and the next step goes on.
   */
  public CompletionStage<Mended> step(int maximum) {
    List<Membership> suspectedOrphans = orphans;
    List<Membership> suspectedMissing = missing;
    orphans = List.of();
    missing = List.of();
    return orphansAmong(suspectedOrphans)
        .thenCompose(this::reconcile)
        .thenCombine(missingAmong(suspectedMissing).thenCompose(this::reconcile), Mended::new)
        .thenCompose(mended -> look(maximum).thenApply(done -> mended));
  }

  private CompletionStage<Boolean> look(int maximum) {
    return orphansAmong(walk.nextListed(maximum))
        .thenCombine(
            missingAmong(walk.nextRegistered(maximum)),
            (foundOrphans, foundMissing) -> {
              orphans = foundOrphans;
              missing = foundMissing;
              return true;
            });
  }

  private CompletionStage<List<Membership>> orphansAmong(List<Membership> memberships) {
    return ask(
        memberships,
        MembershipCheck::peerShard,
        (shard, some) -> asking.ask(shard, new PeerQuery.FindOrphans(some)));
  }

  private CompletionStage<List<Membership>> missingAmong(List<Membership> memberships) {
    return ask(
        memberships,
        membership -> Shards.ofSwarm(membership.swarm()),
        (shard, some) -> asking.ask(shard, new SwarmQuery.FindMissing(some)));
  }

  private static int peerShard(Membership membership) {
    return Shards.ofPeer(membership.peerId());
  }

  private CompletionStage<Integer> reconcile(List<Membership> memberships) {
    List<CompletionStage<Object>> noting = new ArrayList<>();
    grouped(memberships, MembershipCheck::peerShard)
        .forEach(
            (shard, some) ->
                noting.add(
                    operations.change(
                        StateKind.PEERS,
                        shard,
                        new PeerCommand.Reconcile(some, node.addressRules(), clock.getAsLong()),
                        asking.executor())));
    return Stages.all(noting)
        .thenApply(counts -> counts.stream().mapToInt(count -> (Integer) count).sum());
  }

  private static CompletionStage<List<Membership>> ask(
      List<Membership> memberships, Function<Membership, Integer> shardOf, ShardQuestion question) {
    if (memberships.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    List<CompletionStage<List<Membership>>> asked = new ArrayList<>();
    grouped(memberships, shardOf).forEach((shard, some) -> asked.add(question.ask(shard, some)));
    return Stages.all(asked)
        .thenApply(
            lists -> {
              List<Membership> all = new ArrayList<>();
              lists.forEach(all::addAll);
              return all;
            });
  }

  private static Map<Integer, List<Membership>> grouped(
      List<Membership> memberships, Function<Membership, Integer> shardOf) {
    Map<Integer, List<Membership>> groups = new HashMap<>();
    for (Membership membership : memberships) {
      groups.computeIfAbsent(shardOf.apply(membership), first -> new ArrayList<>()).add(membership);
    }
    return groups;
  }

  /**
   * Walks over the memberships that this node owns, as lists have them and as registrations do,
   * round after round. What changes meanwhile may be passed over or come twice. Confined to one
   * thread at a time.
   */
  static final class MembershipWalk {
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
        StateValue<SwarmShard, ?> value = owned(StateKind.SWARMS, swarmShard);
        if (value == null) {
          swarms.clear();
        } else if (swarms.isEmpty()) {
          value
              .read(state -> state.ids(0, state.size()))
              .forEach(id -> swarms.add(new SwarmKey(id)));
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
        StateValue<PeerShard, ?> value = owned(StateKind.PEERS, peerShard);
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
}
