package io.ppstp.tracker.swarm;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Carries out the requests of one peer one after another, however long the store takes, and those
 * of different peers side by side. Confined to the thread on which the work completes.
 */
final class PeerQueues {
  private final Map<String, CompletionStage<?>> last = new HashMap<>();

  /** Starts {@code work}, which never fails, once all earlier work for this peer is complete. */
  <T> CompletionStage<T> run(String peerId, Supplier<CompletionStage<T>> work) {
    CompletionStage<?> before = last.get(peerId);
    CompletionStage<T> mine = before == null ? work.get() : before.thenCompose(done -> work.get());
    CompletableFuture<T> future = mine.toCompletableFuture();
    if (future.isDone()) {
      return future;
    }
    last.put(peerId, future);
    return future.whenComplete((done, failure) -> last.remove(peerId, future));
  }
}
