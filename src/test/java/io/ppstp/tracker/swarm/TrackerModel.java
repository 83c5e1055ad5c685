package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.swarm.ExpectedAnswer.ListOfPeers;
import io.ppstp.tracker.swarm.ExpectedAnswer.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A deliberately naive twin of the tracker: RFC 7846, Sections 2.3 and 4.1, over plain maps, slow
 * and written without a look at how the tracker does it. It knows nothing of shards, stamps or
 * timer queues: a swarm is whoever has joined it, and expiry looks at everyone.
 */
final class TrackerModel {

  /** What a peer said about itself in a peer_num. */
  record Status(@Nullable NatAbility nat, long links, long onlineTime, long bandwidth) {
    static final Status NOTHING = of(PeerNum.NOTHING);

    static Status of(@Nullable PeerNum num) {
      return num == null
          ? NOTHING
          : new Status(
              num.natAbility(), num.concurrentLinks(), num.onlineTime(), num.uploadBandwidth());
    }
  }

  /** A peer in a swarm. */
  static final class Membership {
    PeerMode mode;
    long since;
    Status status = Status.NOTHING;
    @Nullable StreamStats stats;

    Membership(PeerMode mode, long now) {
      this.mode = mode;
      this.since = now;
    }
  }

  /** A registered peer ID. */
  static final class Peer {
    final long connectedAt;
    long lastSeen;
    List<PeerAddress> addresses = List.of();
    boolean vouched;
    boolean authenticated;
    @Nullable IpAddress v4;
    @Nullable IpAddress v6;
    final Map<String, Membership> joined = new TreeMap<>();

    Peer(long now) {
      connectedAt = now;
      lastSeen = now;
    }

    void heardOf(long now) {
      lastSeen = Math.max(lastSeen, now);
    }

    void seenFrom(IpAddress ip) {
      if (ip.isV4()) {
        v4 = ip;
      } else {
        v6 = ip;
      }
    }

    boolean isSeenFrom(IpAddress ip) {
      return ip.equals(ip.isV4() ? v4 : v6);
    }
  }

  /**
   * What others may be told of a peer.
   *
   * @param confinedTo where those have to be seen to be told all, null if everybody is
   */
  record Told(
      List<PeerAddress> addresses,
      boolean advertised,
      boolean vouched,
      @Nullable Observed confinedTo) {}

  /** A peer's last successful CONNECT, which a repeat is answered from. */
  private record Past(
      Request.Connect request,
      Requester from,
      long at,
      ExpectedAnswer answer,
      List<PeerAddress> addresses,
      Map<String, Long> changes) {}

  /**
   * An answer, and what listeners are told.
   *
   * @param repeated whether it answers the repeat of a CONNECT
   */
  record Outcome(ExpectedAnswer answer, List<String> events, boolean repeated) {
    Outcome(ExpectedAnswer answer, List<String> events) {
      this(answer, events, false);
    }
  }

  private final ModelScenario scenario;
  final Map<String, Peer> peers = new TreeMap<>();

  /** By peer, the youngest first. */
  private final Map<String, List<Past>> pasts = new HashMap<>();

  private final Map<String, Long> changes = new HashMap<>();
  int transactionsReused;

  /** CONNECTs that came more than a second before the peer's last one that was executed. */
  int tooLate;

  /** Repeats of CONNECTs that others had come after. */
  int repeatsOfEarlierOnes;

  /** Registrations that somebody else's took the place of. */
  int replacements;

  /** Addresses that nobody could be told when they were advertised. */
  int unproven;

  /** The same, of relays. */
  int relayed;

  TrackerModel(ModelScenario scenario) {
    this.scenario = scenario;
  }

  Outcome handle(Request request, Requester from, long now) {
    if (request instanceof Request.Connect connect) {
      return connect(connect, from, now);
    }
    return request instanceof Request.Find find
        ? find(find, from, now)
        : report((Request.StatReport) request, from, now);
  }

  // CONNECT

