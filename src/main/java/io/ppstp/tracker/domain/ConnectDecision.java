package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ConnectOutcome.Execution;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.PeerCommand.Decision;
import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.Table6.Judgement;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.address.RegistrationSecret.Secrets;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The peer that the sender may speak for, null if it is not registered. */
  private final @Nullable Registration peer;

  /** A registration of the same ID that the sender may not speak for, null if there is none. */
  private final @Nullable Registration foreign;

  ConnectDecision(PeerShard shard, PeerCommand.Connect connect, PeerBudget budget) {
    this.shard = shard;
    this.connect = connect;
    this.budget = budget;
    Registration registered = shard.registration(connect.peerId());
    boolean own = registered != null && registered.admits(connect.origin());
    this.peer = own ? registered : null;
    this.foreign = own ? null : registered;
  }

  Decision<ConnectOutcome> decide() {
    if (foreign != null && !foreign.givesWayTo(connect)) {
      return refused(RefusalCause.FOREIGN);
    }
    Registration latest = peer == null ? ended() : peer;
    LastConnect repeated = latest == null ? null : latest.lastConnect.repeatedBy(connect);
    if (latest != null && repeated != null) {
      return repeat(latest, repeated, peer != null);
    }
    if (latest != null && connect.nowMs() + LATE_MS < latest.lastConnect.atMs()) {
      return refused(RefusalCause.LATE);
    }
    boolean reused = latest != null && latest.lastConnect.isTransactionReusedBy(connect);
    if (reused && connect.rules().refuseReusedTransactions()) {
      return refused(RefusalCause.TRANSACTION_REUSED);
    }
    Map<SwarmKey, Participation> memberships = peer == null ? null : peer.memberships();
    Judgement judgement = Table6.judge(connect.rules().policy(), memberships, connect.actions());
    if (judgement == Judgement.VALID) {
      return execute(peer, latest, reused);
    }
    return judgement == Judgement.TERMINATING && peer != null
        ? terminate(peer)
        : refused(whyForbidden());
  }

  /**
   * Returns what this very CONNECT came to when it was executed, if it was, as its repeat would.
   */
  Optional<ConnectOutcome> executed() {
    Registration latest = peer == null ? ended() : peer;
    LastConnect past = latest == null ? null : latest.lastConnect.repeatedBy(connect);
    return latest == null || past == null || past.seed() != connect.seed()
        ? Optional.empty()
        : Optional.of(repeat(latest, past, peer != null).result());
  }

  /** What somebody did who had proved who it was is not taken for another's, nor the reverse. */
  private @Nullable Registration ended() {
    Registration ended = shard.terminated(connect.peerId());
    return ended != null && ended.authenticated == connect.origin().authenticated() ? ended : null;
  }

  private RefusalCause whyForbidden() {
    boolean leaves = connect.actions().stream().anyMatch(SwarmAction::leaves);
    return peer == null && leaves ? RefusalCause.UNREGISTERED : RefusalCause.COMBINATION;
  }

  private static Decision<ConnectOutcome> refused(RefusalCause cause) {
    return Decision.unchanged(new ConnectOutcome.Refused(cause, null));
  }

  private Decision<ConnectOutcome> terminate(Registration peer) {
    budget.release(1, peer.weight());
    Departure departure =
        new Departure(
            peer.id(), connect.nowMs(), peer.endedAt(connect.nowMs()), Departure.Cause.TERMINATED);
    ListUpdate leaving =
        ListUpdate.leaving(peer.id(), shard.nextStamp(connect.nowMs()), departure.swarms(), null);
    return new Decision<>(
        new ConnectOutcome.Refused(RefusalCause.COMBINATION, departure),
        ShardChange.terminated(peer.snapshot().withoutMemberships(), leaving));
  }

  /**
   * Answers again what was executed. Nothing is executed, but the repeat of the last one says that
   * the peer is still there, and where: it may repeat itself because it has moved. Who has not
   * heard the secret of its registration is told another.
   */
  private Decision<ConnectOutcome> repeat(
      Registration known, LastConnect past, boolean registered) {
    Origin origin = connect.origin();
    boolean latest = past.equals(known.lastConnect);
    boolean last = registered && latest;
    boolean moves = last && known.isNews(origin);
    boolean secretGiven = last && past.atMs() == known.connectedAtMs && isSecretOffered();
    RegistrationSnapshot before = known.snapshot();
    RegistrationSnapshot after =
        before
            .seenAt(
                moves ? before.observed().and(origin.ip()) : before.observed(),
                moves ? origin.networkAfter(before.network()) : before.network(),
                connect.nowMs())
            .knownBy(secretGiven ? given(before.secrets()) : before.secrets());
    ConnectOutcome outcome =
        new ConnectOutcome.Granted(
            false,
            !registered,
            latest ? executionOf(known, past, registered) : Execution.EARLIER,
            false,
            past.stamp(),
            past.seed(),
            known.addresses(),
            Listing.of(after.addresses(), after.observed(), origin.rules(), after.network()),
            registered ? known.weight() : 0,
            past.stepsOf(connect.actions(), latest),
            secretGiven,
            null);
    if (!last) {
      return Decision.unchanged(outcome);
    }
    return new Decision<>(
        outcome,
        moves || secretGiven
            ? ShardChange.registered(after, shard.relisted(known, after, origin, connect.nowMs()))
            : ShardChange.heard(List.of(new Heard(known.id(), connect.nowMs()))));
  }

  /** What has begun by it and is over since is not told any more: nothing would tell the end. */
  private Execution executionOf(Registration known, LastConnect past, boolean registered) {
    if (!registered && connect.actions().stream().anyMatch(action -> !action.leaves())) {
      return Execution.EARLIER;
    }
    LastConnect before = past.earlier();
    boolean first = before == null || before.atMs() != past.atMs();
    return first && past.atMs() == known.connectedAtMs
        ? Execution.LAST_REGISTERING
        : Execution.LAST;
  }

  /** A peer that has proved who it is needs no secret, nor does one that anybody may speak for. */
  private boolean isSecretOffered() {
    Origin origin = connect.origin();
    return !origin.authenticated() && origin.claim().isBound() && origin.claim().offer() != null;
  }

  private Secrets given(Secrets before) {
    SecretHash offer = connect.origin().claim().offer();
    return offer == null ? before : before.and(offer);
  }

  private Decision<ConnectOutcome> execute(
      @Nullable Registration known, @Nullable Registration latest, boolean reused) {
    Map<SwarmKey, Participation> before = known == null ? Map.of() : known.memberships();
    ConnectPlan plan =
        ConnectPlan.make(before, connect.actions(), connect.rules().maxSwarms(), connect.nowMs());
    if (!plan.anySuccess()) {
      return refused(RefusalCause.NOTHING_DONE);
    }
    int weight = SwarmKey.weightOf(plan.memberships().keySet());
    boolean ends = plan.memberships().isEmpty();
    if (weight - weightOf(known) > connect.rules().room()) {
      return refused(RefusalCause.CLIENT_LIMIT);
    }
    if (!reserve(known, weight)) {
      return refused(RefusalCause.FULL);
    }
    if (ends) {
      budget.release(1, 0);
    }
    Departure replaced = null;
    List<ListUpdate> noted = new ArrayList<>(1);
    long stamp = shard.nextStamp(connect.nowMs());
    if (foreign != null) {
      // What it had stated goes with it, so lists let it go before they take the other in.
      replaced =
          new Departure(
              connect.peerId(),
              connect.nowMs(),
              foreign.endedAt(foreign.lastSeenMs),
              Departure.Cause.REPLACED);
      noted.add(ListUpdate.leaving(connect.peerId(), stamp++, replaced.swarms(), null));
    }
    RegistrationSnapshot after = registration(known, latest, plan, stamp);
    AddressRules rules = connect.origin().rules();
    Listing listing = Listing.of(after.addresses(), after.observed(), rules, after.network());
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
    noted.add(update);
    ConnectOutcome outcome =
        new ConnectOutcome.Granted(
            known == null,
            ends,
            Execution.NOW,
            reused,
            stamp,
            connect.seed(),
            after.addresses(),
            listing,
            weight,
            plan.steps(),
            known == null && isSecretOffered(),
            replaced);
    return new Decision<>(
        outcome,
        ends ? ShardChange.terminated(after, update) : ShardChange.registered(after, noted));
  }

  /** The place of a registration that gives way is the new one's, and what it had is given back. */
  private boolean reserve(@Nullable Registration known, int weight) {
    int gained = weight - weightOf(known) - weightOf(foreign);
    if (gained <= 0) {
      budget.release(0, -gained);
      return true;
    }
    return budget.tryReserve(known == null && foreign == null ? 1 : 0, gained);
  }

  private static int weightOf(@Nullable Registration registration) {
    return registration == null ? 0 : registration.weight();
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
        known == null || advertised.advertised() ? advertised : known.addresses(),
        observed.and(origin.ip()),
        origin.authenticated() || (known != null && known.authenticated),
        secrets(known),
        LastConnect.of(connect, stamp, plan.steps(), latest == null ? null : latest.lastConnect),
        origin.networkAfter(known == null ? Place.NOWHERE : known.network));
  }

  private Secrets secrets(@Nullable Registration known) {
    if (known != null) {
      return known.secrets();
    }
    return isSecretOffered() ? given(Secrets.NONE) : Secrets.NONE;
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
