package io.ppstp.tracker.store.local;

import io.ppstp.tracker.tracker.PeerBudget;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts this process's registrations against a limit. Thread-safe, exact. */
final class LocalBudget implements PeerBudget {
  private final AtomicInteger peers = new AtomicInteger();
  private final int maximum;

  LocalBudget(int maximum) {
    this.maximum = maximum;
  }

  int peers() {
    return peers.get();
  }

  @Override
  public boolean tryReserve() {
    return peers.getAndUpdate(count -> count < maximum ? count + 1 : count) < maximum;
  }

  @Override
  public void release() {
    peers.decrementAndGet();
  }
}
