package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ListUpdate.Join;
import io.ppstp.tracker.domain.PeerCommand.Decision;
import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.IndexedSet;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of many peers (RFC 7846, Section 2.3), and the updates of swarms' lists that
 * follow from what they did. Not thread-safe: the store guards it. Each request is O(1) in the
 * number of peers; expiry is proportional to what expires.
 *
 * <p>A command is decided first, which changes nothing, and then its {@link ShardChange} is
 * applied: here, and wherever else the shard is kept.
 *
 * <p>Peers stand in the order in which they were last heard of. Being heard of moves a peer to the
 * end, expiry looks at the front. There is no timer per peer, and nothing to rebuild when the shard
 * moves.
 */
public final class PeerShard {
  private final IndexedSet<Registration> peers = new IndexedSet<>();
  private final TimerQueue track = new TimerQueue();
  private final RecentlyTerminated terminated = new RecentlyTerminated();

  /** By stamp, oldest first. */
  private final Map<Long, ListUpdate> updates = new LinkedHashMap<>(0);

  /**
   * The one that was looked up last: after a question about a peer comes the note that it was heard
   * of. Several readers may write it at once, each what it has found.
   */
  private @Nullable Registration lastFound;

  private long lastStamp;
  private long weight;

  /** Makes an empty shard. */
  public PeerShard() {}

  /** Makes a shard that goes on where the one that {@code snapshot} was taken of stood. */
  public PeerShard(ShardSnapshot snapshot) {
    lastStamp = snapshot.lastStamp();
    snapshot.registrations().forEach(this::put);
    snapshot.terminated().forEach(ended -> terminated.put(Registration.of(ended)));
    snapshot.updates().forEach(update -> updates.put(update.stamp(), update));
  }

  /** Returns all that this shard holds. Takes time proportional to it. */
  public ShardSnapshot snapshot() {
    List<RegistrationSnapshot> registrations = new ArrayList<>(peers.size());
    track.forEach(peer -> registrations.add(peer.snapshot()));
    return new ShardSnapshot(
        lastStamp, registrations, List.copyOf(updates.values()), terminated.snapshot());
  }

  /** Returns the number of registrations. */
  public int size() {
    return peers.size();
  }

  /** Returns the number of memberships, as {@link SwarmKey#weight} counts them. */
  public long weight() {
    return weight;
  }

  /** Returns the updates that lists have not followed yet, as far as is known; oldest first. */
  public Collection<ListUpdate> updates() {
    return updates.values();
  }

  /** Makes {@code change} so, which was decided for this shard as it stands. */
  public void apply(ShardChange change) {
    if (change.isNothing()) {
      return;
    }
    lastStamp = Math.max(lastStamp, change.lastStamp());
    for (Heard heard : change.heard()) {
      hear(heard);
    }
    change.removed().forEach(peerId -> forget(peers.remove(peerId)));
    for (RegistrationSnapshot ended : change.terminated()) {
      forget(peers.remove(ended.peerId()));
      terminated.put(Registration.of(ended));
    }
    for (RegistrationSnapshot registration : change.registered()) {
      terminated.remove(registration.peerId());
      put(registration);
    }
    for (ListUpdate update : change.noted()) {
      updates.put(update.stamp(), update);
    }
    for (Long stamp : change.struckOut()) {
      updates.remove(stamp);
    }
    terminated.forgetOlderThan(change.forgottenBeforeMs());
  }

  /** Starts a peer's track timer anew, if it is registered and was not heard of later already. */
  public void hear(Heard heard) {
    Registration peer = registration(heard.peerId());
    if (peer != null && heard.atMs() > peer.lastSeenMs) {
      track.remove(peer);
      peer.lastSeenMs = heard.atMs();
      track.insert(peer);
    }
  }

  private void put(RegistrationSnapshot snapshot) {
    Registration peer = Registration.of(snapshot);
    forget(peers.put(peer));
    track.insert(peer);
    weight += peer.weight();
  }

  private void forget(@Nullable Registration peer) {
    lastFound = null;
    if (peer != null) {
      track.remove(peer);
      weight -= peer.weight();
    }
  }

