package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registration with all that belongs to it, as {@link ShardSnapshot} carries it; immutable. Times
 * are epoch milliseconds.
 *
 * @param addresses those that the peer advertised
 * @param authenticated whether its peer has proved who it is, so that others may not speak for it
 */
public record RegistrationSnapshot(
    String peerId,
    long connectedAtMs,
    long lastSeenMs,
    Map<SwarmKey, PeerMode> memberships,
    PeerAddresses addresses,
    Observed observed,
    boolean authenticated,
    LastConnect lastConnect) {

  /** Returns whether this registration is newer than another of the same peer. */
  boolean isNewerThan(RegistrationSnapshot other) {
    long stamp = lastConnect.stamp();
    long otherStamp = other.lastConnect.stamp();
    return stamp != otherStamp ? stamp > otherStamp : lastSeenMs > other.lastSeenMs;
  }

  /** Returns whether {@code ended}, a registration that a peer left, is this one or a later one. */
  boolean endedWith(@Nullable RegistrationSnapshot ended) {
    return ended != null && ended.lastConnect.stamp() >= lastConnect.stamp();
  }

  /** Returns this as it is after a request that came at {@code atMs} from where it is seen now. */
  RegistrationSnapshot seenAt(Observed seen, long atMs) {
    return new RegistrationSnapshot(
        peerId,
        connectedAtMs,
        Math.max(lastSeenMs, atMs),
        memberships,
        addresses,
        seen,
        authenticated,
        lastConnect);
  }

  /** Returns this as what is remembered of a peer that is in no swarm any more. */
  RegistrationSnapshot withoutMemberships() {
    return new RegistrationSnapshot(
        peerId,
        connectedAtMs,
        lastSeenMs,
        Map.of(),
        addresses,
        observed,
        authenticated,
        lastConnect);
  }
}
