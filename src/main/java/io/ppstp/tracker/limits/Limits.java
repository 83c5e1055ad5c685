package io.ppstp.tracker.limits;

import io.ppstp.tracker.limits.ConnectionCounts.ConnectionHold;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.limits.LimitRules.Rate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds clients to the {@link LimitRules} in force, and counts what they ran into. One per node:
 * each node of a cluster looks at its own traffic. Thread-safe.
 *
 * <p>Its tables are of fixed size, 8 MiB in all, but for the connections (as many as are open) and
 * the peers per address (as many as are registered).
 */
public final class Limits {
  private static final int CLIENTS = 1 << 16;

  private final LongSupplier nanoTime;
  private final long originNs;
  private final KeyHash hash;
  private final ConnectionCounts connections = new ConnectionCounts();
  private final TimeTable requests;
  private final TimeTable identities;
  private final TimeTable registering;
  private final PeersPerAddress peers;

  /** Of IPv6 only. */
  private final PeersPerAddress networkPeers;

  private final Lockouts lockouts;
  private final Map<Limit, LongAdder> hits = new EnumMap<>(Limit.class);
  private volatile LimitRules rules;

  /**
   * Makes limits that nobody has used up yet.
   *
   * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime}
   * @param seed unpredictable, so that nobody can choose keys that fall together
   * @param silence the longest time between two requests of a registered peer
   * @param maxPeers registered peers that can be counted
   */
  public Limits(
      LimitRules rules, LongSupplier nanoTime, long seed, Duration silence, int maxPeers) {
    this(rules, nanoTime, seed, silence, maxPeers, CLIENTS);
  }

  private Limits(
      LimitRules rules,
      LongSupplier nanoTime,
      long seed,
      Duration silence,
      int maxPeers,
      int clients) {
    this.rules = rules;
    this.nanoTime = nanoTime;
    this.originNs = nanoTime.getAsLong() - 1;
    this.hash = new KeyHash(seed);
    this.peers = new PeersPerAddress(silence.toNanos(), maxPeers);
    this.networkPeers = new PeersPerAddress(silence.toNanos(), maxPeers);
    this.lockouts =
        new Lockouts(this::rules, this::nowNs, () -> hit(Limit.LOCK_OUT), hash, clients);
    this.requests = new TimeTable(clients);
    this.identities = new TimeTable(clients);
    this.registering = new TimeTable(clients);
    for (Limit limit : Limit.values()) {
      hits.put(limit, new LongAdder());
    }
  }

  /** Returns limits that bound nothing. */
  public static Limits unbounded() {
    return new Limits(LimitRules.NONE, System::nanoTime, 0, Duration.ofDays(1), 1, 1);
  }

  /** Returns the rules in force. */
  public LimitRules rules() {
    return rules;
  }

  /** Puts other rules in force, at once and as a whole. What was used up stays used up. */
  public void replace(LimitRules others) {
    rules = others;
  }

  /** Returns those who failed to authenticate too often. */
  public Lockouts lockouts() {
    return lockouts;
  }

  /** Takes a place among all connections; null, and counted, if there is none left. */
  public @Nullable ConnectionHold tryConnect() {
    ConnectionHold hold = connections.tryOpen(rules.connections().total());
    if (hold == null) {
      hit(Limit.CONNECTIONS);
    }
    return hold;
  }

  /**
   * Takes a place among the connections of a client, and of its network; null, and counted, if
   * there is none left.
   */
  public @Nullable ConnectionHold tryConnect(Client client) {
    LimitRules now = rules;
    boolean exempt = now.exempts(client);
    int most = exempt ? Integer.MAX_VALUE : now.connections().perAddress();
    ConnectionHold hold = connections.tryOpen(now.prefixOf(client), most);
    IpPrefix network = exempt ? null : now.networkOf(client);
    if (hold != null && network != null) {
      hold = both(hold, connections.tryOpen(network, now.ofNetwork(most)));
    }
    if (hold == null) {
      hit(Limit.CONNECTIONS_PER_ADDRESS);
    }
    return hold;
  }

  private static @Nullable ConnectionHold both(ConnectionHold own, @Nullable ConnectionHold wide) {
    if (wide == null) {
      own.release();
      return null;
    }
    return new ConnectionHold(
        () -> {
          own.release();
          wide.release();
        });
  }

  /** Lets a client send a request: returns zero, or how long it had better wait. */
  public Duration request(Client client) {
    LimitRules now = rules;
    if (now.exempts(client)) {
      return Duration.ZERO;
    }
    return charge(requests, now, now.requests(), client, Limit.REQUESTS);
  }

  /** Lets an identity send a request: returns zero, or how long it had better wait. */
  public Duration identityRequest(String identity) {
    return charge(identities, rules.identityRequests(), hash.of(identity), Limit.IDENTITY_REQUESTS);
  }

  /** Charges a client, and its network if that counts; neither if either is at its bound. */
  private Duration charge(TimeTable table, LimitRules now, Rate rate, Client client, Limit limit) {
    long key = hash.of(now.prefixOf(client));
    Duration wait = charge(table, rate, key, limit);
    IpPrefix network = now.networkOf(client);
    if (network == null || !wait.isZero()) {
      return wait;
    }
    Rate wide = rate.times(now.ipv6().networkFactor());
    wait = charge(table, wide, hash.of(network), limit);
    if (!wait.isZero()) {
      giveBack(table, rate, key);
    }
    return wait;
  }

