package io.ppstp.tracker.swarm;

import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.tracker.Readdressing;
import io.ppstp.tracker.tracker.SwarmCommand;
import io.ppstp.tracker.tracker.SwarmKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Notes in a peer's swarms that it is seen elsewhere than before. Stateless. */
final class Readdressings {
  private static final CompletionStage<List<Boolean>> NOTHING_TO_DO =
      CompletableFuture.completedStage(List.of());

  private Readdressings() {}

  /** Carries {@code readdressing} out; the stage is complete at once if there is none. */
  static CompletionStage<List<Boolean>> carryOut(
      TrackerStore store, String peerId, @Nullable Readdressing readdressing) {
    if (readdressing == null) {
      return NOTHING_TO_DO;
    }
    SwarmCommand.Readdress command =
        new SwarmCommand.Readdress(peerId, readdressing.stamp(), readdressing.listing());
    List<CompletionStage<Boolean>> noted = new ArrayList<>(readdressing.swarms().size());
    for (SwarmKey swarm : readdressing.swarms()) {
      noted.add(store.onSwarm(swarm, command));
    }
    return Stages.all(noted);
  }
}
