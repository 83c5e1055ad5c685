package io.ppstp.tracker.store.hazelcast.transport;

import io.ppstp.tracker.store.hazelcast.state.Question;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one channel to one node: those that wait to be sent, and those whose answers
 * have not come. Thread-safe.
 *
 * <p>While a batch is under way, others wait until its answers come: the more there is to ask, the
 * more travels together, and the less each costs.
 */
final class QuestionQueue {
  private static final int MOST_TOGETHER = 256;

  private final LongSupplier numbers;
  private final Map<Long, Pending<?>> unanswered = new LinkedHashMap<>();
  private List<Pending<?>> waiting = new ArrayList<>();
  private boolean isUnderWay;

  /** Whether somebody has been called to {@link #take} what waits. */
  private boolean isCalled;

  /**
   * A question whose answer somebody waits for; immutable.
   *
   * @param answer empty if none came
   * @param sinceNs {@link System#nanoTime()}
   */
  record Pending<R>(
      long number,
      Question<R> question,
      Executor executor,
      CompletableFuture<Optional<R>> answer,
      long sinceNs) {
    /** Lets the asker know that no answer comes. */
    void giveUp() {
      executor.execute(() -> answer.complete(Optional.empty()));
    }
  }

  /**
   * Makes an empty queue.
   *
   * @param numbers for questions, none of them twice
   */
  QuestionQueue(LongSupplier numbers) {
    this.numbers = numbers;
  }

  /** Adds a question; returns whether somebody has to be called to {@link #take} it. */
  synchronized <R> boolean add(
      Question<R> question,
      Executor executor,
      CompletableFuture<Optional<R>> answer,
      long sinceNs) {
    waiting.add(new Pending<>(numbers.getAsLong(), question, executor, answer, sinceNs));
    boolean call = !isUnderWay && !isCalled;
    isCalled |= call;
    return call;
  }

  /** Returns the questions of the next batch; empty if none is to be sent now. */
  synchronized List<Message.Asked> take() {
    isCalled = false;
    if (isUnderWay || waiting.isEmpty()) {
      return List.of();
    }
    int count = Math.min(waiting.size(), MOST_TOGETHER);
    List<Message.Asked> batch = new ArrayList<>(count);
    for (Pending<?> pending : waiting.subList(0, count)) {
      unanswered.put(pending.number(), pending);
      batch.add(new Message.Asked(pending.number(), pending.question()));
    }
    waiting = new ArrayList<>(waiting.subList(count, waiting.size()));
    isUnderWay = true;
    return batch;
  }

  /** Answers have come, or none are to be expected: the next batch may go. */
  synchronized void returned() {
    isUnderWay = false;
  }

  /** Returns who asked the question of this number, once; null if it was given up. */
  synchronized @Nullable Pending<?> answered(long number) {
    return unanswered.remove(number);
  }

  /** Removes and returns those that wait since before {@code sinceNs}, sent or not. */
  synchronized List<Pending<?>> removeOlderThan(long sinceNs) {
    List<Pending<?>> old = new ArrayList<>(0);
    Iterator<Pending<?>> sent = unanswered.values().iterator();
    while (sent.hasNext()) {
      Pending<?> pending = sent.next();
      if (pending.sinceNs() - sinceNs < 0) {
        sent.remove();
        old.add(pending);
      }
    }
    waiting.removeIf(pending -> pending.sinceNs() - sinceNs < 0 && old.add(pending));
    if (!old.isEmpty()) {
      isUnderWay = false;
    }
    return old;
  }

  /** Removes and returns all. */
  synchronized List<Pending<?>> removeAll() {
    List<Pending<?>> all = new ArrayList<>(unanswered.values());
    all.addAll(waiting);
    unanswered.clear();
    waiting.clear();
    isUnderWay = false;
    return all;
  }
}
