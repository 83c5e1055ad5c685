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

  /** Those that the peer advertised; {@link #listing} says which of them others may be told. */
  PeerAddresses addresses = PeerAddresses.NONE;

  Observed observed = Observed.NOTHING;

  /** Whether the peer has proved who it is. Nobody else may then speak for it. */
  boolean authenticated;

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

  /** Returns whether a request from {@code origin} may speak for this peer. */
  boolean admits(Origin origin) {
    return origin.authenticated() || !authenticated;
  }

  /** Returns what other peers may be told of this one. */
  Listing listing(AddressRules rules) {
    return Listing.of(addresses, observed, rules);
  }

  static Registration of(RegistrationSnapshot snapshot) {
    Registration registration =
        new Registration(snapshot.peerId(), snapshot.connectedAtMs(), snapshot.lastConnect());
    registration.state = snapshot.state();
    registration.lastSeenMs = snapshot.lastSeenMs();
    registration.memberships = snapshot.memberships();
    registration.addresses = snapshot.addresses();
    registration.observed = snapshot.observed();
    registration.authenticated = snapshot.authenticated();
    return registration;
  }

  RegistrationSnapshot snapshot() {
    return new RegistrationSnapshot(
        id,
        state,
        connectedAtMs,
        lastSeenMs,
        memberships,
        addresses,
        observed,
        authenticated,
        lastConnect);
  }
}
