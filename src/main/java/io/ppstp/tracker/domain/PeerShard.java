package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.PeerCommand.FindAdmission;
import io.ppstp.tracker.domain.PeerCommand.ReportAdmission;
import io.ppstp.tracker.domain.Table6.Verdict;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.PeerMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of many peers, and the per-Peer-ID state machine (RFC 7846, Figure 5) over
 * them. Not thread-safe: the store guards it. Each request is O(1) in the number of peers; expiry
 * is proportional to what expires.
 *
 * <p>Peers stand in the order of their last request in one queue per timer. A touch moves a peer to
 * the end, expiry looks at the front. There is no timer per peer, and nothing to rebuild when the
 * shard moves.
 */
public final class PeerShard {
  private final IndexedSet<Registration> peers = new IndexedSet<>();
  private final PeerTimers timers = new PeerTimers();
  private final Liveness attendance = new Liveness(peers, timers, this::nextStamp);
  private final PendingDepartures departures = new PendingDepartures();
  private final RecentlyTerminated terminated = new RecentlyTerminated();
  private long lastStamp;

  /** Makes an empty shard. */
  public PeerShard() {}

  /** Makes a shard that goes on where the one that {@code snapshot} was taken of stood. */
  public PeerShard(ShardSnapshot snapshot) {
    lastStamp = snapshot.lastStamp();
    for (RegistrationSnapshot registration : snapshot.registrations()) {
      Registration peer = Registration.of(registration);
      peers.put(peer);
      timers.resume(peer);
    }
    snapshot.departures().forEach(departure -> departures.add(departure, departure.atMs()));
    snapshot.terminated().forEach(ended -> terminated.put(Registration.of(ended)));
  }

  /** Returns all that this shard holds. Takes time proportional to it. */
  public ShardSnapshot snapshot() {
    List<RegistrationSnapshot> registrations = new ArrayList<>(peers.size());
    timers.forEach(peer -> registrations.add(peer.snapshot()));
    return new ShardSnapshot(lastStamp, registrations, departures.all(), terminated.snapshot());
  }

  /** Returns the number of registrations. */
  public int size() {
    return peers.size();
  }

  ConnectOutcome connect(PeerCommand.Connect connect, PeerBudget budget) {
    Registration peer = peers.get(connect.peerId());
    if (peer != null && !peer.admits(connect.origin())) {
      return new ConnectOutcome.Refused(ErrorCode.FORBIDDEN_ACTION, null);
    }
    Registration latest = peer == null ? terminated.get(connect.peerId()) : peer;
    if (latest != null && latest.lastConnect.isRepeatedBy(connect)) {
      return repeat(connect, latest, peer != null);
    }
    boolean reused = latest != null && latest.lastConnect.isTransactionReusedBy(connect);
    if (reused && connect.rules().refuseReusedTransactions()) {
      return new ConnectOutcome.Refused(ErrorCode.BAD_REQUEST, null);
    }
    Map<SwarmKey, PeerMode> memberships = peer == null ? null : peer.memberships();
    Verdict verdict = Table6.judge(connect.rules().policy(), memberships, connect.actions());
    if (verdict == Verdict.VALID) {
      return execute(connect, peer, reused, budget);
    }
    Departure departure =
        verdict == Verdict.TERMINATING && peer != null
            ? depart(peer, connect.nowMs(), Departure.Cause.TERMINATED, budget)
            : null;
    return new ConnectOutcome.Refused(ErrorCode.FORBIDDEN_ACTION, departure);
  }

  private ConnectOutcome repeat(
      PeerCommand.Connect connect, Registration peer, boolean registered) {
    if (registered) {
      timers.touch(peer, connect.nowMs());
    }
    LastConnect last = peer.lastConnect;
    return new ConnectOutcome.Granted(
        false,
        !registered,
        true,
        false,
        last.stamp(),
        last.seed(),
        peer.addresses,
        peer.listing(connect.origin().rules()),
        last.stepsOf(connect.actions()),
        List.of());
  }

  private ConnectOutcome execute(
      PeerCommand.Connect connect,
      @Nullable Registration known,
      boolean transactionReused,
      PeerBudget budget) {
    Map<SwarmKey, PeerMode> before = known == null ? Map.of() : known.memberships();
    ConnectPlan plan = ConnectPlan.make(before, connect.actions(), connect.rules().maxSwarms());
    if (!plan.anySuccess()) {
      return new ConnectOutcome.Refused(ErrorCode.FORBIDDEN_ACTION, null);
    }
    if (known == null && !budget.tryReserve()) {
      return new ConnectOutcome.Refused(ErrorCode.SERVICE_UNAVAILABLE, null);
    }
    long stamp = nextStamp(connect.nowMs());
    LastConnect last = LastConnect.of(connect, stamp, plan.steps());
    Registration peer = known == null ? register(connect, last) : known;
    boolean readdressed = readdress(peer, connect);
    peer.setMemberships(plan.memberships());
    peer.lastConnect = last;
    boolean ends = plan.memberships().isEmpty();
    if (ends) {
      deregister(peer, budget);
      terminated.put(peer);
    } else {
      timers.touch(peer, connect.nowMs());
    }
    return new ConnectOutcome.Granted(
        known == null,
        ends,
        false,
        transactionReused,
        stamp,
        connect.seed(),
        peer.addresses,
        peer.listing(connect.origin().rules()),
        plan.steps(),
        readdressed ? plan.membershipsBesides() : List.of());
  }

