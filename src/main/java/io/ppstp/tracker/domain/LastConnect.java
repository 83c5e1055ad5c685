package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer's last successful CONNECT and some before it, kept so that their repeats are answered and
 * not executed again (RFC 7846, Section 4.3); immutable.
 *
 * <p>An earlier one may come once more long after it was answered: from a proxy that tries again,
 * or over a connection that stood still. To execute it would undo what the peer has done since.
 *
 * @param stamp that its memberships got
 * @param seed of its peer lists, so that the repeat gets the same ones
 * @param transactionHash of its transaction ID
 * @param digest of the whole message
 * @param unusual what its steps did, two bits each; null if each JOIN joined and each LEAVE left
 * @param earlier the one before, if it is remembered
 */
public record LastConnect(
    long stamp,
    long seed,
    long atMs,
    long transactionHash,
    long digest,
    @Nullable BitSet unusual,
    @Nullable LastConnect earlier) {
  /** What a step of two bits did: by their number. */
  private static final List<Step.Effect> JOIN_EFFECTS =
      List.of(
          Step.Effect.JOINED, Step.Effect.REFRESHED, Step.Effect.MODE_CHANGED, Step.Effect.FAILED);

  private static final List<Step.Effect> LEAVE_EFFECTS =
      List.of(
          Step.Effect.LEFT,
          Step.Effect.LEFT_TO_REJOIN,
          Step.Effect.LEFT_TO_REJOIN,
          Step.Effect.FAILED);

  /** Of a single JOIN that refreshed, the usual among the unusual: shared, and never changed. */
  private static final BitSet REFRESHED = bits(1);

  /** A peer that changes more often within the track timer has its oldest ones forgotten. */
  public static final int MOST_EARLIER = 4;

  /** Shares what many have. */
  public LastConnect {
    unusual = REFRESHED.equals(unusual) ? REFRESHED : unusual;
  }

  private static BitSet bits(long bits) {
    return BitSet.valueOf(new long[] {bits});
  }

  /**
   * Makes one.
   *
   * @param before the peer's last CONNECT until now, if there was one
   */
  static LastConnect of(
      PeerCommand.Connect connect, long stamp, List<Step> steps, @Nullable LastConnect before) {
    BitSet unusual = new BitSet();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      int number = (step.joins() ? JOIN_EFFECTS : LEAVE_EFFECTS).indexOf(step.effect());
      unusual.set(2 * i, (number & 1) != 0);
      unusual.set(2 * i + 1, (number & 2) != 0);
    }
    return new LastConnect(
        stamp,
        connect.seed(),
        connect.nowMs(),
        connect.transactionHash(),
        connect.digest(),
        unusual.isEmpty() ? null : unusual,
        rememberedBy(connect, before));
  }

  /**
   * Who gives one transaction ID to requests that differ, as the examples of the RFC do, cannot
   * have a repeat told from a request like an earlier one: only its last CONNECT is remembered.
   */
  private static @Nullable LastConnect rememberedBy(
      PeerCommand.Connect connect, @Nullable LastConnect before) {
    return before == null || before.isTransactionReusedBy(connect)
        ? null
        : before.recent(connect, MOST_EARLIER);
  }

  /** Returns this with those before it that are recent, {@code most} in all. */
  private @Nullable LastConnect recent(PeerCommand.Connect connect, int most) {
    if (most == 0) {
      return null;
    }
    boolean isRecent = isRecent(connect);
    LastConnect before =
        earlier == null ? null : earlier.recent(connect, isRecent ? most - 1 : most);
    if (!isRecent) {
      return before;
    }
    return Objects.equals(before, earlier)
        ? this
        : new LastConnect(stamp, seed, atMs, transactionHash, digest, unusual, before);
  }

  /** Returns when the latest was received: not always the last one, for clocks of nodes differ. */
  long latestMs() {
    return earlier == null ? atMs : Math.max(atMs, earlier.latestMs());
  }

  /** Returns the one that a CONNECT repeats, this or an earlier one; null if it repeats none. */
  @Nullable LastConnect repeatedBy(PeerCommand.Connect connect) {
    for (LastConnect one = this; one != null; one = one.earlier) {
      if (one.digest == connect.digest() && one.isRecent(connect)) {
        return one;
      }
    }
    return null;
  }

  /** Returns whether a CONNECT has the transaction ID of a remembered one but other content. */
  boolean isTransactionReusedBy(PeerCommand.Connect connect) {
    for (LastConnect one = this; one != null; one = one.earlier) {
      if (one.transactionHash == connect.transactionHash()
          && one.digest != connect.digest()
          && one.isRecent(connect)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRecent(PeerCommand.Connect connect) {
    return connect.nowMs() - atMs <= connect.rules().trackMs();
  }

  /**
   * Returns the steps of the repeat, which has the same actions.
   *
   * @param asThen as they were when it was executed, except how long memberships had lasted;
   *     otherwise as they are now: nothing joins or leaves anew
   */
  List<Step> stepsOf(List<SwarmAction> actions, boolean asThen) {
    List<Step> steps = new ArrayList<>(actions.size());
    for (SwarmAction action : actions) {
      if (!action.leaves()) {
        Step.Effect effect = JOIN_EFFECTS.get(number(steps.size()));
        boolean failed = effect == Step.Effect.FAILED;
        add(steps, action, asThen || failed ? effect : Step.Effect.REFRESHED);
      }
    }
    for (SwarmAction action : actions) {
      if (action.leaves()) {
        add(steps, action, LEAVE_EFFECTS.get(number(steps.size())));
      }
    }
    return List.copyOf(steps);
  }

  private int number(int step) {
    return unusual == null
        ? 0
        : (unusual.get(2 * step) ? 1 : 0) + (unusual.get(2 * step + 1) ? 2 : 0);
  }

  private static void add(List<Step> steps, SwarmAction action, Step.Effect effect) {
    PeerMode mode = action.leaves() ? null : action.mode();
    steps.add(new Step(new SwarmKey(action.swarmId()), mode, effect));
  }
}