  private Outcome connect(Request.Connect request, Requester from, long now) {
    Peer registered = peers.get(request.peerId());
    boolean foreign = isForeign(registered, from);
    if (registered != null && foreign && !givesWay(registered, from, now)) {
      return refused(request, ErrorCode.FORBIDDEN_ACTION);
    }
    List<Past> known = foreign ? List.of() : pasts(request.peerId(), from);
    List<Past> recent =
        known.stream().filter(past -> now - past.at <= ModelScenario.TRACK_MS).toList();
    for (Past past : recent) {
      if (past.request.equals(request)) {
        repeatsOfEarlierOnes += past.equals(known.get(0)) ? 0 : 1;
        return repeat(past, known.get(0), from, now);
      }
    }
    if (!known.isEmpty() && known.get(0).at - now > 1_000) {
      tooLate++;
      return refused(request, ErrorCode.SERVICE_UNAVAILABLE);
    }
    boolean reused =
        recent.stream()
            .map(past -> past.request.transactionId())
            .anyMatch(request.transactionId()::equals);
    if (reused && scenario.strictReuse()) {
      return refused(request, ErrorCode.BAD_REQUEST);
    }
    Peer peer = foreign ? null : registered;
    if (peer != null && isSeederStartOnly(request.actions()) && !scenario.additive()) {
      return terminate(request, peer, now);
    }
    if (!isAllowed(peer, request.actions())) {
      return refused(request, ErrorCode.FORBIDDEN_ACTION);
    }
    Outcome outcome = execute(request, peer, from, now);
    transactionsReused += reused && outcome.answer.code() == ErrorCode.NO_ERROR ? 1 : 0;
    return outcome;
  }

  private static boolean isSeederStartOnly(List<SwarmAction> actions) {
    return actions.stream().allMatch(action -> action.joinsAs(PeerMode.SEEDER));
  }

  /** Table 6 and what decisions A21 to A24 add to it. */
  private boolean isAllowed(@Nullable Peer peer, List<SwarmAction> actions) {
    List<SwarmAction> leaves = actions.stream().filter(SwarmAction::leaves).toList();
    List<SwarmAction> leeches = actions.stream().filter(a -> a.joinsAs(PeerMode.LEECH)).toList();
    List<SwarmAction> seeders = actions.stream().filter(a -> a.joinsAs(PeerMode.SEEDER)).toList();
    if (peer == null) {
      boolean single = leeches.size() == 1 && seeders.isEmpty();
      boolean start = leeches.isEmpty() && !seeders.isEmpty();
      return leaves.isEmpty() && (scenario.additive() || single || start);
    }
    if (scenario.additive() || leaves.size() == actions.size()) {
      return true;
    }
    if (leeches.size() == 1 && seeders.isEmpty() && leaves.size() <= 1) {
      Set<String> leechOf = new TreeSet<>();
      peer.joined.keySet().stream().filter(swarm -> isLeech(peer, swarm)).forEach(leechOf::add);
      String joined = leeches.get(0).swarmId();
      if (leaves.isEmpty() || !peer.joined.containsKey(leaves.get(0).swarmId())) {
        return leechOf.contains(joined);
      }
      leechOf.remove(leaves.get(0).swarmId());
      leechOf.remove(joined);
      return leechOf.isEmpty();
    }
    if (seeders.size() == 1 && leeches.isEmpty() && leaves.size() == 1) {
      String swarm = seeders.get(0).swarmId();
      return swarm.equals(leaves.get(0).swarmId()) && isLeech(peer, swarm);
    }
    return false;
  }

  private static boolean isLeech(Peer peer, String swarm) {
    Membership membership = peer.joined.get(swarm);
    return membership != null && membership.mode == PeerMode.LEECH;
  }

  private Outcome terminate(Request.Connect request, Peer peer, long now) {
    List<String> events = new ArrayList<>();
    events.add(refusedEvent(request, ErrorCode.FORBIDDEN_ACTION));
    peer.joined.forEach(
        (swarm, it) -> events.add(left(request.peerId(), swarm, false, "REFUSED", now - it.since)));
    remove(request.peerId());
    return new Outcome(ExpectedAnswer.failure(ErrorCode.FORBIDDEN_ACTION), events);
  }

