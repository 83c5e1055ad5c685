package io.ppstp.tracker.store.hazelcast.transport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time after the loss of a member in which nothing is changed, because the lost one may still
 * hold a {@link Lease} and answer from state that it has. Thread-safe.
 *
 * <p>A lease needs the confirmation of the oldest of the other members, so that one knows until
 * when the lease of a lost member lasts; if it was itself lost, or has become the oldest just now,
 * it waits for the whole length of a lease. All others wait until the oldest has told them that it
 * is over. Who {@linkplain #resigned said} before it left that it answers no more is not waited
 * for.
 */
final class GracePeriod {
  private final LongSupplier nanoClock;
  private final long leaseNs;

  /** When this node last confirmed the lease of a member. */
  private final Map<UUID, Long> confirmedNs = new HashMap<>();

  private final Set<UUID> resigned = new HashSet<>();

  /** Written last of all that follows from it, so that it can be read without the lock. */
  private volatile @Nullable MemberView present;

  /** Since when the present view holds. */
  private long presentSinceNs;

  private volatile boolean awaitsOldest;
  private volatile long endNs;

  /**
   * Makes one for a node that has seen nothing yet.
   *
   * @param leaseNs how long a confirmation holds
   */
  GracePeriod(LongSupplier nanoClock, long leaseNs) {
    this.nanoClock = nanoClock;
    this.leaseNs = leaseNs;
    this.endNs = nanoClock.getAsLong();
  }

  /** Returns whether nobody who is not in {@code now} can speak for the cluster any more. */
  boolean isOver(MemberView now) {
    if (!now.equals(present)) {
      look(now);
    }
    return !awaitsOldest && nanoClock.getAsLong() - endNs >= 0;
  }

  /** Takes note of the members; to be called before anything is told to one of them. */
  synchronized void look(MemberView now) {
    MemberView before = present;
    if (now.equals(before)) {
      return;
    }
    long nowNs = nanoClock.getAsLong();
    if (before == null || !before.here().equals(now.here())) {
      // The others may have lost somebody just before this node came.
      awaitsOldest = !now.hereIsOldest();
      if (now.hereIsOldest() && !now.founder()) {
        extend(nowNs + leaseNs);
      }
    } else {
      Set<UUID> lost = new HashSet<>(before.members());
      lost.removeAll(now.members());
      lost.removeAll(resigned);
      boolean otherOldest =
          !before.oldest().equals(now.oldest()) && !resigned.contains(before.oldest());
      awaitsOldest |= !lost.isEmpty() || otherOldest;
      if (awaitsOldest && now.hereIsOldest()) {
        awaitsOldest = false;
        extend(before.hereIsOldest() ? endOfLeases(lost, nowNs) : nowNs + leaseNs);
      }
    }
    confirmedNs.keySet().retainAll(now.members());
    resigned.retainAll(now.members());
    presentSinceNs = nowNs;
    present = now;
  }

  /** Before it was the oldest, another one may have confirmed leases, so those count as of then. */
  private long endOfLeases(Set<UUID> lost, long nowNs) {
    if (nowNs - presentSinceNs < leaseNs) {
      return nowNs + leaseNs;
    }
    long end = nowNs;
    for (UUID member : lost) {
      Long lastNs = confirmedNs.get(member);
      if (lastNs != null && lastNs + leaseNs - end > 0) {
        end = lastNs + leaseNs;
      }
    }
    return end;
  }

  private void extend(long newEndNs) {
    if (newEndNs - endNs > 0) {
      endNs = newEndNs;
    }
  }

  /** Notes that this node has confirmed the lease of a member. */
  synchronized void confirmed(UUID member) {
    confirmedNs.put(member, nanoClock.getAsLong());
  }

  /** Notes that a member answers no more, and is about to leave. */
  synchronized void resigned(UUID member) {
    MemberView now = present;
    if (now != null && now.members().contains(member)) {
      resigned.add(member);
    }
  }

  /** Returns for how long nothing must be changed yet, by what this node knows; 0 if it is over. */
  synchronized long remainingNs() {
    return awaitsOldest ? leaseNs : Math.max(0, endNs - nanoClock.getAsLong());
  }

  /**
   * Takes what the oldest member said about it.
   *
   * @param askedNs when it was asked
   * @param remainingNs what {@link #remainingNs} was there
   */
  synchronized void told(long askedNs, long remainingNs) {
    if (awaitsOldest && askedNs - presentSinceNs >= 0) {
      extend(nanoClock.getAsLong() + remainingNs);
      awaitsOldest = false;
    }
  }
}
