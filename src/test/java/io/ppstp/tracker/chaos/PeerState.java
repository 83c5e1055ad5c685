package io.ppstp.tracker.chaos;

import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tracker knows of a peer, as far as its answers depend on it, and how requests change it
 * (RFC 7846, Sections 2.3 and 4.1, Table 6 as the tracker's default policy reads it). Immutable.
 *
 * @param joined modes by swarm, empty if the peer is not registered
 * @param pasts the last CONNECTs that succeeded, the youngest first: their repeats are answered as
 *     they were and not executed
 */
record PeerState(SortedMap<String, PeerMode> joined, List<Past> pasts) {
  /** As many as the tracker remembers. */
  private static final int MOST_PASTS = 5;

  /** A CONNECT that succeeded; immutable. */
  record Past(String transaction, Answer answer) {}

  /**
   * What a tracker answered, without peer lists; immutable.
   *
   * @param code the PPSTP error code, 0 for success, -1 if there was none
   * @param results 0 or 1 by swarm, empty if the whole request failed
   */
  record Answer(int code, SortedMap<String, Integer> results) {
    static final Answer FORBIDDEN = new Answer(3, new TreeMap<>());

    static Answer success(Map<String, Integer> results) {
      return new Answer(0, new TreeMap<>(results));
    }

    /**
     * Returns whether the request is settled: neither an internal server error (04) nor a service
     * that is unavailable (05), after which peers repeat it.
     */
    boolean isDefinite() {
      return code != 4 && code != 5;
    }

    @Override
    public String toString() {
      return "0" + code + (results.isEmpty() ? "" : results);
    }
  }

  static final PeerState NEW = new PeerState(new TreeMap<>(), List.of());

  /** A state after a request, and what the request was answered with. */
  record Step(PeerState after, Answer answer) {}

  boolean isRegistered() {
    return !joined.isEmpty();
  }

  Step apply(PeerRequest request) {
    if (request instanceof PeerRequest.Connect connect) {
      return pasts.stream()
          .filter(past -> past.transaction.equals(connect.transaction()))
          .findFirst()
          .map(past -> unchanged(past.answer))
          .orElseGet(() -> execute(connect.transaction(), connect.actions()));
    }
    if (request instanceof PeerRequest.Find find) {
      boolean isMember = joined.containsKey(find.swarm());
      return unchanged(isMember ? Answer.success(Map.of(find.swarm(), 0)) : Answer.FORBIDDEN);
    }
    return unchanged(report(((PeerRequest.Report) request).swarms()));
  }

  private Step unchanged(Answer result) {
    return new Step(this, result);
  }

  private Answer report(List<String> swarms) {
    SortedMap<String, Integer> results = new TreeMap<>();
    swarms.forEach(swarm -> results.put(swarm, joined.containsKey(swarm) ? 0 : 1));
    boolean counts = isRegistered() && (results.isEmpty() || results.containsValue(0));
    return counts ? new Answer(0, results) : Answer.FORBIDDEN;
  }

  private Step execute(String newTransaction, List<SwarmAction> actions) {
    switch (judge(actions)) {
      case FORBIDDEN -> {
        return unchanged(Answer.FORBIDDEN);
      }
      case TERMINATING -> {
        return new Step(new PeerState(new TreeMap<>(), pasts), Answer.FORBIDDEN);
      }
      case VALID -> {}
    }
    SortedMap<String, PeerMode> after = new TreeMap<>(joined);
    SortedMap<String, Integer> results = new TreeMap<>();
    for (SwarmAction action : actions) {
      if (action.leaves()) {
        results.put(action.swarmId(), after.remove(action.swarmId()) == null ? 1 : 0);
      }
    }
    for (SwarmAction action : actions) {
      PeerMode mode = action.mode();
      if (!action.leaves() && mode != null) {
        after.put(action.swarmId(), mode);
        results.put(action.swarmId(), 0);
      }
    }
    if (!results.containsValue(0)) {
      return unchanged(Answer.FORBIDDEN);
    }
    Answer success = new Answer(0, results);
    List<Past> remembered = new ArrayList<>(List.of(new Past(newTransaction, success)));
    remembered.addAll(pasts);
    while (remembered.size() > MOST_PASTS) {
      remembered.remove(MOST_PASTS);
    }
    return new Step(new PeerState(after, List.copyOf(remembered)), success);
  }

  private enum Verdict {
    VALID,
    FORBIDDEN,
    TERMINATING
  }

  /** Judges a combination of actions, as Table 6 does. */
  private Verdict judge(List<SwarmAction> actions) {
    long leaves = actions.stream().filter(SwarmAction::leaves).count();
    long leeches = actions.stream().filter(it -> it.joinsAs(PeerMode.LEECH)).count();
    long seeders = actions.size() - leaves - leeches;
    boolean isValid;
    if (!isRegistered()) {
      isValid = leaves == 0 && (leeches == 0 || (leeches == 1 && seeders == 0));
    } else if (seeders == actions.size()) {
      return Verdict.TERMINATING;
    } else {
      boolean isSwitch = leaves == 1 && leeches == 1 && seeders == 0 && isLeechOfOneAfter(actions);
      boolean isLeech = joined.get(actions.get(0).swarmId()) == PeerMode.LEECH;
      boolean isRefresh = leeches == 1 && actions.size() == 1 && isLeech;
      boolean isCompletion = leaves == 1 && seeders == 1 && isOneSwarm(actions) && isLeech;
      isValid = leaves == actions.size() || isSwitch || isRefresh || isCompletion;
    }
    return isValid ? Verdict.VALID : Verdict.FORBIDDEN;
  }

  /** Judges a LEAVE and a JOIN as LEECH: without the LEAVE it is a JOIN of one swarm more. */
  private boolean isLeechOfOneAfter(List<SwarmAction> actions) {
    SortedMap<String, PeerMode> rest = new TreeMap<>(joined);
    boolean hasLeft = false;
    for (SwarmAction action : actions) {
      PeerMode before = rest.remove(action.swarmId());
      hasLeft |= action.leaves() ? before != null : before == PeerMode.LEECH;
    }
    return hasLeft && !rest.containsValue(PeerMode.LEECH);
  }

  private static boolean isOneSwarm(List<SwarmAction> actions) {
    return actions.stream().map(SwarmAction::swarmId).distinct().count() == 1;
  }

  @Override
  public String toString() {
    return (isRegistered() ? joined.toString() : "not registered")
        + (pasts.isEmpty() ? "" : " by " + pasts.get(0).transaction);
  }
}
