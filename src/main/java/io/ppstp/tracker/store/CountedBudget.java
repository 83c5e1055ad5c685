package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.PeerBudget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is in this process's charge against its limits. Thread-safe, exact. */
public final class CountedBudget implements PeerBudget {
  private final AtomicInteger peers = new AtomicInteger();
  private final AtomicLong memberships = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private volatile Room room;

  /** Allows {@code maximum} registrations at a time, in any number of swarms. */
  public CountedBudget(int maximum) {
    this.room = new Room(maximum, Long.MAX_VALUE, () -> false);
  }

  /** Returns the number of registrations now counted. */
  public int peers() {
    return peers.get();
  }

  /** Returns how often somebody was refused for want of room. */
  public long refused() {
    return refused.sum();
  }

  /** Sets the counts, after registrations have come from elsewhere or gone there. */
  public void recounted(int registrations, long theirMemberships) {
    peers.set(registrations);
    memberships.set(theirMemberships);
  }

  /** Allows what {@code newRoom} says from now on; what is there stays. */
  public void limit(Room newRoom) {
    room = newRoom;
  }

  @Override
  public boolean tryReserve(int morePeers, int moreMemberships) {
    Room now = room;
    boolean reserved = !now.full().getAsBoolean() && tryReserve(now, morePeers, moreMemberships);
    if (!reserved) {
      refused.increment();
    }
    return reserved;
  }

  private boolean tryReserve(Room now, int morePeers, int moreMemberships) {
    if (peers.addAndGet(morePeers) > now.peers() && morePeers > 0) {
      peers.addAndGet(-morePeers);
      return false;
    }
    if (memberships.addAndGet(moreMemberships) > now.memberships() && moreMemberships > 0) {
      release(morePeers, moreMemberships);
      return false;
    }
    return true;
  }

  @Override
  public void release(int fewerPeers, int fewerMemberships) {
    peers.addAndGet(-fewerPeers);
    memberships.addAndGet(-fewerMemberships);
  }
}
