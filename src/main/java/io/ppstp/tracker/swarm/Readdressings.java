package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.Readdressing;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Notes in a peer's swarms that it is seen elsewhere than before. Stateless. */
final class Readdressings {
  private Readdressings() {}

  /** Carries {@code readdressing} out, if there is one, and then {@code next}. */
  static <T> CompletionStage<T> before(
      Supplier<CompletionStage<T>> next,
      TrackerStore store,
      String peerId,
      @Nullable Readdressing readdressing) {
    if (readdressing == null) {
      // As with almost all requests: no stage to wait for, nor any put together.
      return next.get();
    }
    SwarmCommand.Readdress command =
        new SwarmCommand.Readdress(peerId, readdressing.stamp(), readdressing.listing());
    List<CompletionStage<Boolean>> noted = new ArrayList<>(readdressing.swarms().size());
    for (SwarmKey swarm : readdressing.swarms()) {
      noted.add(store.onSwarm(swarm, command));
    }
    return Stages.all(noted).thenCompose(done -> next.get());
  }
}
