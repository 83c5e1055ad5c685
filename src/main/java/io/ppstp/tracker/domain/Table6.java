package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges the combination of actions in a CONNECT (RFC 7846, Table 6), before any single swarm is
 * looked at. Stateless.
 *
 * <p>A LEAVE of a swarm that the peer is not in fails whatever else is asked for, so it does not
 * make a switch of a JOIN; nor may a switch make a peer a LEECH of two swarms.
 *
 * <p>Beyond the table, both policies allow a registered peer two things that live channels need: to
 * repeat the JOIN of the swarm it is a LEECH in, which refreshes its list, and to turn from LEECH
 * to SEEDER in one swarm by LEAVE and JOIN in one request.
 */
final class Table6 {
  /** What follows from a combination. */
  enum Judgement {
    VALID,
    /** Error 03; a registration goes on as if nothing had been sent (2.3.2-C). */
    FORBIDDEN,
    /** Error 03, and the registration ends. */
    TERMINATING
  }

  private Table6() {}

  /**
   * Judges {@code actions}.
   *
   * @param memberships the swarms of a registered peer (state TRACKING), or null in state START
   */
  static Judgement judge(
      ConnectPolicy policy,
      @Nullable Map<SwarmKey, Participation> memberships,
      List<SwarmAction> actions) {
    int leaves = 0;
    int leechJoins = 0;
    for (SwarmAction action : actions) {
      leaves += action.leaves() ? 1 : 0;
      leechJoins += action.joinsAs(PeerMode.LEECH) ? 1 : 0;
    }
    int seederJoins = actions.size() - leaves - leechJoins;
    boolean additive = policy == ConnectPolicy.ADDITIVE;
    if (memberships == null) {
      boolean oneRole = leechJoins == 0 || (leechJoins == 1 && seederJoins == 0);
      return leaves == 0 && (additive || oneRole) ? Judgement.VALID : Judgement.FORBIDDEN;
    }
    if (additive || leaves == actions.size()) {
      return Judgement.VALID;
    }
    if (seederJoins == actions.size()) {
      return Judgement.TERMINATING;
    }
    boolean leechOnly = leechJoins == 1 && leaves <= 1 && seederJoins == 0;
    boolean leech = leechOnly && staysLeechOfOne(memberships, actions);
    boolean completes = leaves == 1 && seederJoins == 1 && completes(memberships, actions);
    return leech || completes ? Judgement.VALID : Judgement.FORBIDDEN;
  }

  /** Judges one JOIN as LEECH with at most one LEAVE: a switch, or a refresh. */
  private static boolean staysLeechOfOne(
      Map<SwarmKey, Participation> memberships, List<SwarmAction> actions) {
    SwarmKey joined = null;
    SwarmKey left = null;
    for (SwarmAction action : actions) {
      SwarmKey swarm = new SwarmKey(action.swarmId());
      if (!action.leaves()) {
        joined = swarm;
      } else if (memberships.containsKey(swarm)) {
        left = swarm;
      }
    }
    if (left == null) {
      return isLeech(memberships.get(joined));
    }
    for (Map.Entry<SwarmKey, Participation> membership : memberships.entrySet()) {
      SwarmKey swarm = membership.getKey();
      boolean stays = !swarm.equals(left) && !swarm.equals(joined);
      if (stays && isLeech(membership.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean completes(
      Map<SwarmKey, Participation> memberships, List<SwarmAction> actions) {
    return actions.size() == 2
        && actions.get(0).swarmId().equals(actions.get(1).swarmId())
        && isLeech(memberships.get(new SwarmKey(actions.get(0).swarmId())));
  }

  private static boolean isLeech(@Nullable Participation there) {
    return there != null && there.mode() == PeerMode.LEECH;
  }
}
