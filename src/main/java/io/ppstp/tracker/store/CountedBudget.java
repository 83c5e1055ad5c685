package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.store.TrackerStore.Room;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is in this process's charge against its limits. Thread-safe, exact. */
public final class CountedBudget implements PeerBudget {
  private final AtomicLong peers = new AtomicLong();
  private final AtomicLong memberships = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private volatile Room room;

  /** Allows {@code maximum} registrations at a time, in any number of swarms. */
  public CountedBudget(int maximum) {
    this.room = new Room(maximum, Long.MAX_VALUE, () -> false);
  }

  /** Returns the number of registrations now counted. */
  public int peers() {
    return peers.intValue();
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
    if (!tryAdd(peers, morePeers, now.peers())) {
      return false;
    }
    boolean reserved = tryAdd(memberships, moreMemberships, now.memberships());
    if (!reserved) {
      peers.addAndGet(-morePeers);
    }
    return reserved;
  }

  /** Adds unless there would be more than {@code most}; who adds nothing always may. */
  private static boolean tryAdd(AtomicLong count, int more, long most) {
    long before = count.getAndUpdate(now -> more > 0 && now + more > most ? now : now + more);
    return more <= 0 || before + more <= most;
  }

  @Override
  public void release(int fewerPeers, int fewerMemberships) {
    peers.addAndGet(-fewerPeers);
    memberships.addAndGet(-fewerMemberships);
  }
}