  private Outcome execute(Request.Connect request, @Nullable Peer known, Requester from, long now) {
    String id = request.peerId();
    Set<String> after = known == null ? new HashSet<>() : new HashSet<>(known.joined.keySet());
    List<SwarmAction> leaves = new ArrayList<>();
    List<SwarmAction> joins = new ArrayList<>();
    for (SwarmAction action : request.actions()) {
      (action.leaves() ? leaves : joins).add(action);
    }
    Map<SwarmAction, Boolean> success = new HashMap<>();
    for (SwarmAction leave : leaves) {
      success.put(leave, after.remove(leave.swarmId()));
    }
    for (SwarmAction join : joins) {
      boolean room = after.contains(join.swarmId()) || after.size() < scenario.maxSwarms();
      success.put(join, room);
      if (room) {
        after.add(join.swarmId());
      }
    }
    if (!success.containsValue(true)) {
      return refused(request, ErrorCode.FORBIDDEN_ACTION);
    }
    Peer replaced = known == null ? peers.get(id) : null;
    if (known == null && replaced == null && peers.size() >= scenario.maxPeers()) {
      return refused(request, ErrorCode.SERVICE_UNAVAILABLE);
    }

    List<String> events = new ArrayList<>();
    if (replaced != null) {
      replacements++;
      pasts.remove(id);
      replaced.joined.forEach(
          (swarm, it) ->
              events.add(left(id, swarm, false, "REPLACED", replaced.lastSeen - it.since)));
      replaced.joined.keySet().forEach(this::changed);
    }
    List<String> lefts = new ArrayList<>();
    List<String> joineds = new ArrayList<>();
    Peer peer = known == null ? register(id, now) : known;
    peer.heardOf(now);
    boolean authenticated = from.authState().isAuthenticated();
    Told before = told(peer);
    peer.seenFrom(from.ip());
    peer.authenticated |= authenticated;
    if (!request.addresses().isEmpty()) {
      peer.addresses = request.addresses();
      peer.vouched = authenticated;
    }
    Told told = told(peer);
    boolean readdressed = !told.equals(before);
    for (PeerAddress address : peer.addresses) {
      if (!told.advertised || !told.addresses.contains(address)) {
        unproven += address.type() == AddressType.PROXY ? 0 : 1;
        relayed += address.type() == AddressType.PROXY ? 1 : 0;
      }
    }
    List<Result> results = new ArrayList<>();
    int wanted = wanted(request.peerNum());
    for (SwarmAction join : joins) {
      if (!success.getOrDefault(join, false)) {
        results.add(new Result(join.swarmId(), false, null));
        continue;
      }
      results.add(
          new Result(join.swarmId(), true, listFor(request, from, join, wanted, results.size())));
    }
    for (SwarmAction leave : leaves) {
      boolean done = success.getOrDefault(leave, false);
      results.add(new Result(leave.swarmId(), done, null));
      if (done && !after.contains(leave.swarmId())) {
        changed(leave.swarmId());
        long since = peer.joined.remove(leave.swarmId()).since;
        lefts.add(left(id, leave.swarmId(), !after.isEmpty(), "LEFT", now - since));
      }
    }
    for (SwarmAction join : joins) {
      if (success.getOrDefault(join, false)) {
        changed(join.swarmId());
        join(peer, id, join, lefts, joineds, now);
        state(peer, join.swarmId(), request.peerNum());
      }
    }
    if (readdressed) {
      // The peer's statement goes wherever its addresses are carried.
      for (String swarm : peer.joined.keySet()) {
        changed(swarm);
        state(peer, swarm, request.peerNum());
      }
    }
    if (known == null) {
      events.add("registered " + id);
    }
    events.addAll(lefts);
    events.addAll(joineds);
    ExpectedAnswer answer =
        new ExpectedAnswer(ErrorCode.NO_ERROR, self(peer.addresses, from), results, false);
    remember(new Past(request, from, now, answer, peer.addresses, changesOf(request.actions())));
    if (peer.joined.isEmpty()) {
      peers.remove(id);
    }
    return new Outcome(answer, events);
  }

