package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries errands to other nodes, those together that come while earlier ones are under way: the
 * more there is to do, the less each costs. Thread-safe; no method blocks.
 */
final class Courier {
  /** The executor whose threads run errands. */
  static final String EXECUTOR = "ppstp.errands";

  /** Journeys to one node at a time: one is being run while the next is on its way. */
  private static final int JOURNEYS = 2;

  private static final int MOST_TOGETHER = 256;

  private final IExecutorService executor;
  private final Map<UUID, Outbox> outboxes = new ConcurrentHashMap<>();

  /** Makes a courier from this node; blocks. */
  Courier(HazelcastInstance hazelcast) {
    executor = hazelcast.getExecutorService(EXECUTOR);
  }

  /**
   * Has an errand run at {@code owner}.
   *
   * @return empty if it could not be run there, or nobody knows whether it was; the stage always
   *     completes normally
   */
  <R> CompletionStage<Optional<R>> send(Member owner, Errand<R> errand) {
    Outbox outbox = outboxes.computeIfAbsent(owner.getUuid(), first -> new Outbox(owner));
    CompletableFuture<Optional<R>> answer = new CompletableFuture<>();
    outbox.add(new Waiting<>(errand, answer));
    return answer;
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
    private int journeys;

    Outbox(Member owner) {
      this.owner = owner;
    }

    void add(Waiting<?> one) {
      synchronized (this) {
        waiting.add(one);
      }
      setOut();
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
        executor.submitToMember(new Errands(errands), owner, new Return(this, taken, errands));
      } catch (RuntimeException e) {
        failed(taken);
      }
    }

    private synchronized List<Waiting<?>> take() {
      if (waiting.isEmpty() || journeys == JOURNEYS) {
        return List.of();
      }
      journeys++;
      List<Waiting<?>> taken = waiting;
      if (taken.size() <= MOST_TOGETHER) {
        waiting = new ArrayList<>();
        return taken;
      }
      waiting = new ArrayList<>(taken.subList(MOST_TOGETHER, taken.size()));
      return taken.subList(0, MOST_TOGETHER);
    }

    private void returned(List<Waiting<?>> taken, List<Optional<Object>> results) {
      synchronized (this) {
        journeys--;
      }
      setOut();
      for (int i = 0; i < results.size(); i++) {
        taken.get(i).complete(results.get(i));
      }
    }

    /** The node is gone, or too old to know errands: all take the other way. */
    private void failed(List<Waiting<?>> taken) {
      synchronized (this) {
        journeys--;
      }
      outboxes.remove(owner.getUuid(), this);
      taken.forEach(one -> one.complete(Optional.empty()));
      setOut();
    }
  }

  private record Return(Outbox outbox, List<Waiting<?>> taken, List<Errand<?>> errands)
      implements ExecutionCallback<byte[]> {
    @Override
    public void onResponse(byte[] answer) {
      try {
        outbox.returned(taken, Errands.results(errands, answer));
      } catch (IOException | RuntimeException e) {
        onFailure(e);
      }
    }

    @Override
    public void onFailure(Throwable failure) {
      outbox.failed(taken);
    }
  }
}
