package io.ppstp.tracker.ingress;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for the same thing with the same patience, in the order in which they began to.
 * Confined to one event loop.
 *
 * <p>The line is made of its waiters themselves: each request joins and leaves several, and must
 * not cost a search or an object for that.
 */
final class DeadlineQueue<T extends DeadlineQueue.Waiter<T>> {
  private final long patienceNs;
  private @Nullable T first;
  private @Nullable T last;

  /** Somebody who can wait in one line at a time. */
  abstract static class Waiter<T extends Waiter<T>> {
    /** When the present wait began, {@link System#nanoTime()}. */
    long waitingSinceNs;

    private @Nullable DeadlineQueue<T> line;
    private @Nullable T before;
    private @Nullable T after;
  }

  /** Makes an empty line of those who are overdue after {@code patienceNs}. */
  DeadlineQueue(long patienceNs) {
    this.patienceNs = patienceNs;
  }

  /** Puts {@code waiter}, who is in no line, at the end. */
  void add(T waiter, long nowNs) {
    waiter.waitingSinceNs = nowNs;
    place(waiter).line = this;
    place(waiter).before = last;
    if (last == null) {
      first = waiter;
    } else {
      place(last).after = waiter;
    }
    last = waiter;
  }

  boolean contains(T waiter) {
    return place(waiter).line == this;
  }

  /** Takes {@code waiter} out and returns whether it was in this line. */
  boolean remove(T waiter) {
    Waiter<T> place = waiter;
    if (place.line != this) {
      return false;
    }
    T before = place.before;
    T after = place.after;
    if (before == null) {
      first = after;
    } else {
      place(before).after = after;
    }
    if (after == null) {
      last = before;
    } else {
      place(after).before = before;
    }
    place.line = null;
    place.before = null;
    place.after = null;
    return true;
  }

  /** Removes and returns those that have waited too long. */
  List<T> removeOverdue(long nowNs) {
    return removeOverdue(nowNs, patienceNs);
  }

  /** Removes and returns those that have waited for {@code atLeastNs}. */
  List<T> removeOverdue(long nowNs, long atLeastNs) {
    List<T> overdue = new ArrayList<>(0);
    while (first != null && nowNs - first.waitingSinceNs >= atLeastNs) {
      T oldest = first;
      remove(oldest);
      overdue.add(oldest);
    }
    return overdue;
  }

  /** Private members of a type variable's bound are not members of the variable. */
  private static <T extends Waiter<T>> Waiter<T> place(T waiter) {
    return waiter;
  }
}
