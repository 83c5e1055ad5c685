package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.SwarmAction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A peer's last successful CONNECT, kept so that its repeat is answered and not executed again (RFC
 * 7846, Section 4.3); immutable.
 *
 * @param stamp that its memberships got
 * @param seed of its peer lists, so that the repeat gets the same ones
 * @param transactionHash of its transaction ID
 * @param digest of the whole message
 * @param failed the steps that failed, null if none did
 */
public record LastConnect(
    long stamp, long seed, long atMs, long transactionHash, long digest, @Nullable BitSet failed) {

  static LastConnect of(PeerCommand.Connect connect, long stamp, List<Step> steps) {
    BitSet failed = null;
    for (int i = 0; i < steps.size(); i++) {
      if (!steps.get(i).successful()) {
        failed = failed == null ? new BitSet() : failed;
        failed.set(i);
      }
    }
    return new LastConnect(
        stamp,
        connect.seed(),
        connect.nowMs(),
        connect.transactionHash(),
        connect.digest(),
        failed);
  }

  boolean isRepeatedBy(PeerCommand.Connect connect) {
    return digest == connect.digest() && isRecent(connect);
  }

  /** Returns whether a CONNECT has this one's transaction ID but other content. */
  boolean isTransactionReusedBy(PeerCommand.Connect connect) {
    return transactionHash == connect.transactionHash()
        && digest != connect.digest()
        && isRecent(connect);
  }

  private boolean isRecent(PeerCommand.Connect connect) {
    return connect.nowMs() - atMs <= connect.rules().trackMs();
  }

  /** Returns the steps of the repeat, which has the same actions: nothing joins or leaves anew. */
  List<Step> stepsOf(List<SwarmAction> actions) {
    Set<String> joined = new HashSet<>();
    List<Step> steps = new ArrayList<>(actions.size());
    for (SwarmAction action : actions) {
      if (!action.leaves() && add(steps, action, Step.Effect.REFRESHED)) {
        joined.add(action.swarmId());
      }
    }
    for (SwarmAction action : actions) {
      if (action.leaves()) {
        boolean rejoined = joined.contains(action.swarmId());
        add(steps, action, rejoined ? Step.Effect.LEFT_TO_REJOIN : Step.Effect.LEFT);
      }
    }
    return List.copyOf(steps);
  }

  /** Adds a step, with {@code effect} unless it failed then; returns whether it succeeded. */
  private boolean add(List<Step> steps, SwarmAction action, Step.Effect effect) {
    boolean hasFailed = failed != null && failed.get(steps.size());
    steps.add(
        new Step(
            new SwarmKey(action.swarmId()),
            action.leaves() ? null : action.mode(),
            hasFailed ? Step.Effect.FAILED : effect));
    return !hasFailed;
  }
}
