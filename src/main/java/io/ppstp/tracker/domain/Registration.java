package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.address.RegistrationSecret.Secrets;
import io.ppstp.tracker.domain.swarm.IndexedSet.Identified;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmKey.SwarmKeys;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One registered peer ID (RFC 7846, Section 2.3): confined to its {@link PeerShard}. It is its own
 * node in the shard's timer queue, and holds what nearly every peer has one of in fields of its
 * own, so that a million idle peers need few objects.
 */
final class Registration implements Identified {
  private static final byte NO_MODE = 0;
  private static final byte SEEDER = 1;
  private static final byte LEECH = 2;

  private final String id;
  final long connectedAtMs;

  long lastSeenMs;

  /** What {@link #addresses} makes addresses of: an object less for each of a million peers. */
  private byte[] addresses = PeerAddresses.NONE.packed();

  /** Whether the peer has proved who it is. Nobody else may then speak for it. */
  boolean authenticated;

  /** The hash of the secret that the peer was given last; all zero if it was given none. */
  private long secretHigh;

  private long secretLow;

  /** The hash of the one before; few peers have been given two. */
  private @Nullable SecretHash earlierSecret;

  LastConnect lastConnect;

  /** The only swarm and the mode there; null if there are none or several. */
  private @Nullable SwarmKey swarm;

  /** One of the constants below; one byte, because there is one for each of a million peers. */
  private byte mode = NO_MODE;

  /** How long after {@link #connectedAtMs} the peer came there, in milliseconds. */
  private int joinedAfterMs;

  /**
   * The swarms if there are several, else null. Those joined by one CONNECT share one value. The
   * only one is here too if it was joined so late that an {@code int} does not count as far: 24
   * days after the registration.
   */
  private @Nullable Map<SwarmKey, Participation> swarms;

  /** Where it was seen last, as {@link io.ppstp.tracker.domain.address.Place} has it. */
  int network;

  private boolean isSeenV4;
  private int seenV4;
  private @Nullable IpAddress seenV6;

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

  /**
   * Returns those that the peer advertised; {@link #listing} says which of them others may be told.
   */
  PeerAddresses addresses() {
    return PeerAddresses.ofPacked(addresses);
  }

  /** Returns the swarms that the peer is in; not to be changed. */
  Map<SwarmKey, Participation> memberships() {
    if (swarms != null) {
      return swarms;
    }
    return swarm == null || mode == NO_MODE
        ? Map.of()
        : Map.of(swarm, new Participation(onlyMode(), connectedAtMs + joinedAfterMs));
  }

  private PeerMode onlyMode() {
    return mode == SEEDER ? PeerMode.SEEDER : PeerMode.LEECH;
  }

  /** Returns the swarms that the peer is in, and the mode in each. */
  Map<SwarmKey, PeerMode> modes() {
    Map<SwarmKey, PeerMode> modes = new HashMap<>();
    memberships().forEach((key, there) -> modes.put(key, there.mode()));
    return modes;
  }

  /** Returns the mode in which the peer is in {@code other}, null if it is not. */
  @Nullable PeerMode modeIn(SwarmKey other) {
    Participation there = memberships().get(other);
    return there == null ? null : there.mode();
  }

  /** Returns the memberships as they end at {@code untilMs}. */
  List<Ended> endedAt(long untilMs) {
    List<Ended> ended = new ArrayList<>(1);
    memberships().forEach((key, there) -> ended.add(new Ended(key, there.lastedMs(untilMs))));
    return ended;
  }

  private void setMemberships(Map<SwarmKey, Participation> memberships) {
    swarm = null;
    mode = NO_MODE;
    joinedAfterMs = 0;
    swarms = null;
    if (memberships.size() == 1) {
      Map.Entry<SwarmKey, Participation> only = memberships.entrySet().iterator().next();
      long afterMs = only.getValue().sinceMs() - connectedAtMs;
      if (afterMs == (int) afterMs) {
        swarm = SwarmKeys.shared(only.getKey());
        mode = only.getValue().mode() == PeerMode.SEEDER ? SEEDER : LEECH;
        joinedAfterMs = (int) afterMs;
        return;
      }
    }
    if (!memberships.isEmpty()) {
      swarms = shared(memberships);
    }
  }

  private static Map<SwarmKey, Participation> shared(Map<SwarmKey, Participation> memberships) {
    Map<SwarmKey, Participation> several = new HashMap<>();
    Participation last = null;
    for (Map.Entry<SwarmKey, Participation> membership : memberships.entrySet()) {
      last = membership.getValue().equals(last) ? last : membership.getValue();
      several.put(SwarmKeys.shared(membership.getKey()), last);
    }
    return several;
  }

