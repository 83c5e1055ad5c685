package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Membership;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Finishes what ended registrations leave behind. Stateless; every step can be repeated. */
public final class Departures {
  private Departures() {}

  /**
   * Takes peers out of the swarms they were in, then strikes their departures out.
   *
   * @return those that nobody had finished before, for whom it is now to be told; the stage fails
   *     if a swarm could not be reached, and all are left for another try
   */
  public static CompletionStage<List<Departure>> finish(
      TrackerStore store, List<Departure> departures) {
    List<Membership> memberships = new ArrayList<>(departures.size());
    for (Departure departure : departures) {
      for (SwarmKey swarm : departure.swarms()) {
        memberships.add(new Membership(departure.peerId(), swarm, departure.stamp()));
      }
    }
    return leave(store, memberships).thenCompose(done -> store.forget(departures));
  }

  /**
   * Takes members out of their swarms, each unless a CONNECT younger than its stamp brought it.
   *
   * @return how many went; the stage fails if a swarm could not be reached
   */
  public static CompletionStage<Integer> leave(TrackerStore store, List<Membership> memberships) {
    Map<SwarmKey, List<SwarmCommand.Leave>> bySwarm = new LinkedHashMap<>();
    for (Membership membership : memberships) {
      bySwarm
          .computeIfAbsent(membership.swarm(), first -> new ArrayList<>())
          .add(new SwarmCommand.Leave(membership.peerId(), membership.stamp()));
    }
    List<CompletionStage<Integer>> left = new ArrayList<>(bySwarm.size());
    bySwarm.forEach(
        (swarm, leaves) -> left.add(store.onSwarm(swarm, new SwarmCommand.LeaveAll(leaves))));
    return Stages.all(left).thenApply(counts -> counts.stream().mapToInt(Integer::intValue).sum());
  }
}
