package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.store.TrackerStore;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Notes that a peer's requests come from elsewhere than before. Stateless. */
final class Observations {
  private Observations() {}

  /** Carries {@code observe} out if it is {@code needed}, and then {@code next}. */
  static <T> CompletionStage<T> before(
      Supplier<CompletionStage<T>> next,
      TrackerStore store,
      PeerCommand.Observe observe,
      boolean needed) {
    // Almost no request needs it: there is no stage to wait for then, nor any put together.
    return needed
        ? store.change(observe.peerId(), observe).thenCompose(noted -> next.get())
        : next.get();
  }
}
