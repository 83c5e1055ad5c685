package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.map.IMap;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Membership;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.store.Departures;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.Stages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the swarms that this node owns, a bounded number of members at a time, and removes
 * those that no registration knows: what a node that died between two steps, or a healed network
 * split, may leave behind. One step at a time; the caller waits for each.
 *
 * <p>A member is removed when two steps have found it an orphan: between the steps of an ordinary
 * LEAVE it looks like one for a moment. A member that joins anew meanwhile has a younger stamp and
 * stays.
 */
public final class OrphanCheck {
  private final HazelcastStore store;
  private final Commands commands;
  private final IMap<String, SwarmValue> swarms;
  private final Deque<SwarmKey> toVisit = new ArrayDeque<>();
  private List<Membership> suspects = List.of();
  private @Nullable SwarmKey current;
  private int position;

  OrphanCheck(HazelcastStore store, Commands commands, IMap<String, SwarmValue> swarms) {
    this.store = store;
    this.commands = commands;
    this.swarms = swarms;
  }

  /** Returns whether a round is over and {@link #beginRound} is due. */
  public boolean roundIsOver() {
    return current == null && toVisit.isEmpty();
  }

  /** Notes the swarms to visit; blocks, so for a worker. */
  public void beginRound() {
    swarms.localKeySet().forEach(swarmId -> toVisit.add(new SwarmKey(swarmId)));
  }

  /**
   * Looks at about {@code maximum} members.
   *
   * @return how many orphans were removed
   */
  public CompletionStage<Integer> step(int maximum) {
    List<Membership> before = suspects;
    suspects = List.of();
    return orphansAmong(before)
        .thenCompose(orphans -> Departures.leave(store, orphans))
        .thenCompose(removed -> look(maximum).thenApply(done -> removed));
  }

  private CompletionStage<Void> look(int left) {
    if (current == null) {
      current = toVisit.poll();
      position = 0;
    }
    SwarmKey swarm = current;
    if (swarm == null || left <= 0) {
      return CompletableFuture.completedStage(null);
    }
    return store
        .onSwarm(swarm, new SwarmCommand.Slice(position, left))
        .thenCompose(members -> inspect(swarm, members, left));
  }

  private CompletionStage<Void> inspect(SwarmKey swarm, List<Member> members, int left) {
    position += members.size();
    if (members.size() < left) {
      current = null;
    }
    List<Membership> memberships = new ArrayList<>(members.size());
    for (Member member : members) {
      memberships.add(new Membership(member.id(), swarm, member.stamp()));
    }
    return orphansAmong(memberships)
        .thenCompose(
            found -> {
              List<Membership> all = new ArrayList<>(suspects);
              all.addAll(found);
              suspects = all;
              // An empty swarm is no work done, but must not make the walk endless.
              return look(left - Math.max(1, members.size()));
            });
  }

  private CompletionStage<List<Membership>> orphansAmong(List<Membership> memberships) {
    Map<Integer, List<Membership>> byShard = new HashMap<>();
    for (Membership membership : memberships) {
      byShard
          .computeIfAbsent(Shards.of(membership.peerId()), first -> new ArrayList<>())
          .add(membership);
    }
    List<CompletionStage<List<Membership>>> asked = new ArrayList<>(byShard.size());
    byShard.forEach(
        (index, some) -> asked.add(commands.onShard(index, new PeerCommand.FindOrphans(some))));
    return Stages.all(asked)
        .thenApply(
            lists -> {
              List<Membership> orphans = new ArrayList<>();
              lists.forEach(orphans::addAll);
              return orphans;
            });
  }
}
