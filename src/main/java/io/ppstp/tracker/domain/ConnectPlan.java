package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectOutcome.Step.Effect;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a valid combination of actions does, swarm by swarm (RFC 7846, Section 2.3.2-A); immutable.
 *
 * @param steps JOINs before LEAVEs, each in the order of the request: the order of the results
 * @param memberships those after all steps
 */
record ConnectPlan(List<Step> steps, Map<SwarmKey, PeerMode> memberships) {

  /** Returns whether any action succeeds; if none does the whole request fails. */
  boolean anySuccess() {
    return steps.stream().anyMatch(Step::successful);
  }

  /** Adds those memberships to {@code joins} that no step brings or renews. */
  void membershipsBesides(List<ListUpdate.Join> joins) {
    Set<SwarmKey> carried = new HashSet<>();
    for (ListUpdate.Join join : joins) {
      carried.add(join.swarm());
    }
    memberships.forEach(
        (swarm, mode) -> {
          if (!carried.contains(swarm)) {
            joins.add(new ListUpdate.Join(swarm, mode));
          }
        });
  }

  /**
   * Applies {@code actions} to {@code before}, LEAVEs first, so that a switch needs no room for
   * both swarms.
   *
   * @param maxSwarms memberships allowed; a JOIN beyond fails alone
   */
  static ConnectPlan make(
      Map<SwarmKey, PeerMode> before, List<SwarmAction> actions, int maxSwarms) {
    if (before.isEmpty() && actions.size() == 1 && !actions.get(0).leaves()) {
      return singleJoin(actions.get(0));
    }
    Map<SwarmKey, PeerMode> after = new HashMap<>(before);
    Set<SwarmKey> left = new HashSet<>();
    for (SwarmAction action : actions) {
      SwarmKey swarm = new SwarmKey(action.swarmId());
      if (action.leaves() && after.remove(swarm) != null) {
        left.add(swarm);
      }
    }
    List<Step> steps = new ArrayList<>(actions.size());
    for (SwarmAction action : actions) {
      if (!action.leaves()) {
        steps.add(join(after, action, before, maxSwarms));
      }
    }
    for (SwarmAction action : actions) {
      if (action.leaves()) {
        steps.add(leave(after, new SwarmKey(action.swarmId()), left));
      }
    }
    return new ConnectPlan(List.copyOf(steps), after);
  }

  private static ConnectPlan singleJoin(SwarmAction action) {
    SwarmKey swarm = new SwarmKey(action.swarmId());
    PeerMode mode = Objects.requireNonNull(action.mode());
    return new ConnectPlan(List.of(new Step(swarm, mode, Effect.JOINED)), Map.of(swarm, mode));
  }

  private static Step leave(
      Map<SwarmKey, PeerMode> memberships, SwarmKey swarm, Set<SwarmKey> left) {
    if (!left.contains(swarm)) {
      return new Step(swarm, null, Effect.FAILED);
    }
    boolean rejoined = memberships.containsKey(swarm);
    return new Step(swarm, null, rejoined ? Effect.LEFT_TO_REJOIN : Effect.LEFT);
  }

  private static Step join(
      Map<SwarmKey, PeerMode> memberships,
      SwarmAction action,
      Map<SwarmKey, PeerMode> before,
      int maxSwarms) {
    SwarmKey swarm = new SwarmKey(action.swarmId());
    PeerMode mode = Objects.requireNonNull(action.mode());
    if (memberships.size() >= maxSwarms && !memberships.containsKey(swarm)) {
      return new Step(swarm, mode, Effect.FAILED);
    }
    memberships.put(swarm, mode);
    PeerMode earlier = before.get(swarm);
    if (earlier == null) {
      return new Step(swarm, mode, Effect.JOINED);
    }
    return new Step(swarm, mode, earlier == mode ? Effect.REFRESHED : Effect.MODE_CHANGED);
  }
}
