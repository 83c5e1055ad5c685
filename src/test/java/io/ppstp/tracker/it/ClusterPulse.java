package io.ppstp.tracker.it;

import io.ppstp.tracker.it.ClusterLoad.Target;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks many nodes about many peers all the time, without waiting for answers, to see whether a
 * cluster goes on where a fault does not touch it. Thread-safe.
 */
final class ClusterPulse implements AutoCloseable {
  private static final long PERIOD_MS = 20;
  private static final int PEERS = 200;

  private volatile List<Target> targets = List.of();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> asking;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong lastSuccessNs = new AtomicLong(System.nanoTime());
  private final AtomicLong longestGapNs = new AtomicLong();

  ClusterPulse() {
    asking = clock.scheduleAtFixedRate(this::ask, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** Sets the nodes to ask. */
  void setTargets(List<Target> nodes) {
    targets = List.copyOf(nodes);
  }

  /** Begins to measure anew. */
  void reset() {
    lastSuccessNs.set(System.nanoTime());
    longestGapNs.set(0);
  }

  /** Returns the longest time in which no node answered at all, since {@link #reset}. */
  Duration longestGap() {
    return Duration.ofNanos(Math.max(longestGapNs.get(), System.nanoTime() - lastSuccessNs.get()));
  }

  /** A keep-alive of a peer that is not known needs its shard's owner, and is answered with 03. */
  private void ask() {
    List<Target> known = targets;
    if (known.isEmpty()) {
      return;
    }
    long number = asked.incrementAndGet();
    Target target = known.get((int) (number % known.size()));
    String peer = "pulse" + number % PEERS;
    // What becomes of a question is told by the next ones: one that fails is a gap, no more.
    CompletableFuture<?> unused =
        target
            .client()
            .postAsync(Message.statReport(peer, "t" + number))
            .thenAccept(this::answered);
  }

  private void answered(Reply reply) {
    if (reply.errorCode() == 3) {
      long nowNs = System.nanoTime();
      long gap = nowNs - lastSuccessNs.getAndSet(nowNs);
      longestGapNs.accumulateAndGet(gap, Math::max);
    }
  }

  @Override
  public void close() {
    asking.cancel(false);
    clock.shutdownNow();
  }
}
