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

  /** Returns whether the peer's last CONNECT known elsewhere ended this registration. */
  boolean endedWith(@Nullable LastConnect terminated) {
    return terminated != null && terminated.stamp() >= lastConnect.stamp();
  }
}
