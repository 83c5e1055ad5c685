package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.IExecutorService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries errands to other nodes and their answers back to one executor. Those that come while
 * earlier ones are under way to the same node travel together: the more there is to do, the less
 * each costs. Thread-safe; no method blocks.
 */
final class Courier {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  /** The pool whose threads run errands. */
  static final String POOL = "ppstp.errands";

  private static final int MOST_TOGETHER = 256;

  private final IExecutorService pool;
  private final Executor executor;
  private final Map<UUID, Outbox> outboxes = new ConcurrentHashMap<>();

  /**
   * Makes a courier.
   *
   * @param pool that runs errands, on whichever node
   * @param executor that answers come to
   */
  Courier(IExecutorService pool, Executor executor) {
    this.pool = pool;
    this.executor = executor;
  }

  /**
   * Has an errand run at {@code owner}.
   *
   * @return empty if it could not be run there, or nobody knows whether it was; the stage always
   *     completes normally, on the executor
   */
  <R> CompletionStage<Optional<R>> send(Member owner, Errand<R> errand) {
    Waiting<R> waiting = new Waiting<>(errand, new CompletableFuture<>());
    outboxes.computeIfAbsent(owner.getUuid(), first -> new Outbox(owner)).add(waiting);
    return waiting.answer();
  }

  private record Waiting<R>(Errand<R> errand, CompletableFuture<Optional<R>> answer) {
    @SuppressWarnings("unchecked")
    void complete(Optional<Object> result) {
      answer.complete((Optional<R>) result);
    }
  }

  /** What waits to go to one node. */
  private final class Outbox {
    private final Member owner;
    private List<Waiting<?>> waiting = new ArrayList<>();
    private boolean isUnderWay;

    Outbox(Member owner) {
      this.owner = owner;
    }

    void add(Waiting<?> one) {
      synchronized (this) {
        waiting.add(one);
      }
      setOut();
    }

    private synchronized List<Waiting<?>> take() {
      if (isUnderWay || waiting.isEmpty()) {
        return List.of();
      }
      isUnderWay = true;
      List<Waiting<?>> all = waiting;
      if (all.size() <= MOST_TOGETHER) {
        waiting = new ArrayList<>();
        return all;
      }
      waiting = new ArrayList<>(all.subList(MOST_TOGETHER, all.size()));
      return all.subList(0, MOST_TOGETHER);
    }

    private void setOut() {
      List<Waiting<?>> taken = take();
      if (taken.isEmpty()) {
        return;
      }
      List<Errand<?>> errands = new ArrayList<>(taken.size());
      for (Waiting<?> one : taken) {
        errands.add(one.errand());
      }
      try {
        CompletionStage<byte[]> journey = staged(pool.submitToMember(new Errands(errands), owner));
        journey.whenCompleteAsync(
            (answer, failure) -> returned(taken, errands, answer, failure), executor);
      } catch (RuntimeException e) {
        returned(taken, errands, null, e);
      }
    }

    private void returned(
        List<Waiting<?>> taken,
        List<Errand<?>> errands,
        byte @Nullable [] answer,
        @Nullable Throwable failure) {
      synchronized (this) {
        isUnderWay = false;
      }
      if (failure != null) {
        // The node is gone, most likely: another box is made if it is not.
        outboxes.remove(owner.getUuid(), this);
      }
      setOut();
      List<Optional<Object>> results = results(errands, answer);
      for (int i = 0; i < taken.size(); i++) {
        taken.get(i).complete(results.get(i));
      }
    }
  }

  /**
   * Returns the stage that a future of Hazelcast's is. Asked for a callback instead, Hazelcast goes
   * through the common pool and wakes a third thread.
   */
  @SuppressWarnings("unchecked")
  private static <T> CompletionStage<T> staged(Future<T> future) {
    return (CompletionStage<T>) future;
  }

  /** Returns what the errands brought; nothing if there is no answer, or none that can be read. */
  private static List<Optional<Object>> results(List<Errand<?>> errands, byte @Nullable [] answer) {
    try {
      if (answer != null) {
        return Errands.results(errands, answer);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("what another node answered cannot be read; update the older node", e);
    }
    return Collections.nCopies(errands.size(), Optional.empty());
  }
}