  private Duration charge(TimeTable table, Rate rate, long key, Limit limit) {
    if (!rate.isBounded()) {
      return Duration.ZERO;
    }
    long waitNs = table.charge(key, nowNs(), rate.costNs(), rate.burstNs());
    if (waitNs > 0) {
      hit(limit);
    }
    return Duration.ofNanos(waitNs);
  }

  /**
   * Lets a client register a peer: null, and counted, if it may not. The answer is to be settled
   * when it is known whether the peer was registered.
   */
  public @Nullable RegistrationPermit tryRegister(String peerId, Client client) {
    LimitRules now = rules;
    if (now.exempts(client)) {
      return RegistrationPermit.FREE;
    }
    long peer = hash.of(peerId);
    boolean counts = now.peersPerAddress() > 0;
    if (counts && heard(peer)) {
      return new RegistrationPermit(() -> {}, () -> remove(peer), false);
    }
    if (!charge(registering, now, now.registrations(), client, Limit.REGISTRATIONS).isZero()) {
      return null;
    }
    Runnable giveBack = () -> giveBackRegistration(now, client);
    if (!counts) {
      return new RegistrationPermit(giveBack, () -> {}, true);
    }
    if (!tryAdd(peer, now, client)) {
      giveBack.run();
      hit(Limit.PEERS_PER_ADDRESS);
      return null;
    }
    return new RegistrationPermit(giveBack, () -> remove(peer), true);
  }

  /**
   * Returns how much weight the peers of a client may have more than they have, by {@link #weigh};
   * it may be too little for what they have already, but is never negative.
   */
  public int room(Client client) {
    LimitRules now = rules;
    if (now.exempts(client) || now.peersPerAddress() == 0) {
      return Integer.MAX_VALUE;
    }
    long own = peers.weightOfClient(hash.of(now.prefixOf(client)));
    long room = now.peersPerAddress() - own;
    IpPrefix network = now.networkOf(client);
    if (network != null) {
      long wide = networkPeers.weightOfClient(hash.of(network));
      room = Math.min(room, now.ofNetwork(now.peersPerAddress()) - wide);
    }
    return (int) Math.max(0, room);
  }

  /** Notes what a registered peer weighs: more than 1 if it is in several swarms. */
  public void weigh(String peerId, int weight) {
    if (rules.peersPerAddress() > 0) {
      long peer = hash.of(peerId);
      peers.weigh(peer, weight);
      networkPeers.weigh(peer, weight);
    }
  }

  private boolean tryAdd(long peer, LimitRules now, Client client) {
    long key = hash.of(now.prefixOf(client));
    if (!peers.tryAdd(peer, key, now.peersPerAddress(), nowNs())) {
      return false;
    }
    IpPrefix network = now.networkOf(client);
    int most = now.ofNetwork(now.peersPerAddress());
    if (network == null || networkPeers.tryAdd(peer, hash.of(network), most, nowNs())) {
      return true;
    }
    peers.remove(peer);
    return false;
  }

  private boolean heard(long peer) {
    networkPeers.heard(peer, nowNs());
    return peers.heard(peer, nowNs());
  }

  private void remove(long peer) {
    peers.remove(peer);
    networkPeers.remove(peer);
  }

  private void giveBackRegistration(LimitRules now, Client client) {
    Rate rate = now.registrations();
    giveBack(registering, rate, hash.of(now.prefixOf(client)));
    IpPrefix network = now.networkOf(client);
    if (network != null) {
      giveBack(registering, rate.times(now.ipv6().networkFactor()), hash.of(network));
    }
  }

  private static void giveBack(TimeTable table, Rate rate, long key) {
    if (rate.isBounded()) {
      table.giveBack(key, rate.costNs());
    }
  }

  /** Notes that a registered peer is still there. */
  public void heard(String peerId, Client client) {
    LimitRules now = rules;
    if (now.peersPerAddress() > 0 && !now.exempts(client)) {
      heard(hash.of(peerId));
    }
  }

  /**
   * Notes that a client has registered a peer anew that may have been another's.
   *
   * @param weight as for {@link #weigh}
   */
  public void replaced(String peerId, Client client, int weight) {
    LimitRules now = rules;
    long peer = hash.of(peerId);
    remove(peer);
    if (now.peersPerAddress() > 0 && !now.exempts(client)) {
      tryAdd(peer, now, client);
      weigh(peerId, weight);
    }
  }

  /** Notes that a peer is registered no longer. */
  public void left(String peerId) {
    remove(hash.of(peerId));
  }

  /** Counts that somebody ran into {@code limit}. */
  public void hit(Limit limit) {
    counterOf(limit).increment();
  }

  private LongAdder counterOf(Limit limit) {
    return Objects.requireNonNull(hits.get(limit));
  }

  /** Returns how often somebody ran into {@code limit}. */
  public long hits(Limit limit) {
    return counterOf(limit).sum();
  }

  /** Returns the number of open connections. */
  public int openConnections() {
    return connections.total();
  }

  /** Returns how much of each table is in use. Takes time proportional to their size. */
  public Occupancy occupancy() {
    long now = nowNs();
    return new Occupancy(
        requests.occupied(now),
        identities.occupied(now),
        registering.occupied(now),
        lockouts.count(),
        peers.size(),
        peers.clients());
  }

  /**
   * How much of each table is in use.
   *
   * @param requests clients that sent some just now
   * @param identities that sent some just now
   * @param registrations clients that registered peers just now
   * @param lockOuts clients locked out
   * @param peers counted per address
   * @param peerClients clients with such peers
   */
  public record Occupancy(
      int requests, int identities, int registrations, int lockOuts, int peers, int peerClients) {}

  private long nowNs() {
    return nanoTime.getAsLong() - originNs;
  }
}
