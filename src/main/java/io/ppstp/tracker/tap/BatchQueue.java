package io.ppstp.tracker.tap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the output, in batches. What it takes is known at all times, so that those who
 * fill it can stop in time. Confined to one event loop.
 */
final class BatchQueue {
  /** Marks of batches that wait, about: each can take many kilobytes. */
  private static final int MOST_MARKS = 64;

  /** To make a mark costs some microseconds for each process that is known. */
  private static final long LEAST_BETWEEN_MARKS_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private final BatchRules rules;
  private final LongSupplier nanoTime;
  private final Supplier<@Nullable TapMark> marks;
  private final Deque<Batch> sealed = new ArrayDeque<>();
  private @Nullable Batch open;

  /** To be filled again, so that a few events at a time do not cost a large array each. */
  private @Nullable Batch spare;

  private long held;
  private long unmarkedBytes;
  private long markedNs;

  /**
   * Makes one that is empty.
   *
   * @param marks asked when a batch is sealed how far the tap is: with each that is due before
   *     others wait, a few in a second, and of those that wait so often that little is between two
   */
  BatchQueue(BatchRules rules, LongSupplier nanoTime, Supplier<@Nullable TapMark> marks) {
    this.rules = rules;
    this.nanoTime = nanoTime;
    this.marks = marks;
    this.markedNs = nanoTime.getAsLong() - LEAST_BETWEEN_MARKS_NS;
  }

  /** Lets the next line find room: seals a batch that has none before that line is counted. */
  void makeRoom(int line) {
    Batch current = open;
    if (current != null && (!current.hasRoomFor(line) || current.events() >= rules.events())) {
      seal(current, false);
    }
  }

  /** Adds a line, for which {@link #makeRoom} has been called. */
  void add(byte[] bytes, int from, int length) {
    Batch current = open;
    if (current == null) {
      current = begin(length + 1);
      open = current;
      held += current.capacity();
    }
    current.add(bytes, from, length);
  }

  private Batch begin(int least) {
    Batch used = spare;
    spare = null;
    long nowNs = nanoTime.getAsLong();
    return used != null && used.capacity() >= least
        ? used.emptied(nowNs)
        : new Batch(Math.max(rules.bytes(), least), nowNs);
  }

  private void seal(Batch batch, boolean goesAtOnce) {
    unmarkedBytes += batch.capacity();
    long nowNs = nanoTime.getAsLong();
    boolean much = unmarkedBytes >= rules.mostBytes() / MOST_MARKS;
    boolean late = nowNs - markedNs >= LEAST_BETWEEN_MARKS_NS;
    if (much || (goesAtOnce && late)) {
      unmarkedBytes = 0;
      markedNs = nowNs;
      batch.seal(marks.get());
    }
    sealed.add(batch);
    open = null;
  }

  /**
   * Returns the next batch if it is due, else null.
   *
   * @param now whether all are due
   */
  @Nullable Batch poll(boolean now) {
    Batch current = open;
    if (sealed.isEmpty() && current != null && (now || waitNs() <= 0)) {
      seal(current, true);
    }
    return sealed.poll();
  }

  /** Returns the nanoseconds until a batch is due, -1 if none waits. */
  long waitNs() {
    if (!sealed.isEmpty()) {
      return 0;
    }
    Batch current = open;
    if (current == null) {
      return -1;
    }
    boolean full = current.events() >= rules.events();
    long dueNs = full ? 0 : current.bornNs() + rules.age().toNanos() - nanoTime.getAsLong();
    return Math.max(0, dueNs);
  }

  /** Takes a batch back that was polled, which nobody may look at any more. */
  void release(Batch batch) {
    held -= batch.capacity();
    if (batch.capacity() == rules.bytes()) {
      spare = batch;
    }
  }

  /** Returns the bytes that are held, polled batches included until they are released. */
  long held() {
    return held;
  }

  /** Returns whether no more should be read: a piece of a connection's data would be too much. */
  boolean isFull() {
    return held + 2L * rules.bytes() > rules.mostBytes();
  }

  /** Returns whether there is room enough to read again. */
  boolean isRoomy() {
    return held + 2L * rules.bytes() <= rules.mostBytes() / 2 || held == 0;
  }

  boolean isEmpty() {
    return open == null && sealed.isEmpty();
  }
}