  @Nullable Registration registration(String peerId) {
    Registration found = lastFound;
    if (found == null || !found.id().equals(peerId)) {
      found = peers.get(peerId);
      lastFound = found;
    }
    return found;
  }

  /** Returns a registration that ended with a CONNECT, if that is remembered. */
  @Nullable Registration terminated(String peerId) {
    return terminated.get(peerId);
  }

  /** Returns a registered peer that a request from {@code origin} may speak for, else null. */
  @Nullable Registration admitted(String peerId, Origin origin) {
    Registration peer = peers.get(peerId);
    return peer != null && peer.admits(origin) ? peer : null;
  }

  /** Stamps grow within a shard, and follow the clock so that they do over network splits too. */
  long nextStamp(long nowMs) {
    return Math.max(lastStamp + 1, nowMs);
  }

  Decision<Boolean> observe(PeerCommand.Observe observe) {
    Registration peer = admitted(observe.peerId(), observe.origin());
    if (peer == null || !peer.isNews(observe.origin())) {
      return Decision.unchanged(peer != null);
    }
    RegistrationSnapshot before = peer.snapshot();
    RegistrationSnapshot after =
        before.seenAt(
            before.observed().and(observe.origin().ip()),
            observe.origin().networkAfter(before.network()),
            observe.nowMs());
    return new Decision<>(
        true,
        ShardChange.registered(after, relisted(peer, after, observe.origin(), observe.nowMs())));
  }

  /** Returns what lists are to follow if {@code peer} is seen elsewhere and so becomes another. */
  List<ListUpdate> relisted(
      Registration peer, RegistrationSnapshot after, Origin origin, long nowMs) {
    Listing listing =
        Listing.of(after.addresses(), after.observed(), origin.rules(), after.network());
    return listing.equals(peer.listing(origin.rules()))
        ? List.of()
        : List.of(joining(peer, joins(peer), listing, nextStamp(nowMs)));
  }

  private static List<Join> joins(Registration peer) {
    List<Join> joins = new ArrayList<>(1);
    peer.memberships().forEach((swarm, there) -> joins.add(new Join(swarm, there.mode())));
    return joins;
  }

  private static ListUpdate joining(
      Registration peer, List<Join> joins, Listing listing, long stamp) {
    return new ListUpdate(peer.id(), stamp, joins, listing, PeerNum.NOTHING, List.of(), null);
  }

  Decision<Integer> touch(List<Heard> heard) {
    List<Heard> news = new ArrayList<>(heard.size());
    int known = 0;
    for (Heard one : heard) {
      Registration peer = peers.get(one.peerId());
      known += peer == null ? 0 : 1;
      if (peer != null && one.atMs() > peer.lastSeenMs) {
        news.add(one);
      }
    }
    return news.isEmpty()
        ? Decision.unchanged(known)
        : new Decision<>(known, ShardChange.heard(news));
  }

  Decision<List<ListUpdate>> expire(PeerCommand.Expire expire, PeerBudget budget) {
    Map<String, Long> heardMs = expire.heard().isEmpty() ? Map.of() : new HashMap<>();
    expire.heard().forEach(heard -> heardMs.merge(heard.peerId(), heard.atMs(), Math::max));
    long dueMs = expire.nowMs() - expire.trackMs();
    long stamp = lastStamp;
    List<ListUpdate> leaving = new ArrayList<>(0);
    List<String> removed = new ArrayList<>(0);
    Registration peer = track.first();
    while (peer != null && peer.lastSeenMs <= dueMs && removed.size() < expire.maximum()) {
      long untilMs = Math.max(peer.lastSeenMs, heardMs.getOrDefault(peer.id(), Long.MIN_VALUE));
      if (untilMs <= dueMs) {
        stamp = Math.max(stamp + 1, expire.nowMs());
        leaving.add(timedOut(peer, stamp, expire.nowMs(), untilMs));
        removed.add(peer.id());
        budget.release(1, peer.weight());
      }
      peer = peer.later;
    }
    boolean forgets = terminated.oldestMs() < dueMs;
    if (removed.isEmpty() && expire.heard().isEmpty() && !forgets) {
      return Decision.unchanged(List.of());
    }
    return new Decision<>(
        leaving,
        new ShardChange(
            stamp, List.of(), List.of(), removed, expire.heard(), leaving, List.of(), dueMs));
  }

