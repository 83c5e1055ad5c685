package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.Table6.Verdict;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.PeerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides one CONNECT (RFC 7846, Sections 2.3.2 and 4.1.1): whether it is a repeat, whether Table 6
 * allows it, what becomes of the registration, and which lists follow. Confined to whoever guards
 * the shard, which it does not change.
 *
 * <p>The state PEER REGISTERED of Figure 5 lasts as long as a decision: the swarm actions are done
 * with it, the peer is tracked at once, and no init timer can run out.
 */
final class ConnectDecision {
  /**
   * A CONNECT that was received so long before one that is executed already is not executed any
   * more: its sender has given it up, and said something else since. Less is within what the clocks
   * of a cluster's nodes may differ by.
   */
  private static final long LATE_MS = 1000;

  private final PeerShard shard;
  private final PeerCommand.Connect connect;
  private final PeerBudget budget;

  ConnectDecision(PeerShard shard, PeerCommand.Connect connect, PeerBudget budget) {
    this.shard = shard;
    this.connect = connect;
    this.budget = budget;
  }

  Decision<ConnectOutcome> decide() {
    Registration peer = shard.registration(connect.peerId());
    if (peer != null && !peer.admits(connect.origin())) {
      return refused(ErrorCode.FORBIDDEN_ACTION);
    }
    Registration latest = peer == null ? shard.terminated(connect.peerId()) : peer;
    LastConnect repeated = latest == null ? null : latest.lastConnect.repeatedBy(connect);
    if (latest != null && repeated != null) {
      return repeat(latest, repeated, peer != null);
    }
    if (latest != null && connect.nowMs() + LATE_MS < latest.lastConnect.atMs()) {
      return refused(ErrorCode.SERVICE_UNAVAILABLE);
    }
    boolean reused = latest != null && latest.lastConnect.isTransactionReusedBy(connect);
    if (reused && connect.rules().refuseReusedTransactions()) {
      return refused(ErrorCode.BAD_REQUEST);
    }
    Map<SwarmKey, PeerMode> memberships = peer == null ? null : peer.memberships();
    Verdict verdict = Table6.judge(connect.rules().policy(), memberships, connect.actions());
    if (verdict == Verdict.VALID) {
      return execute(peer, latest, reused);
    }
    return verdict == Verdict.TERMINATING && peer != null
        ? terminate(peer)
        : refused(ErrorCode.FORBIDDEN_ACTION);
  }

  private static Decision<ConnectOutcome> refused(ErrorCode code) {
    return Decision.unchanged(new ConnectOutcome.Refused(code, null));
  }

  private Decision<ConnectOutcome> terminate(Registration peer) {
    budget.release(1, peer.weight());
    List<SwarmKey> swarms = List.copyOf(peer.memberships().keySet());
    Departure departure =
        new Departure(peer.id(), connect.nowMs(), swarms, Departure.Cause.TERMINATED);
    ListUpdate leaving =
        ListUpdate.leaving(peer.id(), shard.nextStamp(connect.nowMs()), swarms, null);
    return new Decision<>(
        new ConnectOutcome.Refused(ErrorCode.FORBIDDEN_ACTION, departure),
        ShardChange.terminated(peer.snapshot().withoutMemberships(), leaving));
  }

  /** Only the repeat of the last one says that the peer is still there. */
  private Decision<ConnectOutcome> repeat(Registration peer, LastConnect past, boolean registered) {
    ConnectOutcome outcome =
        new ConnectOutcome.Granted(
            false,
            !registered,
            true,
            false,
            past.stamp(),
            past.seed(),
            peer.addresses,
            peer.listing(connect.origin().rules()),
            registered ? peer.weight() : 0,
            past.stepsOf(connect.actions()));
    return registered && past.equals(peer.lastConnect)
        ? new Decision<>(outcome, ShardChange.heard(List.of(new Heard(peer.id(), connect.nowMs()))))
        : Decision.unchanged(outcome);
  }

  private Decision<ConnectOutcome> execute(
      @Nullable Registration known, @Nullable Registration latest, boolean reused) {
    Map<SwarmKey, PeerMode> before = known == null ? Map.of() : known.memberships();
    ConnectPlan plan = ConnectPlan.make(before, connect.actions(), connect.rules().maxSwarms());
    if (!plan.anySuccess()) {
      return refused(ErrorCode.FORBIDDEN_ACTION);
    }
    int weight = SwarmKey.weightOf(plan.memberships());
    int gained = weight - (known == null ? 0 : known.weight());
    boolean ends = plan.memberships().isEmpty();
    if (!reserve(known == null ? 1 : 0, gained)) {
      return refused(ErrorCode.SERVICE_UNAVAILABLE);
    }
    if (ends) {
      budget.release(1, 0);
    }
    long stamp = shard.nextStamp(connect.nowMs());
    RegistrationSnapshot after = registration(known, latest, plan, stamp);
    AddressRules rules = connect.origin().rules();
    Listing listing = Listing.of(after.addresses(), after.observed(), rules);
    boolean readdressed = known != null && !listing.equals(known.listing(rules));
    ListUpdate update =
        new ListUpdate(
            connect.peerId(),
            stamp,
            joins(plan, readdressed),
            listing,
            connect.status(),
            leaves(plan),
            null);
    ConnectOutcome outcome =
        new ConnectOutcome.Granted(
            known == null,
            ends,
            false,
            reused,
            stamp,
            connect.seed(),
            after.addresses(),
            listing,
            weight,
            plan.steps());
    return new Decision<>(
        outcome,
        ends
            ? ShardChange.terminated(after, update)
            : ShardChange.registered(after, List.of(update)));
  }

  private boolean reserve(int peers, int gained) {
    if (gained > connect.rules().room()) {
      return false;
    }
    if (gained <= 0) {
      budget.release(0, -gained);
      return true;
    }
    return budget.tryReserve(peers, gained);
  }

  private RegistrationSnapshot registration(
      @Nullable Registration known, @Nullable Registration latest, ConnectPlan plan, long stamp) {
    Origin origin = connect.origin();
    Observed observed = known == null ? Observed.NOTHING : known.observed();
    PeerAddresses advertised = connect.advertised();
    return new RegistrationSnapshot(
        connect.peerId(),
        known == null ? connect.nowMs() : known.connectedAtMs,
        known == null ? connect.nowMs() : Math.max(known.lastSeenMs, connect.nowMs()),
        plan.memberships(),
        known == null || advertised.isListable() ? advertised : known.addresses,
        observed.and(origin.ip()),
        origin.authenticated() || (known != null && known.authenticated),
        LastConnect.of(connect, stamp, plan.steps(), latest == null ? null : latest.lastConnect));
  }

  private static List<Join> joins(ConnectPlan plan, boolean readdressed) {
    List<Join> joins = new ArrayList<>(plan.steps().size());
    for (Step step : plan.steps()) {
      PeerMode mode = step.mode();
      if (mode != null && step.successful()) {
        joins.add(new Join(step.swarm(), mode));
      }
    }
    if (readdressed) {
      plan.membershipsBesides(joins);
    }
    return joins;
  }

  private static List<SwarmKey> leaves(ConnectPlan plan) {
    List<SwarmKey> leaves = new ArrayList<>(0);
    for (Step step : plan.steps()) {
      if (step.effect() == Step.Effect.LEFT) {
        leaves.add(step.swarm());
      }
    }
    return leaves;
  }
}
