package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.PeerMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One registered peer ID (RFC 7846, Section 2.3): confined to its {@link PeerShard}. It is its own
 * node in the shard's timer queues, so that a million idle peers need no objects besides.
 */
final class Registration implements Identified {
  private final String id;
  final long connectedAtMs;

  PeerState state = PeerState.PEER_REGISTERED;
  long lastSeenMs;
  Map<SwarmKey, PeerMode> memberships = Map.of();
  PeerAddresses addresses = PeerAddresses.NONE;
  LastConnect lastConnect;

  @Nullable Registration earlier;
  @Nullable Registration later;

  Registration(String id, long nowMs, LastConnect lastConnect) {
    this.id = id;
    this.connectedAtMs = nowMs;
    this.lastSeenMs = nowMs;
    this.lastConnect = lastConnect;
  }

  @Override
  public String id() {
    return id;
  }

  static Registration of(RegistrationSnapshot snapshot) {
    Registration registration =
        new Registration(snapshot.peerId(), snapshot.connectedAtMs(), snapshot.lastConnect());
    registration.state = snapshot.state();
    registration.lastSeenMs = snapshot.lastSeenMs();
    registration.memberships = snapshot.memberships();
    registration.addresses = snapshot.addresses();
    return registration;
  }

  RegistrationSnapshot snapshot() {
    return new RegistrationSnapshot(
        id, state, connectedAtMs, lastSeenMs, memberships, addresses, lastConnect);
  }
}
