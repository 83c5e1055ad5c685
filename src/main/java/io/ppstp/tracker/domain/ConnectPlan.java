package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectOutcome.Step.Effect;
import io.ppstp.tracker.domain.swarm.Member.Participation;
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
record ConnectPlan(List<Step> steps, Map<SwarmKey, Participation> memberships) {

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
        (swarm, there) -> {
          if (!carried.contains(swarm)) {
            joins.add(new ListUpdate.Join(swarm, there.mode()));
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
      Map<SwarmKey, Participation> before, List<SwarmAction> actions, int maxSwarms, long nowMs) {
    if (before.isEmpty() && actions.size() == 1 && !actions.get(0).leaves()) {
      return singleJoin(actions.get(0), nowMs);
    }
    Map<SwarmKey, Participation> after = new HashMap<>(before);
    Map<SwarmKey, Participation> left = new HashMap<>();
    for (SwarmAction action : actions) {
      SwarmKey swarm = new SwarmKey(action.swarmId());
      Participation there = action.leaves() ? after.remove(swarm) : null;
      if (there != null) {
        left.put(swarm, there);
      }
    }
    List<Step> steps = new ArrayList<>(actions.size());
    for (SwarmAction action : actions) {
      if (!action.leaves()) {
        steps.add(join(after, action, before, maxSwarms, nowMs));
      }
    }
    for (SwarmAction action : actions) {
      if (action.leaves()) {
        steps.add(leave(after, new SwarmKey(action.swarmId()), left, nowMs));
      }
    }
    return new ConnectPlan(List.copyOf(steps), after);
  }

  private static ConnectPlan singleJoin(SwarmAction action, long nowMs) {
    SwarmKey swarm = new SwarmKey(action.swarmId());
    PeerMode mode = Objects.requireNonNull(action.mode());
    return new ConnectPlan(
        List.of(new Step(swarm, mode, Effect.JOINED)),
        Map.of(swarm, new Participation(mode, nowMs)));
  }

  private static Step leave(
      Map<SwarmKey, Participation> memberships,
      SwarmKey swarm,
      Map<SwarmKey, Participation> left,
      long nowMs) {
    Participation ended = left.get(swarm);
    if (ended == null) {
      return new Step(swarm, null, Effect.FAILED);
    }
    return memberships.containsKey(swarm)
        ? new Step(swarm, null, Effect.LEFT_TO_REJOIN)
        : new Step(swarm, null, Effect.LEFT, ended.lastedMs(nowMs));
  }

  private static Step join(
      Map<SwarmKey, Participation> memberships,
      SwarmAction action,
      Map<SwarmKey, Participation> before,
      int maxSwarms,
      long nowMs) {
    SwarmKey swarm = new SwarmKey(action.swarmId());
    PeerMode mode = Objects.requireNonNull(action.mode());
    if (memberships.size() >= maxSwarms && !memberships.containsKey(swarm)) {
      return new Step(swarm, mode, Effect.FAILED);
    }
    Participation earlier = before.get(swarm);
    if (earlier != null && earlier.mode() == mode) {
      memberships.put(swarm, earlier);
      return new Step(swarm, mode, Effect.REFRESHED);
    }
    memberships.put(swarm, new Participation(mode, nowMs));
    return earlier == null
        ? new Step(swarm, mode, Effect.JOINED)
        : new Step(swarm, mode, Effect.MODE_CHANGED, earlier.lastedMs(nowMs));
  }
}
