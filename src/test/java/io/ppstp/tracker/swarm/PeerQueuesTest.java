package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who waits for whom. */
class PeerQueuesTest {
  private final PeerQueues queues = new PeerQueues();
  private final List<String> started = new ArrayList<>();

  private CompletionStage<String> run(String peerId, String name, CompletableFuture<String> end) {
    return queues.run(
        peerId,
        Runnable::run,
        () -> {
          started.add(name);
          return end;
        });
  }

  @Test
  void requestsOfOnePeerAreCarriedOutInTurn() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    run("p", "first", first);
    CompletableFuture<String> answer = run("p", "second", second).toCompletableFuture();
    run("p", "third", new CompletableFuture<>());
    assertEquals(List.of("first"), started);

    first.complete("");
    assertEquals(List.of("first", "second"), started);
    assertFalse(answer.isDone());

    second.complete("done");
    assertEquals("done", answer.join());
    assertEquals(List.of("first", "second", "third"), started);
  }

  @Test
  void thoseOfOthersDoNotWait() {
    run("p", "first", new CompletableFuture<>());
    CompletionStage<String> other = run("q", "second", CompletableFuture.completedFuture(""));

    assertTrue(other.toCompletableFuture().isDone());
    assertEquals(List.of("first", "second"), started);
  }

  @Test
  void noTwoOfOnePeerAreUnderWayAtOnceWhicheverThreadTheyComeFrom() throws Exception {
    int threads = 4;
    int each = 2000;
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
    try {
      List<CompletableFuture<Void>> senders = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        senders.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int j = 0; j < each; j++) {
                    queues.run(
                        "p",
                        pool,
                        () -> {
                          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                          return CompletableFuture.runAsync(underWay::decrementAndGet, pool)
                              .thenRun(done::incrementAndGet);
                        });
                  }
                },
                pool));
      }
      for (CompletableFuture<Void> sender : senders) {
        sender.get(60, TimeUnit.SECONDS);
      }
      queues
          .run("p", pool, () -> CompletableFuture.completedFuture(""))
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } finally {
      pool.shutdownNow();
    }
    assertEquals(threads * each, done.get());
    assertEquals(1, most.get());
  }
}
