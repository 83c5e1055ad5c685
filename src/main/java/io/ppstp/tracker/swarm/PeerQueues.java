package io.ppstp.tracker.swarm;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Carries out the requests of one peer one after another, however long the store takes and
 * whichever instance they come to, and those of different peers side by side. Thread-safe.
 */
public final class PeerQueues {
  private final Map<String, CompletableFuture<?>> last = new ConcurrentHashMap<>();

  /** Makes queues without anybody in them. */
  public PeerQueues() {}

  /**
   * Starts {@code work}, which never fails, once all earlier work for this peer is complete: at
   * once if there is none, else on {@code executor}.
   */
  <T> CompletionStage<T> run(String peerId, Executor executor, Supplier<CompletionStage<T>> work) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<?> before = last.put(peerId, mine);
    return before == null
        ? start(peerId, mine, work)
        : before
            .handleAsync((done, failure) -> start(peerId, mine, work), executor)
            .thenCompose(started -> started);
  }

  private <T> CompletionStage<T> start(
      String peerId, CompletableFuture<T> mine, Supplier<CompletionStage<T>> work) {
    work.get()
        .whenComplete(
            (done, failure) -> {
              last.remove(peerId, mine);
              if (failure == null) {
                mine.complete(done);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
  }
}
