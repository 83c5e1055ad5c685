package io.ppstp.tracker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts stages together. Stateless. */
public final class Stages {
  private Stages() {}

  /**
   * Returns a stage of all results in order; it fails when all have completed and one has failed.
   */
  public static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    if (stages.size() == 1) {
      return stages.get(0).thenApply(List::of);
    }
    List<CompletableFuture<T>> futures = new ArrayList<>(stages.size());
    for (CompletionStage<T> stage : stages) {
      futures.add(stage.toCompletableFuture());
    }
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              List<T> results = new ArrayList<>(futures.size());
              for (CompletableFuture<T> future : futures) {
                results.add(future.join());
              }
              return results;
            });
  }
}
