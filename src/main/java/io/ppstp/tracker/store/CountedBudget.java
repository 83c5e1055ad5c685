package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.PeerBudget;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the registrations in this process's charge against a limit. Thread-safe, exact. */
public final class CountedBudget implements PeerBudget {
  private final AtomicInteger peers = new AtomicInteger();
  private volatile int maximum;

  /** Allows {@code maximum} registrations at a time. */
  public CountedBudget(int maximum) {
    this.maximum = maximum;
  }

  /** Returns the number of registrations now counted. */
  public int peers() {
    return peers.get();
  }

  /** Sets the count, after registrations have come from elsewhere or gone there. */
  public void recounted(int registrations) {
    peers.set(registrations);
  }

  /** Allows {@code registrations} at a time from now on; those there are stay. */
  public void limit(int registrations) {
    maximum = registrations;
  }

  @Override
  public boolean tryReserve() {
    int most = maximum;
    return peers.getAndUpdate(count -> count < most ? count + 1 : count) < most;
  }

  @Override
  public void release() {
    peers.decrementAndGet();
  }
}