  private Registration register(PeerCommand.Connect connect, LastConnect last) {
    terminated.remove(connect.peerId());
    Registration peer = new Registration(connect.peerId(), connect.nowMs(), last);
    peers.put(peer);
    timers.startInit(peer);
    return peer;
  }

  /** Takes over where a peer is; returns whether its other swarms are to be told. */
  private static boolean readdress(Registration peer, PeerCommand.Connect connect) {
    Origin origin = connect.origin();
    Listing before = peer.listing(origin.rules());
    peer.seenAt(origin.ip());
    peer.authenticated |= origin.authenticated();
    if (connect.advertised().isListable()) {
      peer.addresses = connect.advertised();
    }
    return !peer.listing(origin.rules()).equals(before);
  }

  boolean track(String peerId, long nowMs) {
    Registration peer = peers.get(peerId);
    if (peer == null) {
      return false;
    }
    timers.startTrack(peer, nowMs);
    return true;
  }

  FindAdmission find(PeerCommand.Find find) {
    return attendance.find(find);
  }

  @Nullable FindAdmission findLightly(PeerCommand.Find find, long mostLagMs) {
    return attendance.findLightly(find, mostLagMs);
  }

  ReportAdmission report(PeerCommand.Report report) {
    return attendance.report(report);
  }

  @Nullable ReportAdmission reportLightly(PeerCommand.Report report, long mostLagMs) {
    return attendance.reportLightly(report, mostLagMs);
  }

  /** Returns whether peers were heard of since the last {@link #save}. */
  public boolean isUnsaved() {
    return attendance.isUnsaved();
  }

  List<PeerCommand.Touch> save() {
    return attendance.save();
  }

  int touch(List<PeerCommand.Touch> touches) {
    return attendance.touch(touches);
  }

  Optional<RegistrationView> look(String peerId) {
    Registration peer = peers.get(peerId);
    return peer == null
        ? Optional.empty()
        : Optional.of(
            new RegistrationView(
                peer.state,
                peer.connectedAtMs,
                peer.lastSeenMs,
                Map.copyOf(peer.memberships()),
                peer.addresses));
  }

  /**
   * Ends registrations whose timer has run out (RFC 7846, Section 2.3.2-D), at most {@code maximum}
   * at a time; the rest follow at the next call. What is returned stays noted until {@link
   * #forget}, and is returned again if that does not happen for a while.
   */
  public List<Departure> expire(long nowMs, int maximum, Timers limits, PeerBudget budget) {
    terminated.forgetOlderThan(nowMs - limits.trackMs());
    List<Departure> due = departures.takeUpAgain(nowMs, maximum);
    Registration peer = timers.firstDue(nowMs, limits);
    while (peer != null && due.size() < maximum) {
      due.add(depart(peer, nowMs, Departure.Cause.TIMED_OUT, budget));
      peer = timers.firstDue(nowMs, limits);
    }
    return due;
  }

  /** Ends on a copy what its owner has ended; returns how many registrations there were. */
  int depart(PeerCommand.Depart ended, PeerBudget budget) {
    PeerCommand.Expire expire = ended.expire();
    terminated.forgetOlderThan(expire.nowMs() - expire.timers().trackMs());
    departures.forget(ended.departures());
    int known = 0;
    for (Departure departure : ended.departures()) {
      Registration peer = peers.get(departure.peerId());
      // A departure that is handed out again may be older than a new registration.
      if (peer != null && peer.lastConnect.stamp() < departure.stamp()) {
        deregister(peer, budget);
        known++;
      }
      departures.add(departure, expire.nowMs());
      lastStamp = Math.max(lastStamp, departure.stamp());
    }
    return known;
  }

  /**
   * Returns when {@link #expire} will next have something to do; {@link Long#MAX_VALUE} if never.
   */
  public long nextDueMs(Timers limits) {
    long due = Math.min(timers.nextDueMs(limits), terminated.oldestMs() + limits.trackMs());
    return Math.min(due, departures.nextDueMs());
  }

  /**
   * Returns which of {@code members} this shard does not know as members of their swarm, by the
   * same or a younger CONNECT.
   */
  public List<Membership> orphansAmong(List<Membership> members) {
    List<Membership> orphans = new ArrayList<>(0);
    for (Membership member : members) {
      Registration peer = peers.get(member.peerId());
      if (peer == null || !peer.isIn(member.swarm())) {
        orphans.add(member);
      }
    }
    return orphans;
  }

  /** Strikes out departures that are done; returns those that were still noted. */
  public List<Departure> forget(Collection<Departure> done) {
    return departures.forget(done);
  }

  private Departure depart(
      Registration peer, long nowMs, Departure.Cause cause, PeerBudget budget) {
    deregister(peer, budget);
    Departure departure =
        new Departure(
            peer.id(), nextStamp(nowMs), nowMs, List.copyOf(peer.memberships().keySet()), cause);
    departures.add(departure, nowMs);
    return departure;
  }

  private void deregister(Registration peer, PeerBudget budget) {
    timers.stop(peer);
    peers.remove(peer.id());
    budget.release();
  }

  /** Stamps grow within a shard, and follow the clock so that they do across copies of it too. */
  private long nextStamp(long nowMs) {
    lastStamp = Math.max(lastStamp + 1, nowMs);
    return lastStamp;
  }
}
