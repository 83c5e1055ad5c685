package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes random requests such as the reader lets through. It looks at the model to hit what peers
 * have joined more often than chance would.
 */
final class RequestGenerator {
  private static final String[] AWKWARD = {"", " \"quoted\\\"", " \u00fc\u4e2d", " \ud83d\udce1"};

  private static final AuthState SOMEBODY =
      new AuthState.Authenticated(new Identity("x", "test", Permissions.ANY, Permissions.ANY));

  private final SplittableRandom random;
  private final ModelScenario scenario;
  private final TrackerModel model;
  private final Map<String, String> lastTransaction = new HashMap<>();
  private final Map<Object, Long> digests = new HashMap<>();
  private int transactions;

  RequestGenerator(SplittableRandom random, ModelScenario scenario, TrackerModel model) {
    this.random = random;
    this.scenario = scenario;
    this.model = model;
  }

  static String peer(int number) {
    return "peer-" + number + AWKWARD[number % AWKWARD.length];
  }

  static String swarm(int number) {
    return "swarm-" + number + AWKWARD[number % AWKWARD.length];
  }

  Request next() {
    String peer = peer(random.nextInt(scenario.peers()));
    return switch (random.nextInt(10)) {
      case 0, 1 -> new Request.Find(transaction(peer), peer, likelySwarm(peer), peerNum());
      case 2, 3 -> new Request.StatReport(transaction(peer), peer, stats(peer));
      default -> connect(peer);
    };
  }

  /**
   * A peer mostly comes from one address, which some share, now and then from another; its port
   * varies.
   */
  Requester requester(Request request) {
    String[] elsewhere = {"21.51.100.", "2a00:db8:1::", "10.0.0."};
    String network =
        random.nextInt(10) == 0 ? elsewhere[random.nextInt(elsewhere.length)] : "22.0.113.";
    boolean authenticated = scenario.someAuthenticated() && random.nextInt(10) < home(request);
    return new Requester(
        ip(network + home(request)),
        40_000 + random.nextInt(3),
        authenticated ? SOMEBODY : AuthState.Anonymous.INSTANCE);
  }

  private static int home(Request request) {
    return home(request.peerId());
  }

  private static int home(String peer) {
    return Math.floorMod(peer.hashCode(), 6) + 1;
  }

  Request connect(String peer) {
    String transaction = transaction(peer);
    PeerNum num = peerNum();
    List<PeerAddress> addresses = addresses(peer);
    List<SwarmAction> actions = shuffled(actions(peer));
    // Equal messages have equal digests, others others.
    List<Object> message = new ArrayList<>(List.of(transaction, peer, addresses, actions));
    message.add(num == null ? "none" : num);
    long digest = digests.computeIfAbsent(message, unseen -> digests.size() + 1L);
    return new Request.Connect(transaction, peer, digest, num, addresses, actions);
  }

  private List<SwarmAction> actions(String peer) {
    List<String> joined = joined(peer);
    return switch (random.nextInt(8)) {
      case 0, 1 -> List.of(join(likelySwarm(peer), PeerMode.LEECH));
      case 2 -> joins(PeerMode.SEEDER);
      case 3 ->
          joined.isEmpty() ? joins(PeerMode.LEECH) : joined.stream().map(this::leave).toList();
      case 4 -> List.of(leave(likelySwarm(peer)));
      case 5 -> {
        String from = likelySwarm(peer);
        String to = anySwarm();
        yield from.equals(to)
            ? List.of(join(to, PeerMode.LEECH))
            : List.of(leave(from), join(to, PeerMode.LEECH));
      }
      case 6 -> completed(likelySwarm(peer));
      default -> mixture(peer);
    };
  }

  private List<SwarmAction> joins(PeerMode mode) {
    List<SwarmAction> joins = new ArrayList<>();
    for (int i = 0; i < scenario.swarms(); i++) {
      if (random.nextInt(3) == 0) {
        joins.add(join(swarm(i), mode));
      }
    }
    return joins.isEmpty() ? List.of(join(anySwarm(), mode)) : joins;
  }

  /** From LEECH to SEEDER: the one case of a swarm that stands in two actions. */
  private List<SwarmAction> completed(String swarm) {
    PeerMode stated = random.nextBoolean() ? PeerMode.LEECH : null;
    return List.of(new SwarmAction(swarm, Action.LEAVE, stated), join(swarm, PeerMode.SEEDER));
  }

