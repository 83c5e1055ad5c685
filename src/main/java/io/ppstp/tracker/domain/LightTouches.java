package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.PeerCommand.Touch;
import java.util.ArrayList;
import java.util.List;

/**
 * The registrations of a shard that were heard of without its copies being told yet. Confined to
 * its shard.
 *
 * <p>Most requests change nothing but when a peer was last heard of. To tell the copies of each
 * would cost more than all the rest; so they are told of many at once, and may lag behind a little.
 * If the shard is lost meanwhile, a copy takes the peer for silent since earlier than it is, by no
 * more than the lag that is allowed.
 */
final class LightTouches {
  private final PeerTimers timers;
  private final List<Registration> unsaved = new ArrayList<>(0);

  LightTouches(PeerTimers timers) {
    this.timers = timers;
  }

  /** Starts a peer's track timer anew, unless its copies would then lag behind too far. */
  boolean touch(Registration peer, long nowMs, long mostLagMs) {
    long savedMs = peer.lastSeenMs - peer.lagMs;
    long lagMs = nowMs - savedMs;
    if (peer.state != PeerState.TRACKING || lagMs > mostLagMs) {
      return false;
    }
    if (lagMs > 0) {
      if (peer.lagMs == 0) {
        unsaved.add(peer);
      }
      timers.startTrack(peer, nowMs);
      peer.lagMs = (int) lagMs;
    }
    return true;
  }

  boolean isEmpty() {
    return unsaved.isEmpty();
  }

  /** Returns what the copies are to be told, and takes them to know it. */
  List<Touch> save() {
    List<Touch> touches = new ArrayList<>(unsaved.size());
    for (Registration peer : unsaved) {
      // One that a CONNECT has touched since, or that is gone, is no matter any more.
      if (peer.lagMs > 0) {
        peer.lagMs = 0;
        touches.add(new Touch(peer.id(), peer.lastSeenMs));
      }
    }
    unsaved.clear();
    return touches;
  }
}