  /** What somebody did who had proved who it was is nobody else's, nor the reverse. */
  private List<Past> pasts(String id, Requester from) {
    List<Past> all = pasts.getOrDefault(id, List.of());
    return all.stream().allMatch(past -> isAuthenticated(past.from) == isAuthenticated(from))
        ? all
        : List.of();
  }

  /** The last CONNECT and four before it; that one alone if the peer uses an ID for several. */
  private void remember(Past past) {
    String id = past.request.peerId();
    List<Past> remembered = new ArrayList<>(List.of(past));
    for (Past earlier : pasts(id, past.from)) {
      boolean recent = past.at - earlier.at <= ModelScenario.TRACK_MS;
      if (recent && earlier.request.transactionId().equals(past.request.transactionId())) {
        pasts.put(id, List.of(past));
        return;
      }
      if (recent && remembered.size() < 5) {
        remembered.add(earlier);
      }
    }
    pasts.put(id, remembered);
  }

  private Peer register(String id, long now) {
    Peer peer = new Peer(now);
    peers.put(id, peer);
    return peer;
  }

  private static void join(
      Peer peer,
      String id,
      SwarmAction action,
      List<String> lefts,
      List<String> joineds,
      long now) {
    PeerMode mode = action.mode();
    if (mode == null) {
      throw new IllegalArgumentException("a JOIN without a mode");
    }
    Membership present = peer.joined.get(action.swarmId());
    if (present != null && present.mode == mode) {
      return;
    }
    if (present != null) {
      lefts.add(left(id, action.swarmId(), true, "NEW_MODE", now - present.since));
      present.mode = mode;
      present.since = now;
    } else {
      peer.joined.put(action.swarmId(), new Membership(mode, now));
    }
    joineds.add("joined " + id + " " + action.swarmId() + " " + mode);
  }

  private static void state(Peer peer, String swarm, @Nullable PeerNum num) {
    Membership membership = peer.joined.get(swarm);
    Status status = Status.of(num);
    if (membership != null && !status.equals(Status.NOTHING)) {
      membership.status = status;
    }
  }

  /** A LEECH gets a list, a SEEDER if it sent a peer_num; a wish for 0 peers is one for none. */
  private @Nullable ListOfPeers listFor(
      Request.Connect request, Requester from, SwarmAction join, int wanted, int index) {
    boolean entitled = join.joinsAs(PeerMode.LEECH) || request.peerNum() != null;
    if (!entitled || wanted == 0) {
      return null;
    }
    boolean fits = (long) wanted * (index + 1) <= scenario.maxPerResponse();
    return list(request.peerId(), from.ip(), join.swarmId(), wanted, fits);
  }

  /** What is answered again: nothing changes, save when and where the peer was heard of last. */
  private Outcome repeat(Past past, Past last, Requester from, long now) {
    String id = past.request.peerId();
    Peer peer = peers.get(id);
    if (peer != null && past.equals(last)) {
      peer.heardOf(now);
      note(peer, from);
    }
    List<Result> results = new ArrayList<>();
    for (Result result : past.answer.results()) {
      ListOfPeers before = result.list();
      ListOfPeers list = null;
      if (before != null) {
        int wanted = wanted(past.request.peerNum());
        boolean fits = (long) wanted * (results.size() + 1) <= scenario.maxPerResponse();
        list = list(id, from.ip(), result.swarmId(), wanted, fits);
      }
      results.add(new Result(result.swarmId(), result.successful(), list));
    }
    boolean same =
        past.equals(last)
            && past.from.equals(from)
            && past.changes.equals(changesOf(past.request.actions()));
    PeerAddress self = self(last.addresses, from);
    return new Outcome(
        new ExpectedAnswer(ErrorCode.NO_ERROR, self, results, same), List.of(), true);
  }

  // FIND and STAT_REPORT

