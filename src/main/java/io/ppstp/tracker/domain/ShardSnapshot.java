package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.RegistrationSecret.Secrets;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link PeerShard} holds, for moving it to another node; immutable.
 *
 * @param registrations in the order in which they were last heard of
 * @param updates of swarms' lists that are still to follow, oldest first
 * @param terminated registrations that ended with their last LEAVE, oldest first
 */
public record ShardSnapshot(
    long lastStamp,
    List<RegistrationSnapshot> registrations,
    List<ListUpdate> updates,
    List<RegistrationSnapshot> terminated) {
  /**
   * A registration as it stood at one moment; immutable. Times are milliseconds of the tracker's
   * clock.
   *
   * @param addresses those that the peer advertised and that a peer can be at
   * @param observed where it was seen
   * @param authenticated whether it has proved who it is
   */
  public record RegistrationView(
      long connectedAtMs,
      long lastSeenMs,
      Map<SwarmKey, PeerMode> memberships,
      PeerAddresses addresses,
      Observed observed,
      boolean authenticated) {}

  /**
   * A registration with all that belongs to it, as {@link ShardSnapshot} carries it; immutable.
   * Times are epoch milliseconds.
   *
   * @param addresses those that the peer advertised
   * @param authenticated whether its peer has proved who it is, so that others may not speak for it
   * @param secrets by which its peer is known, if it has not
   * @param network where it was seen last, as {@link io.ppstp.tracker.domain.address.Place} has it
   */
  public record RegistrationSnapshot(
      String peerId,
      long connectedAtMs,
      long lastSeenMs,
      Map<SwarmKey, Participation> memberships,
      PeerAddresses addresses,
      Observed observed,
      boolean authenticated,
      Secrets secrets,
      LastConnect lastConnect,
      int network) {

    /**
     * Returns whether this registration is newer than another of the same peer. One whose peer has
     * proved who it is counts as newer than one of anybody's.
     */
    boolean isNewerThan(RegistrationSnapshot other) {
      if (authenticated != other.authenticated) {
        return authenticated;
      }
      long stamp = lastConnect.stamp();
      long otherStamp = other.lastConnect.stamp();
      return stamp != otherStamp ? stamp > otherStamp : lastSeenMs > other.lastSeenMs;
    }

    /**
     * Returns whether {@code ended}, a registration that a peer left, is this one or a later one.
     */
    boolean endedWith(@Nullable RegistrationSnapshot ended) {
      return ended != null
          && (ended.authenticated || !authenticated)
          && ended.lastConnect.stamp() >= lastConnect.stamp();
    }

    /**
     * Returns this as it is after a request that came at {@code atMs} from where it is seen now.
     */
    RegistrationSnapshot seenAt(Observed seen, int itsNetwork, long atMs) {
      return new RegistrationSnapshot(
          peerId,
          connectedAtMs,
          Math.max(lastSeenMs, atMs),
          memberships,
          addresses,
          seen,
          authenticated,
          secrets,
          lastConnect,
          itsNetwork);
    }

    /** Returns this with {@code given} as the secrets by which its peer is known. */
    RegistrationSnapshot knownBy(Secrets given) {
      return new RegistrationSnapshot(
          peerId,
          connectedAtMs,
          lastSeenMs,
          memberships,
          addresses,
          observed,
          authenticated,
          given,
          lastConnect,
          network);
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
          secrets,
          lastConnect,
          network);
    }
  }
}
