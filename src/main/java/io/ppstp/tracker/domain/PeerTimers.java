package io.ppstp.tracker.domain;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The init and the track timers of a shard's registrations (RFC 7846, Figure 5): one queue for
 * each, in the order of the last request. A touch moves a peer to the end; whoever is due stands at
 * the front. Confined to its shard.
 */
final class PeerTimers {
  private final TimerQueue init = new TimerQueue();
  private final TimerQueue track = new TimerQueue();

  /** Starts the init timer of a new registration. */
  void startInit(Registration peer) {
    init.append(peer);
  }

  /** Lets a timer go on that was started elsewhere; to be called in the order of last requests. */
  void resume(Registration peer) {
    queueOf(peer).append(peer);
  }

  /** ConnectionTracker all registrations, each timer's in the order of last requests. */
  void forEach(Consumer<Registration> visitor) {
    init.forEach(visitor);
    track.forEach(visitor);
  }

  /** Returns when the next timer runs out, {@link Long#MAX_VALUE} if none runs. */
  long nextDueMs(Timers timers) {
    Registration firstInit = init.first();
    Registration firstTrack = track.first();
    return Math.min(
        firstInit == null ? Long.MAX_VALUE : firstInit.lastSeenMs + timers.initMs(),
        firstTrack == null ? Long.MAX_VALUE : firstTrack.lastSeenMs + timers.trackMs());
  }

  /** Starts the track timer, or starts it anew. */
  void startTrack(Registration peer, long nowMs) {
    queueOf(peer).remove(peer);
    peer.state = PeerState.TRACKING;
    peer.lastSeenMs = nowMs;
    peer.lagMs = 0;
    track.append(peer);
  }

  /**
   * Notes that a tracked peer was heard of at {@code atMs}, as another copy of its shard says. This
   * one may know better: then the other lags behind, as long as nobody tells it.
   */
  void heard(Registration peer, long atMs) {
    if (atMs >= peer.lastSeenMs) {
      track.remove(peer);
      peer.lastSeenMs = atMs;
      peer.lagMs = 0;
      track.insert(peer);
    } else if (peer.lagMs > 0) {
      peer.lagMs = (int) Math.min(peer.lagMs, peer.lastSeenMs - atMs);
    }
  }

  /** Starts the running timer anew, whichever it is. */
  void touch(Registration peer, long nowMs) {
    TimerQueue queue = queueOf(peer);
    queue.remove(peer);
    peer.lastSeenMs = nowMs;
    peer.lagMs = 0;
    queue.append(peer);
  }

  void stop(Registration peer) {
    queueOf(peer).remove(peer);
    peer.lagMs = 0;
  }

  /** Returns a registration whose timer has run out, or null if there is none. */
  @Nullable Registration firstDue(long nowMs, Timers timers) {
    Registration first = init.first();
    if (first != null && first.lastSeenMs <= nowMs - timers.initMs()) {
      return first;
    }
    first = track.first();
    return first != null && first.lastSeenMs <= nowMs - timers.trackMs() ? first : null;
  }

  private TimerQueue queueOf(Registration peer) {
    return peer.state == PeerState.TRACKING ? track : init;
  }
}