  private Outcome find(Request.Find request, Requester from, long now) {
    Peer peer = peers.get(request.peerId());
    if (peer == null
        || isForeign(peer, from)
        || (scenario.findRequiresMembership() && !peer.joined.containsKey(request.swarmId()))) {
      return refused(request, ErrorCode.FORBIDDEN_ACTION);
    }
    peer.heardOf(now);
    note(peer, from);
    ListOfPeers list =
        list(request.peerId(), from.ip(), request.swarmId(), wanted(request.peerNum()), true);
    if (list.most() > scenario.maxPerResponse()) {
      list = new ListOfPeers(list.candidates(), 0, scenario.maxPerResponse());
    }
    if (peer.joined.containsKey(request.swarmId())) {
      changed(request.swarmId());
      state(peer, request.swarmId(), request.peerNum());
    }
    PeerAddress self = self(peer.addresses, from);
    List<Result> results = List.of(new Result(request.swarmId(), true, list));
    return new Outcome(new ExpectedAnswer(ErrorCode.NO_ERROR, self, results, false), List.of());
  }

  private Outcome report(Request.StatReport request, Requester from, long now) {
    Peer peer = peers.get(request.peerId());
    boolean anyKnown =
        peer != null
            && request.stats().stream().anyMatch(s -> peer.joined.containsKey(s.swarmId()));
    if (peer == null || isForeign(peer, from) || (!request.stats().isEmpty() && !anyKnown)) {
      return refused(request, ErrorCode.FORBIDDEN_ACTION);
    }
    peer.heardOf(now);
    note(peer, from);
    List<Result> results = new ArrayList<>();
    List<String> events = new ArrayList<>();
    for (StreamStats stats : request.stats()) {
      Membership membership = peer.joined.get(stats.swarmId());
      results.add(new Result(stats.swarmId(), membership != null, null));
      if (membership != null) {
        changed(stats.swarmId());
        membership.stats = stats;
        events.add("reported " + request.peerId() + " " + stats);
      }
    }
    return new Outcome(new ExpectedAnswer(ErrorCode.NO_ERROR, null, results, false), events);
  }

  // Expiry

