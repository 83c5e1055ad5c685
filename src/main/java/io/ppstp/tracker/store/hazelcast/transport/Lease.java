package io.ppstp.tracker.store.hazelcast.transport;

import io.ppstp.tracker.store.hazelcast.transport.Message.Ping;
import io.ppstp.tracker.store.hazelcast.transport.Message.Pong;
import io.ppstp.tracker.store.hazelcast.transport.Message.Resign;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether this node may speak for the cluster: whether enough other members have confirmed, not too
 * long ago by this node's own monotonic clock, that it belongs to them. Thread-safe.
 *
 * <p>A node that was paused, or is cut off, holds state that the others may have changed since. It
 * cannot know that it was away before it hears from them; so its right to answer runs out by
 * itself. What counts is when the question was sent that another member has confirmed: an answer
 * that lay about while this node was paused confirms nothing.
 *
 * <p>The others in turn change nothing that a lost member may still have a lease to speak about,
 * see {@link GracePeriod}: Hazelcast may do without a member at any moment, also one that has just
 * been heard of. The oldest member decides who belongs to the cluster, and should it be lost, the
 * next one does; so a lease needs the confirmation of the oldest of the others, and of one who sees
 * the same members, for while views differ the cluster may be about to split.
 *
 * <p>A member whose state is still on its way to the others after a split neither speaks nor
 * confirms: what the others lost with it would be denied until it has come back.
 */
public final class Lease {
  private final RemoteQuestions remote;
  private final Membership membership;
  private final LongSupplier nanoClock;
  private final long lengthNs;
  private final int minimumMembers;
  private final ClusterClock clock;
  private final GracePeriod grace;
  private final Map<UUID, Long> confirmedNs = new ConcurrentHashMap<>();
  private volatile long validUntilNs;
  private volatile boolean alone;
  private volatile boolean resigned;

  /** What Hazelcast knows at the moment of the call. Thread-safe. */
  @FunctionalInterface
  public interface Membership {
    /** Returns who belongs to the cluster. */
    MemberView view();

    /** Returns whether this member has left its side of a split, and its state is being merged. */
    default boolean isMerging() {
      return false;
    }
  }

  /**
   * Makes a lease that is not valid yet.
   *
   * @param lengthNs for which a confirmation holds
   * @param minimumMembers members below which none may speak, this one included; 0 for no bound
   */
  public Lease(
      RemoteQuestions remote,
      Membership membership,
      LongSupplier nanoClock,
      long lengthNs,
      int minimumMembers,
      ClusterClock clock) {
    this.remote = remote;
    this.membership = membership;
    this.nanoClock = nanoClock;
    this.lengthNs = lengthNs;
    this.minimumMembers = minimumMembers;
    this.clock = clock;
    this.grace = new GracePeriod(nanoClock, lengthNs);
    this.validUntilNs = nanoClock.getAsLong() - 1;
    remote.signalTo(
        new RemoteQuestions.Signals() {
          @Override
          public Pong ping(String sender, Ping ping) {
            return answer(sender, ping);
          }

          @Override
          public void pong(String sender, Pong pong) {
            take(sender, pong);
          }

          @Override
          public void resign(String sender, Resign resign) {
            if (membership.view().has(sender, resign.member())) {
              grace.resigned(resign.member());
            }
          }
        });
  }

  /** Returns whether this node may speak for the cluster now. */
  public boolean isValid() {
    return !resigned
        && (alone || validUntilNs - nanoClock.getAsLong() > 0)
        && !membership.isMerging();
  }

  /**
   * Returns whether this node may execute changes as the owner of their shards: whether no member
   * that was lost can speak for the cluster any more.
   */
  public boolean mayChange() {
    return grace.isOver(membership.view());
  }

  /** Asks the other members; to be called several times within the length of the lease. */
  public void renew() {
    if (resigned) {
      return;
    }
    MemberView now = membership.view();
    grace.look(now);
    confirmedNs.keySet().retainAll(now.members());
    assess(now);
    Ping ping = new Ping(now.here(), now.fingerprint(), nanoClock.getAsLong());
    for (MemberView.Other other : now.others()) {
      remote.send(other.name(), 0, 0, ping);
    }
  }

  /**
   * Gives the lease up for good and tells the others, so that they wait for nothing when this node
   * leaves.
   */
  public void resign() {
    resigned = true;
    MemberView now = membership.view();
    for (MemberView.Other other : now.others()) {
      remote.send(other.name(), 0, 0, new Resign(now.here()));
    }
  }

  private Pong answer(String sender, Ping ping) {
    MemberView now = membership.view();
    grace.look(now);
    boolean confirms =
        now.has(sender, ping.member())
            && now.fingerprint() == ping.view()
            && !membership.isMerging();
    if (confirms) {
      grace.confirmed(ping.member());
    }
    return new Pong(now.here(), ping.sentNs(), clock.millis(), confirms, grace.remainingNs());
  }

  private void take(String sender, Pong pong) {
    MemberView now = membership.view();
    if (!now.has(sender, pong.member()) || !pong.confirms()) {
      return;
    }
    grace.look(now);
    confirmedNs.merge(pong.member(), pong.sentNs(), (a, b) -> a - b > 0 ? a : b);
    if (now.oldest().equals(pong.member())) {
      clock.follow(pong.clockMs(), pong.sentNs());
      grace.told(pong.sentNs(), pong.graceNs());
    }
    assess(now);
  }

  /** Finds out until when enough members have confirmed, the oldest of them among these. */
  private void assess(MemberView now) {
    int members = now.others().size() + 1;
    int needed = Math.max(minimumMembers, members == 1 ? 1 : 2) - 1;
    long nowNs = nanoClock.getAsLong();
    // By age, for the clock has no beginning.
    long[] ages =
        now.others().stream()
            .map(other -> confirmedNs.get(other.id()))
            .filter(Objects::nonNull)
            .mapToLong(atNs -> nowNs - atNs)
            .toArray();
    Long ofOldest = members == 1 ? null : confirmedNs.get(now.others().get(0).id());
    alone = needed == 0;
    if (ofOldest == null || ages.length < needed) {
      validUntilNs = nowNs - 1;
      return;
    }
    Arrays.sort(ages);
    validUntilNs = nowNs - Math.max(ages[needed - 1], nowNs - ofOldest) + lengthNs;
  }
}
