package io.ppstp.tracker.store.hazelcast.transport;

import io.ppstp.tracker.store.hazelcast.transport.Message.Ping;
import io.ppstp.tracker.store.hazelcast.transport.Message.Pong;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether this node may speak for the cluster: whether enough other members have confirmed, not too
 * long ago by this node's own monotonic clock, that it belongs to them. Thread-safe.
 *
 * <p>A node that was paused, or is cut off, holds state that the others may have changed since. It
 * cannot know that it was away before it hears from them; so its right to answer runs out by
 * itself, after half of the time for which the others wait before they do without it. What counts
 * is when the question was sent that another member has confirmed: an answer that lay about while
 * this node was paused confirms nothing.
 */
public final class Lease {
  private final RemoteQuestions remote;
  private final Supplier<View> view;
  private final LongSupplier nanoClock;
  private final long lengthNs;
  private final int minimumMembers;
  private final ClusterClock clock;
  private final Map<String, Long> confirmedNs = new ConcurrentHashMap<>();
  private volatile long validUntilNs;
  private volatile boolean alone;

  /**
   * Who belongs to the cluster, by this node's present view; immutable.
   *
   * @param here this member
   * @param others names and IDs of the others, without those that hold no state; oldest first
   * @param hereIsOldest whether this member joined before them
   */
  public record View(UUID here, List<Other> others, boolean hereIsOldest) {
    /** Another member. */
    public record Other(String name, UUID id) {}
  }

  /**
   * Makes a lease that is not valid yet.
   *
   * @param lengthNs for which a confirmation holds
   * @param minimumMembers members below which none may speak, this one included; 0 for no bound
   */
  public Lease(
      RemoteQuestions remote,
      Supplier<View> view,
      LongSupplier nanoClock,
      long lengthNs,
      int minimumMembers,
      ClusterClock clock) {
    this.remote = remote;
    this.view = view;
    this.nanoClock = nanoClock;
    this.lengthNs = lengthNs;
    this.minimumMembers = minimumMembers;
    this.clock = clock;
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
        });
  }

  /** Returns whether this node may speak for the cluster now. */
  public boolean isValid() {
    return alone || validUntilNs - nanoClock.getAsLong() > 0;
  }

  /** Asks the other members; to be called several times within the length of the lease. */
  public void renew() {
    View now = view.get();
    confirmedNs.keySet().removeIf(node -> now.others().stream().noneMatch(isNamed(node)));
    assess(now);
    Ping ping = new Ping(now.here(), nanoClock.getAsLong());
    for (View.Other other : now.others()) {
      remote.send(other.name(), 0, 0, ping);
    }
  }

  private static java.util.function.Predicate<View.Other> isNamed(String node) {
    return other -> other.name().equals(node);
  }

  private Pong answer(String sender, Ping ping) {
    boolean isMember =
        view.get().others().stream()
            .anyMatch(other -> other.name().equals(sender) && other.id().equals(ping.member()));
    return new Pong(view.get().here(), ping.sentNs(), clock.millis(), isMember);
  }

  private void take(String sender, Pong pong) {
    View now = view.get();
    boolean known =
        now.others().stream()
            .anyMatch(other -> other.name().equals(sender) && other.id().equals(pong.member()));
    if (!known || !pong.isMember()) {
      return;
    }
    confirmedNs.merge(sender, pong.sentNs(), (a, b) -> a - b > 0 ? a : b);
    if (!now.hereIsOldest() && now.others().get(0).name().equals(sender)) {
      clock.follow(pong.clockMs(), pong.sentNs());
    }
    assess(now);
  }

  /** Finds out until when enough members have confirmed. */
  private void assess(View now) {
    int members = now.others().size() + 1;
    int needed = Math.max(minimumMembers, members == 1 ? 1 : 2) - 1;
    alone = needed == 0;
    long[] confirmed = new long[now.others().size()];
    int count = 0;
    for (View.Other other : now.others()) {
      Long atNs = confirmedNs.get(other.name());
      if (atNs != null) {
        confirmed[count++] = atNs;
      }
    }
    long nowNs = nanoClock.getAsLong();
    if (needed == 0 || count < needed) {
      validUntilNs = nowNs - 1;
      return;
    }
    // By age, for the clock has no beginning: the youngest that are needed count.
    long[] ages = new long[count];
    for (int i = 0; i < count; i++) {
      ages[i] = nowNs - confirmed[i];
    }
    Arrays.sort(ages);
    validUntilNs = nowNs - ages[needed - 1] + lengthNs;
  }
}
