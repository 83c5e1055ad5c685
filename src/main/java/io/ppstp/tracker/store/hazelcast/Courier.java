package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.IExecutorService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries errands to other nodes and their answers back. Those that come while earlier ones are
 * under way to the same node travel together: the more there is to do, the less each costs.
 * Thread-safe; no method blocks.
 */
final class Courier {
  /** The pool whose threads run errands. */
  static final String POOL = "ppstp.errands";

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private static final int MOST_TOGETHER = 256;

  private final IExecutorService pool;
  private final Map<UUID, Outbox> outboxes = new ConcurrentHashMap<>();

  /** Makes a courier that has errands run by {@code pool}, on whichever node. */
  Courier(IExecutorService pool) {
    this.pool = pool;
  }

  /**
   * Has an errand run at {@code owner}.
   *
   * @return empty if it could not be run there, or nobody knows whether it was; the stage always
   *     completes normally, on {@code executor}
   */
  <R> CompletionStage<Optional<R>> send(Member owner, Errand<R> errand, Executor executor) {
    Waiting<R> waiting = new Waiting<>(errand, executor, new CompletableFuture<>());
    outboxes.computeIfAbsent(owner.getUuid(), first -> new Outbox(owner)).add(waiting);
    return waiting.answer();
  }

  private record Waiting<R>(
      Errand<R> errand, Executor executor, CompletableFuture<Optional<R>> answer) {
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
      Journey journey = new Journey(this, taken, errands);
      try {
        pool.submitToMember(new Errands(errands), owner, journey);
      } catch (RuntimeException e) {
        journey.onFailure(e);
      }
    }

    private void returned() {
      synchronized (this) {
        isUnderWay = false;
      }
      setOut();
    }

    /** The node is gone, most likely; another box is made if it is not. */
    private void failed() {
      outboxes.remove(owner.getUuid(), this);
      returned();
    }
  }

  private record Journey(Outbox outbox, List<Waiting<?>> taken, List<Errand<?>> errands)
      implements ExecutionCallback<byte[]> {
    @Override
    public void onResponse(byte[] answer) {
      outbox.returned();
      try {
        deliver(Errands.results(errands, answer));
      } catch (IOException | RuntimeException e) {
        LOG.error("what another node answered cannot be read; update the older node", e);
        deliver(List.of());
      }
    }

    @Override
    public void onFailure(Throwable failure) {
      outbox.failed();
      deliver(List.of());
    }

    /** Hands the results to those who wait, all of one executor at once; the rest get none. */
    private void deliver(List<Optional<Object>> results) {
      Map<Executor, List<Runnable>> deliveries = new HashMap<>();
      for (int i = 0; i < taken.size(); i++) {
        Waiting<?> one = taken.get(i);
        Optional<Object> result = i < results.size() ? results.get(i) : Optional.empty();
        deliveries
            .computeIfAbsent(one.executor(), first -> new ArrayList<>(taken.size()))
            .add(() -> one.complete(result));
      }
      deliveries.forEach((executor, some) -> executor.execute(() -> some.forEach(Runnable::run)));
    }
  }
}