  Set<String> due(long now) {
    return peers.entrySet().stream()
        .filter(peer -> now - peer.getValue().lastSeen >= ModelScenario.TRACK_MS)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** For how long a peer had been in each of its swarms when it was last heard of. */
  Map<String, Long> watched(String id) {
    Map<String, Long> watched = new TreeMap<>();
    Peer peer = peers.get(id);
    if (peer != null) {
      peer.joined.forEach((swarm, it) -> watched.put(swarm, Math.max(0, peer.lastSeen - it.since)));
    }
    return watched;
  }

  void expire(Collection<String> ids) {
    ids.forEach(this::remove);
    ids.forEach(pasts::remove);
  }

  private void remove(String id) {
    Peer peer = peers.remove(id);
    if (peer != null) {
      peer.joined.keySet().forEach(this::changed);
    }
  }

  // What all have in common

  Map<String, Membership> membersOf(String swarm) {
    Map<String, Membership> members = new TreeMap<>();
    peers.forEach(
        (id, peer) -> {
          Membership membership = peer.joined.get(swarm);
          if (membership != null) {
            members.put(id, membership);
          }
        });
    return members;
  }

  /** Who of a swarm may be told; those that must not be told to this requester may leave gaps. */
  private ListOfPeers list(String requester, IpAddress ip, String swarm, int wanted, boolean fits) {
    Map<String, List<PeerAddress>> candidates = new TreeMap<>();
    int hidden = 0;
    for (String id : membersOf(swarm).keySet()) {
      Peer peer = peers.get(id);
      if (peer == null || id.equals(requester) || told(peer).addresses.isEmpty()) {
        continue;
      }
      List<PeerAddress> told = new ArrayList<>(told(peer).addresses);
      if (scenario.addresses().privateConfined() && !peer.isSeenFrom(ip)) {
        told.removeIf(address -> !address.ip().isPublic());
      }
      if (told.isEmpty()) {
        hidden++;
      } else {
        candidates.put(id, scenario.bestOnly() ? told.subList(0, 1) : told);
      }
    }
    int most = Math.min(wanted, candidates.size());
    int least = Math.max(0, Math.min(wanted, candidates.size() + hidden) - hidden);
    return new ListOfPeers(candidates, fits ? least : 0, most);
  }

  /** Only its owner speaks for a peer: by credentials, or else from where it was seen. */
  private boolean isForeign(@Nullable Peer peer, Requester from) {
    if (peer == null) {
      return false;
    }
    if (peer.authenticated || isAuthenticated(from)) {
      return peer.authenticated != isAuthenticated(from);
    }
    return scenario.bound() && !isWhereItWas(peer, from.ip());
  }

  private static boolean isWhereItWas(Peer peer, IpAddress ip) {
    if (ip.isV4()) {
      return ip.equals(peer.v4);
    }
    return peer.v6 != null && Arrays.equals(ip.toBytes(), 0, 8, peer.v6.toBytes(), 0, 8);
  }

  private static boolean givesWay(Peer peer, Requester from, long now) {
    return !peer.authenticated
        && (isAuthenticated(from) || now - peer.lastSeen >= ModelScenario.TRACK_MS / 3);
  }

  private static boolean isAuthenticated(Requester from) {
    return from.authState().isAuthenticated();
  }

  private void note(Peer peer, Requester from) {
    Told before = told(peer);
    peer.seenFrom(from.ip());
    if (!told(peer).equals(before)) {
      peer.joined.keySet().forEach(this::changed);
    }
  }

  Told told(Peer peer) {
    List<PeerAddress> told = new ArrayList<>(peer.addresses);
    if (scenario.addresses().proofRequired() && !peer.vouched) {
      boolean proved = told.stream().anyMatch(address -> peer.isSeenFrom(address.ip()));
      boolean neighbours = proved && scenario.addresses().privateConfined();
      told.removeIf(
          address ->
              !peer.isSeenFrom(address.ip())
                  && !(neighbours
                      && address.type() == AddressType.HOST
                      && !address.ip().isPublic()));
    }
    boolean advertised = !told.isEmpty();
    int port = scenario.addresses().defaultPort();
    if (!advertised && port != 0 && peer.v4 != null) {
      told.add(PeerAddress.reflexive(peer.v4, port, 1));
    }
    if (!advertised && port != 0 && peer.v6 != null) {
      told.add(PeerAddress.reflexive(peer.v6, port, 1));
    }
    boolean confined =
        scenario.addresses().privateConfined()
            && told.stream().anyMatch(address -> !address.ip().isPublic());
    return new Told(
        told,
        advertised,
        advertised && peer.vouched,
        confined ? new Observed(peer.v4, peer.v6) : null);
  }

  private int wanted(@Nullable PeerNum num) {
    long stated = num == null ? PeerNum.NOT_STATED : num.peerCount();
    long wanted = stated == PeerNum.NOT_STATED ? scenario.defaultCount() : stated;
    return (int) Math.min(wanted, scenario.maxCount());
  }

  /** Decision A18. */
  private static @Nullable PeerAddress self(List<PeerAddress> addresses, Requester from) {
    Set<Integer> ports = new HashSet<>();
    for (PeerAddress address : addresses) {
      if (address.type() != AddressType.HOST) {
        return null;
      }
      ports.add(address.port());
    }
    int port = ports.size() == 1 ? ports.iterator().next() : from.port();
    return PeerAddress.reflexive(from.ip(), port, 1);
  }

  private void changed(String swarm) {
    changes.merge(swarm, 1L, Long::sum);
  }

  private Map<String, Long> changesOf(List<SwarmAction> actions) {
    Map<String, Long> now = new HashMap<>();
    actions.forEach(a -> now.put(a.swarmId(), changes.getOrDefault(a.swarmId(), 0L)));
    return now;
  }

  private static Outcome refused(Request request, ErrorCode code) {
    return new Outcome(ExpectedAnswer.failure(code), List.of(refusedEvent(request, code)));
  }

  private static String refusedEvent(Request request, ErrorCode code) {
    return "refused " + request.peerId() + " " + request.type() + " " + code;
  }

  private static String left(
      String id, String swarm, boolean registered, String reason, long watched) {
    return "left %s %s %s %s %d".formatted(id, swarm, registered, reason, Math.max(0, watched));
  }
}
