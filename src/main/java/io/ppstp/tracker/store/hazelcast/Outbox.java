package io.ppstp.tracker.store.hazelcast;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to go to one node, and the errands whose answers have not come. Thread-safe.
 *
 * <p>While a letter with errands is under way, others wait until a letter comes from there: the
 * more there is to do, the more travels together, and the less each parcel costs. Errands to copies
 * wait for nothing but others such, which are answered at once; answers wait for nothing. So no
 * node ever waits for another that waits for it.
 */
final class Outbox {
  private static final int MOST_TOGETHER = 512;

  private final Map<Long, Errander<?>> unanswered = new LinkedHashMap<>();
  private final LongSupplier numbers;
  private final Queue answers = new Queue();
  private final Queue toCopies = new Queue();
  private final Queue toOwners = new Queue();
  private boolean isCalled;

  /**
   * Somebody who sent an errand; immutable.
   *
   * @param executor on which the answer is wanted
   * @param answer empty in the end if the errand could not be run, or nobody knows
   * @param sinceNs {@link System#nanoTime()}
   */
  record Errander<R>(
      Errand<R> errand,
      Executor executor,
      CompletableFuture<Optional<Applied<R>>> answer,
      long sinceNs) {
    /** Lets the errand's sender know that nobody knows. */
    void disappoint() {
      executor.execute(() -> answer.complete(Optional.empty()));
    }
  }

  /** Parcels that wait for the same. */
  private static final class Queue {
    private List<Parcel> waiting = new ArrayList<>();
    private boolean isUnderWay;

    /** Moves what may leave to {@code letter}, in the order in which it came. */
    void takeTo(List<Parcel> letter) {
      if (isUnderWay || waiting.isEmpty()) {
        return;
      }
      int count = Math.min(waiting.size(), MOST_TOGETHER);
      List<Parcel> taken = waiting.subList(0, count);
      letter.addAll(taken);
      isUnderWay = taken.stream().anyMatch(Parcel::isToBeAnswered);
      waiting = new ArrayList<>(waiting.subList(count, waiting.size()));
    }
  }

  /**
   * Makes an empty box.
   *
   * @param numbers of errands, none of them twice
   */
  Outbox(LongSupplier numbers) {
    this.numbers = numbers;
  }

  /** Adds an errand; returns whether somebody has to be called to {@link #take} it. */
  synchronized boolean add(Errander<?> sender) {
    long number = numbers.getAsLong();
    unanswered.put(number, sender);
    return add(
        sender.errand() instanceof Errand.ToCopy ? toCopies : toOwners,
        new Parcel.Order(number, sender.errand()));
  }

  /** Adds an answer; returns whether somebody has to be called to {@link #take} it. */
  synchronized boolean add(Parcel.Answer answer) {
    return add(answers, answer);
  }

  /** Adds an errand that may wait for others; returns whether somebody has to be called even so. */
  synchronized boolean addAtLeisure(Errand<?> errand) {
    toOwners.waiting.add(new Parcel.Order(Parcel.Order.NO_ANSWER, errand));
    return toOwners.waiting.size() >= MOST_TOGETHER && isToBeCalledFor(toOwners);
  }

  private boolean add(Queue queue, Parcel parcel) {
    queue.waiting.add(parcel);
    return isToBeCalledFor(queue);
  }

  private boolean isToBeCalledFor(Queue queue) {
    boolean first = !queue.isUnderWay && !isCalled;
    isCalled |= first;
    return first;
  }

  /** Returns what goes in the next letter; empty if nothing. */
  synchronized List<Parcel> take() {
    isCalled = false;
    List<Parcel> letter = new ArrayList<>();
    answers.takeTo(letter);
    toCopies.takeTo(letter);
    toOwners.takeTo(letter);
    return letter;
  }

  /** A letter has come from there, or none is to be expected any more. */
  synchronized void returned() {
    toCopies.isUnderWay = false;
    toOwners.isUnderWay = false;
  }

  /** Returns who sent the errand of this number, once; null if it was given up. */
  synchronized @Nullable Errander<?> answered(long number) {
    return unanswered.remove(number);
  }

  /**
   * Gives up those errands that wait since before {@code sinceNs}, and returns their senders. What
   * has not left yet never will.
   */
  synchronized List<Errander<?>> giveUp(long sinceNs) {
    List<Errander<?>> forgotten = new ArrayList<>(0);
    Set<Long> numbersGivenUp = new HashSet<>(0);
    Iterator<Map.Entry<Long, Errander<?>>> oldest = unanswered.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Long, Errander<?>> next = oldest.next();
      if (next.getValue().sinceNs() - sinceNs >= 0) {
        break;
      }
      oldest.remove();
      forgotten.add(next.getValue());
      numbersGivenUp.add(next.getKey());
    }
    if (!forgotten.isEmpty()) {
      toCopies.waiting.removeIf(it -> numbersGivenUp.contains(it.number()));
      toOwners.waiting.removeIf(it -> numbersGivenUp.contains(it.number()));
    }
    return forgotten;
  }

  /** Gives up all errands, sent or not, and returns their senders. */
  synchronized List<Errander<?>> giveUpAll() {
    List<Errander<?>> all = new ArrayList<>(unanswered.values());
    unanswered.clear();
    toCopies.waiting.clear();
    toOwners.waiting.clear();
    answers.waiting.clear();
    return all;
  }
}
