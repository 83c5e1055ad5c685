package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.PeerMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registration with all that belongs to it, as {@link ShardSnapshot} carries it; immutable. Times
 * are epoch milliseconds.
 */
public record RegistrationSnapshot(
    String peerId,
    PeerState state,
    long connectedAtMs,
    long lastSeenMs,
    Map<SwarmKey, PeerMode> memberships,
    PeerAddresses addresses,
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
}
