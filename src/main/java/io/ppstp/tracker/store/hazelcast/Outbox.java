package io.ppstp.tracker.store.hazelcast;

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
 * What waits to go to one node, and the errands whose answers have not come. Thread-safe.
 *
 * <p>While a letter with errands is under way, nothing leaves until a letter comes from there: the
 * more there is to do, the more travels together, and the less each parcel costs.
 */
final class Outbox {
  private static final int MOST_TOGETHER = 512;

  private final Map<Long, Errander<?>> unanswered = new LinkedHashMap<>();
  private final LongSupplier numbers;
  private List<Parcel> waiting = new ArrayList<>();
  private boolean isUnderWay;
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
    return add(new Parcel.Order(number, sender.errand()));
  }

  /** Adds a parcel; returns whether somebody has to be called to {@link #take} it. */
  synchronized boolean add(Parcel parcel) {
    waiting.add(parcel);
    return isToBeCalled();
  }

  /**
   * Adds a parcel that may wait for others; returns whether somebody has to be called all the same.
   */
  synchronized boolean addAtLeisure(Parcel parcel) {
    waiting.add(parcel);
    return waiting.size() >= MOST_TOGETHER && isToBeCalled();
  }

  private boolean isToBeCalled() {
    boolean first = !isUnderWay && !isCalled;
    isCalled |= first;
    return first;
  }

  /** Returns what goes in the next letter, in the order in which it came; empty if nothing. */
  synchronized List<Parcel> take() {
    isCalled = false;
    if (isUnderWay) {
      return List.of();
    }
    List<Parcel> all = waiting;
    int count = Math.min(all.size(), MOST_TOGETHER);
    List<Parcel> taken = all.subList(0, count);
    waiting = new ArrayList<>(all.subList(count, all.size()));
    isUnderWay = taken.stream().anyMatch(Parcel::isToBeAnswered);
    return taken;
  }

  /** A letter has come from there, or none is to be expected any more. */
  synchronized void returned() {
    isUnderWay = false;
  }

  /** Returns who sent the errand of this number, once; null if it was given up. */
  synchronized @Nullable Errander<?> answered(long number) {
    return unanswered.remove(number);
  }

  /** Gives up those errands that wait since before {@code sinceNs}, and returns their senders. */
  synchronized List<Errander<?>> giveUp(long sinceNs) {
    List<Errander<?>> forgotten = new ArrayList<>(0);
    Iterator<Errander<?>> oldest = unanswered.values().iterator();
    while (oldest.hasNext()) {
      Errander<?> sender = oldest.next();
      if (sender.sinceNs() - sinceNs >= 0) {
        break;
      }
      oldest.remove();
      forgotten.add(sender);
    }
    return forgotten;
  }

  /** Gives up all errands, sent or not, and returns their senders. */
  synchronized List<Errander<?>> giveUpAll() {
    List<Errander<?>> all = new ArrayList<>(unanswered.values());
    unanswered.clear();
    waiting = new ArrayList<>();
    return all;
  }
}
