package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.PeerCommand.FindAdmission;
import io.ppstp.tracker.domain.PeerCommand.ReportAdmission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What FIND and STAT_REPORT do to a shard's registrations: peers that may send them are heard of,
 * and their track timer starts anew (RFC 7846, Section 2.3.2). Confined to its shard.
 */
final class Liveness {
  private final IndexedSet<Registration> peers;
  private final PeerTimers timers;
  private final LongUnaryOperator nextStamp;
  private final LightTouches light;

  /**
   * Looks after {@code peers}.
   *
   * @param nextStamp returns the shard's next stamp at a time
   */
  Liveness(IndexedSet<Registration> peers, PeerTimers timers, LongUnaryOperator nextStamp) {
    this.peers = peers;
    this.timers = timers;
    this.nextStamp = nextStamp;
    this.light = new LightTouches(timers);
  }

  FindAdmission find(PeerCommand.Find find) {
    Registration peer = admitted(find);
    if (peer == null) {
      return FindAdmission.REFUSED;
    }
    timers.startTrack(peer, find.nowMs());
    return new FindAdmission(true, peer.addresses, noteOrigin(peer, find.origin(), find.nowMs()));
  }

  @Nullable FindAdmission findLightly(PeerCommand.Find find, long mostLagMs) {
    Registration peer = admitted(find);
    if (peer == null) {
      return FindAdmission.REFUSED;
    }
    return touchLightly(peer, find.origin(), find.nowMs(), mostLagMs)
        ? new FindAdmission(true, peer.addresses, null)
        : null;
  }

  private @Nullable Registration admitted(PeerCommand.Find find) {
    Registration peer = peers.get(find.peerId());
    boolean admitted =
        peer != null
            && peer.admits(find.origin())
            && (!find.membershipRequired() || peer.isIn(find.swarm()));
    return admitted ? peer : null;
  }

  ReportAdmission report(PeerCommand.Report report) {
    Registration peer = peers.get(report.peerId());
    if (peer == null) {
      return ReportAdmission.REFUSED;
    }
    ReportAdmission admission = admission(peer, report);
    if (!admission.allowed()) {
      return admission;
    }
    timers.startTrack(peer, report.nowMs());
    Readdressing readdressing = noteOrigin(peer, report.origin(), report.nowMs());
    return new ReportAdmission(true, admission.joined(), readdressing);
  }

  @Nullable ReportAdmission reportLightly(PeerCommand.Report report, long mostLagMs) {
    Registration peer = peers.get(report.peerId());
    if (peer == null) {
      return ReportAdmission.REFUSED;
    }
    ReportAdmission admission = admission(peer, report);
    return !admission.allowed() || touchLightly(peer, report.origin(), report.nowMs(), mostLagMs)
        ? admission
        : null;
  }

  private static ReportAdmission admission(Registration peer, PeerCommand.Report report) {
    Set<SwarmKey> joined = new HashSet<>(report.swarms());
    joined.removeIf(swarm -> !peer.isIn(swarm));
    boolean inNone = joined.isEmpty() && !report.swarms().isEmpty();
    return inNone || !peer.admits(report.origin())
        ? ReportAdmission.REFUSED
        : new ReportAdmission(true, joined, null);
  }

  /** Starts the track timer anew if that is all that a request from {@code origin} changes. */
  private boolean touchLightly(Registration peer, Origin origin, long nowMs, long mostLagMs) {
    boolean isSeenAnew = origin.ip() != null && !peer.isSeenAt(origin.ip());
    return !isSeenAnew && light.touch(peer, nowMs, mostLagMs);
  }

  boolean isUnsaved() {
    return !light.isEmpty();
  }

  List<PeerCommand.Touch> save() {
    return light.save();
  }

  /** Notes when peers were last heard of elsewhere; returns how many of them are tracked. */
  int touch(List<PeerCommand.Touch> touches) {
    int known = 0;
    for (PeerCommand.Touch touch : touches) {
      Registration peer = peers.get(touch.peerId());
      if (peer != null && peer.state == PeerState.TRACKING) {
        timers.heard(peer, touch.lastSeenMs());
        known++;
      }
    }
    return known;
  }

  /** Notes where a peer is seen; returns what that changes in its swarms, null if nothing. */
  private @Nullable Readdressing noteOrigin(Registration peer, Origin origin, long nowMs) {
    if (origin.ip() == null || peer.isSeenAt(origin.ip())) {
      return null;
    }
    Listing before = peer.listing(origin.rules());
    peer.seenAt(origin.ip());
    Listing listing = peer.listing(origin.rules());
    return listing.equals(before)
        ? null
        : new Readdressing(
            nextStamp.applyAsLong(nowMs), listing, List.copyOf(peer.memberships().keySet()));
  }
}
