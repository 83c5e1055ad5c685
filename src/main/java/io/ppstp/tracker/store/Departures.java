package io.ppstp.tracker.store;

import io.ppstp.tracker.tracker.Departure;
import io.ppstp.tracker.tracker.SwarmCommand;
import io.ppstp.tracker.tracker.SwarmKey;
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
    Map<SwarmKey, List<SwarmCommand.Leave>> bySwarm = new LinkedHashMap<>();
    for (Departure departure : departures) {
      for (SwarmKey swarm : departure.swarms()) {
        bySwarm
            .computeIfAbsent(swarm, first -> new ArrayList<>())
            .add(new SwarmCommand.Leave(departure.peerId(), departure.stamp()));
      }
    }
    List<CompletionStage<Integer>> left = new ArrayList<>(bySwarm.size());
    bySwarm.forEach(
        (swarm, leaves) -> left.add(store.onSwarm(swarm, new SwarmCommand.LeaveAll(leaves))));
    return Stages.all(left).thenCompose(done -> store.forget(departures));
  }
}