  private static ListUpdate timedOut(Registration peer, long stamp, long nowMs, long untilMs) {
    Departure departure =
        new Departure(peer.id(), nowMs, peer.endedAt(untilMs), Departure.Cause.TIMED_OUT);
    return ListUpdate.leaving(peer.id(), stamp, departure.swarms(), departure);
  }

  /**
   * Returns when an {@link PeerCommand.Expire} will next have something to do, {@link
   * Long#MAX_VALUE} if never.
   */
  public long nextDueMs(long trackMs) {
    Registration first = track.first();
    long firstMs = first == null ? Long.MAX_VALUE : first.lastSeenMs + trackMs;
    return Math.min(firstMs, terminated.oldestMs() + trackMs + 1);
  }

  Decision<List<ListUpdate>> strikeOut(List<Long> stamps) {
    List<ListUpdate> noted = new ArrayList<>(stamps.size());
    for (Long stamp : stamps) {
      ListUpdate update = updates.get(stamp);
      if (update != null) {
        noted.add(update);
      }
    }
    return noted.isEmpty()
        ? Decision.unchanged(noted)
        : new Decision<>(
            noted, ShardChange.struckOut(noted.stream().map(ListUpdate::stamp).toList()));
  }

  Decision<Integer> reconcile(PeerCommand.Reconcile reconcile) {
    Set<String> changing = peersThatChange();
    List<ListUpdate> noted = new ArrayList<>(reconcile.memberships().size());
    long stamp = lastStamp;
    for (Membership membership : reconcile.memberships()) {
      if (!changing.contains(membership.peerId())) {
        stamp = Math.max(Math.max(stamp + 1, reconcile.nowMs()), membership.stamp());
        noted.add(asRegistered(membership, reconcile.rules(), stamp));
      }
    }
    return noted.isEmpty()
        ? Decision.unchanged(0)
        : new Decision<>(noted.size(), ShardChange.noted(noted));
  }

  private ListUpdate asRegistered(Membership membership, AddressRules rules, long stamp) {
    Registration peer = peers.get(membership.peerId());
    PeerMode mode = peer == null ? null : peer.modeIn(membership.swarm());
    return peer == null || mode == null
        ? ListUpdate.leaving(membership.peerId(), stamp, List.of(membership.swarm()), null)
        : joining(peer, List.of(new Join(membership.swarm(), mode)), peer.listing(rules), stamp);
  }

  Optional<RegistrationView> look(String peerId) {
    Registration peer = peers.get(peerId);
    return peer == null
        ? Optional.empty()
        : Optional.of(
            new RegistrationView(
                peer.connectedAtMs,
                peer.lastSeenMs,
                peer.modes(),
                peer.addresses(),
                peer.observed(),
                peer.authenticated));
  }

  List<Membership> orphansAmong(List<Membership> members) {
    List<Membership> orphans = new ArrayList<>(0);
    Set<String> changing = peersThatChange();
    for (Membership member : members) {
      Registration peer = peers.get(member.peerId());
      if ((peer == null || !peer.isIn(member.swarm())) && !changing.contains(member.peerId())) {
        orphans.add(member);
      }
    }
    return orphans;
  }

  private Set<String> peersThatChange() {
    Set<String> changing = new HashSet<>();
    updates.values().forEach(update -> changing.add(update.peerId()));
    return changing;
  }

  List<Membership> memberships(int from, int count) {
    List<Membership> memberships = new ArrayList<>();
    Set<String> changing = peersThatChange();
    for (int i = from; i < Math.min(peers.size(), from + count); i++) {
      Registration peer = peers.at(i);
      if (!changing.contains(peer.id())) {
        long stamp = peer.lastConnect.stamp();
        peer.memberships()
            .keySet()
            .forEach(swarm -> memberships.add(new Membership(peer.id(), swarm, stamp)));
      }
    }
    return memberships;
  }
}