  private List<SwarmAction> mixture(String peer) {
    List<SwarmAction> actions = new ArrayList<>();
    for (int i = 0; i < scenario.swarms(); i++) {
      String swarm = swarm(i);
      switch (random.nextInt(6)) {
        case 0 -> actions.add(join(swarm, PeerMode.LEECH));
        case 1 -> actions.add(join(swarm, PeerMode.SEEDER));
        case 2 -> actions.add(leave(swarm));
        case 3 -> actions.addAll(random.nextInt(3) == 0 ? completed(swarm) : List.of());
        default -> {}
      }
    }
    return actions.isEmpty() ? List.of(leave(likelySwarm(peer))) : actions;
  }

  private List<SwarmAction> shuffled(List<SwarmAction> actions) {
    List<SwarmAction> shuffled = new ArrayList<>(actions);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      shuffled.set(i, shuffled.set(random.nextInt(i + 1), shuffled.get(i)));
    }
    return List.copyOf(shuffled);
  }

  private SwarmAction leave(String swarm) {
    PeerMode[] stated = {PeerMode.LEECH, PeerMode.SEEDER, null};
    return new SwarmAction(swarm, Action.LEAVE, stated[random.nextInt(3)]);
  }

  private static SwarmAction join(String swarm, PeerMode mode) {
    return new SwarmAction(swarm, Action.JOIN, mode);
  }

  private List<StreamStats> stats(String peer) {
    List<StreamStats> stats = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      stats.add(
          new StreamStats(
              likelySwarm(peer),
              random.nextLong(Long.MAX_VALUE),
              random.nextLong(1000),
              random.nextLong(1000),
              random.nextLong(8)));
    }
    return List.copyOf(stats);
  }

  private @Nullable PeerNum peerNum() {
    if (random.nextInt(5) < 2) {
      return null;
    }
    long[] counts = {PeerNum.NOT_STATED, 0, 1, 2, 3, 5, 10, 29};
    NatAbility[] abilities = NatAbility.values();
    return new PeerNum(
        counts[random.nextInt(counts.length)],
        random.nextBoolean() ? abilities[random.nextInt(abilities.length)] : null,
        countOrNone(),
        countOrNone(),
        countOrNone());
  }

  private long countOrNone() {
    return random.nextBoolean() ? PeerNum.NOT_STATED : random.nextLong(5);
  }

  /** Addresses by descending priority, as the reader has them. */
  private List<PeerAddress> addresses(String peer) {
    int[] counts = {0, 0, 0, 0, 1, 1, 2, 3};
    List<PeerAddress> addresses = new ArrayList<>();
    for (int i = counts[random.nextInt(counts.length)]; i > 0; i--) {
      addresses.add(address(peer));
    }
    return addresses.stream()
        .distinct()
        .sorted(Comparator.comparingLong(PeerAddress::priority).reversed())
        .toList();
  }

  private PeerAddress address(String peer) {
    String[] places = {
      "22.0.113." + home(peer),
      "21.51.100." + home(peer),
      "2a00:db8:1::" + home(peer),
      "10.0.0." + home(peer),
      "20.0.2." + random.nextInt(256),
      "2a00:db8::" + (1 + random.nextInt(9)),
      "fe80::" + (1 + random.nextInt(9))
    };
    AddressType[] types = {
      AddressType.HOST, AddressType.HOST, AddressType.HOST, AddressType.REFLEXIVE, AddressType.PROXY
    };
    return new PeerAddress(
        ip(places[random.nextInt(places.length)]),
        80 + random.nextInt(2),
        random.nextLong(4),
        types[random.nextInt(types.length)],
        random.nextBoolean() ? AccessType.WIRED : null,
        random.nextBoolean() ? "64496" : null,
        random.nextInt(3) == 0 ? "PPSP-PP" : null);
  }

  private static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal));
  }

  private String transaction(String peer) {
    String earlier = lastTransaction.get(peer);
    if (earlier != null && random.nextInt(8) == 0) {
      return earlier;
    }
    String fresh = "t" + ++transactions;
    lastTransaction.put(peer, fresh);
    return fresh;
  }

  private List<String> joined(String peer) {
    TrackerModel.Peer known = model.peers.get(peer);
    return known == null ? List.of() : List.copyOf(known.joined.keySet());
  }

  private String likelySwarm(String peer) {
    List<String> joined = joined(peer);
    return joined.isEmpty() || random.nextInt(4) == 0
        ? anySwarm()
        : joined.get(random.nextInt(joined.size()));
  }

  private String anySwarm() {
    return swarm(random.nextInt(scenario.swarms()));
  }
}
