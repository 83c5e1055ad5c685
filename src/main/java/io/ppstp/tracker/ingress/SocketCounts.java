package io.ppstp.tracker.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The WebSockets of a node: how many there are, of how many, and what became of them. Thread-safe.
 */
public final class SocketCounts {
  private final int maximum;
  private final ByteBudget unsent;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final LongAdder cut = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /**
   * Allows {@code maximum} sockets at a time.
   *
   * @param mostUnsent bytes that may wait for the clients of all of them to read them
   */
  SocketCounts(int maximum, long mostUnsent) {
    this.maximum = maximum;
    this.unsent = new ByteBudget(mostUnsent);
  }

  /** Returns what waits to be read. */
  ByteBudget unsent() {
    return unsent;
  }

  /** Takes a place for a socket; false, and counted, if there is none left. */
  boolean tryOpen() {
    if (open.incrementAndGet() <= maximum) {
      return true;
    }
    open.decrementAndGet();
    refused.increment();
    return false;
  }

  void closed() {
    open.decrementAndGet();
  }

  void cut() {
    cut.increment();
  }

  void dropped() {
    dropped.increment();
  }

  /** Returns the number of open sockets. */
  public int open() {
    return open.get();
  }

  /** Returns how many were refused because there were as many as there may be. */
  public long refusedCount() {
    return refused.sum();
  }

  /** Returns how many were closed for what they sent, did not send or did not read. */
  public long cutCount() {
    return cut.sum();
  }

  /** Returns how many relayed messages were dropped because their socket's client does not read. */
  public long droppedCount() {
    return dropped.sum();
  }
}
