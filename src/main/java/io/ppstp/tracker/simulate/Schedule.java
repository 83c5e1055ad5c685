package io.ppstp.tracker.simulate;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done, by the time at which it is due. Confined to the simulation's event loop. */
final class Schedule {
  /** Something to do; {@code order} makes the order of things due at the same time a fixed one. */
  record Item(long dueNs, long order, Task task) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      int byTime = Long.compare(dueNs, other.dueNs);
      return byTime == 0 ? Long.compare(order, other.order) : byTime;
    }
  }

  /** Does something that was due at {@code dueNs}. */
  interface Task {
    void run(long dueNs);
  }

  private final PriorityQueue<Item> items = new PriorityQueue<>();
  private long lastOrder;

  void add(long dueNs, Task task) {
    items.add(new Item(dueNs, ++lastOrder, task));
  }

  /** Removes and returns the first thing that is due, or null. */
  @Nullable Item next(long nowNs) {
    Item first = items.peek();
    return first == null || first.dueNs() > nowNs ? null : items.remove();
  }
}