  /** Returns how many memberships the peer has, as {@link SwarmKey#weight} counts them. */
  int weight() {
    if (swarms != null) {
      return SwarmKey.weightOf(swarms.keySet());
    }
    return swarm == null ? 0 : swarm.weight();
  }

  /** Returns whether the peer is in {@code other}. */
  boolean isIn(SwarmKey other) {
    return swarms == null ? other.equals(swarm) : swarms.containsKey(other);
  }

  /** Returns whether the peer is in {@code other} in that mode. */
  boolean isIn(SwarmKey other, PeerMode itsMode) {
    if (swarms == null) {
      return mode != NO_MODE && itsMode == onlyMode() && other.equals(swarm);
    }
    Participation there = swarms.get(other);
    return there != null && there.mode() == itsMode;
  }

  /** Returns where the peer's requests were seen. */
  Observed observed() {
    return new Observed(isSeenV4 ? IpAddress.ofV4Bits(seenV4) : null, seenV6);
  }

  private void setObserved(Observed observed) {
    isSeenV4 = observed.v4() != null;
    seenV4 = observed.v4() == null ? 0 : observed.v4().v4Bits();
    seenV6 = observed.v6();
  }

  /** Returns whether the latest request of the family of {@code ip} came from there. */
  boolean isSeenAt(IpAddress ip) {
    return ip.isV4() ? isSeenV4 && seenV4 == ip.v4Bits() : ip.equals(seenV6);
  }

  /** Returns whether a request from {@code origin} is seen elsewhere than the latest before. */
  boolean isNews(Origin origin) {
    return origin.ip() != null && !isSeenAt(origin.ip());
  }

  /**
   * Returns whether a request from {@code origin} may speak for this peer: it has proved who it is
   * if the peer has, and neither has otherwise. Without proof it comes from where the peer is seen,
   * or brings a secret that the peer was given.
   */
  boolean admits(Origin origin) {
    if (authenticated || origin.authenticated()) {
      return authenticated == origin.authenticated();
    }
    Claim claim = origin.claim();
    return !claim.isBound()
        || isAmongClients(origin.ip(), claim.ipv6Bits())
        || (claim.proof() != null && secrets().includes(claim.proof()));
  }

  private boolean isAmongClients(@Nullable IpAddress ip, int ipv6Bits) {
    if (ip == null) {
      return false;
    }
    return ip.isV4() ? isSeenAt(ip) : seenV6 != null && ip.isOfSameClient(seenV6, ipv6Bits);
  }

  /**
   * Returns whether {@code connect}, which may not speak for this peer, may begin anew in its
   * place: it has proved who it is and this peer has not, or this one has been silent for long.
   */
  boolean givesWayTo(PeerCommand.Connect connect) {
    return !authenticated
        && (connect.origin().authenticated()
            || connect.nowMs() - lastSeenMs >= connect.rules().silenceMs());
  }

  /** Returns the secrets by which this peer is known. */
  Secrets secrets() {
    return (secretHigh | secretLow) == 0
        ? Secrets.NONE
        : new Secrets(new SecretHash(secretHigh, secretLow), earlierSecret);
  }

  private void setSecrets(Secrets secrets) {
    SecretHash latest = secrets.latest();
    secretHigh = latest == null ? 0 : latest.high();
    secretLow = latest == null ? 0 : latest.low();
    earlierSecret = secrets.earlier();
  }

  /** Returns what other peers may be told of this one by the rules of a node. */
  Listing listing(AddressRules rules) {
    return Listing.of(addresses(), observed(), TorrentIds.rulesFor(id, rules), network);
  }

  static Registration of(RegistrationSnapshot snapshot) {
    Registration registration =
        new Registration(snapshot.peerId(), snapshot.connectedAtMs(), snapshot.lastConnect());
    registration.lastSeenMs = snapshot.lastSeenMs();
    registration.setMemberships(snapshot.memberships());
    registration.addresses = snapshot.addresses().packed();
    registration.setObserved(snapshot.observed());
    registration.authenticated = snapshot.authenticated();
    registration.setSecrets(snapshot.secrets());
    registration.network = snapshot.network();
    return registration;
  }

  RegistrationSnapshot snapshot() {
    return new RegistrationSnapshot(
        id,
        connectedAtMs,
        lastSeenMs,
        memberships(),
        addresses(),
        observed(),
        authenticated,
        secrets(),
        lastConnect,
        network);
  }
}
