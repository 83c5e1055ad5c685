package io.ppstp.tracker.store.hazelcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.domain.AddressRules;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectPolicy;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.LastConnect;
import io.ppstp.tracker.domain.Listing;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Membership;
import io.ppstp.tracker.domain.Observed;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerAddresses;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerList;
import io.ppstp.tracker.domain.PeerState;
import io.ppstp.tracker.domain.Readdressing;
import io.ppstp.tracker.domain.RegistrationSnapshot;
import io.ppstp.tracker.domain.RegistrationView;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.Step;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.protocol.AccessType;
import io.ppstp.tracker.protocol.Action;
import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.NatAbility;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Any values of all that travels between nodes, sensible or not. Confined to one thread. */
final class RandomValues {
  private static final String ALPHABET = "aZ0-_./ \u0000\u00e9\u4e2d\ud83d\ude00\"\\\ufeff";

  private final SplittableRandom random;

  RandomValues(SplittableRandom random) {
    this.random = random;
  }

  /** A command and an answer to it. */
  record Exchange<C, R>(C command, R result) {}

  /** Returns an exchange of each kind of peer command, by the kind's name. */
  Map<String, Exchange<PeerCommand<?>, Object>> peerExchanges() {
    Map<String, Exchange<PeerCommand<?>, Object>> all = new LinkedHashMap<>();
    all.put("connect", new Exchange<>(connect(), outcome()));
    all.put("track", new Exchange<>(new PeerCommand.Track(id(), number()), flag()));
    all.put(
        "find",
        new Exchange<>(
            new PeerCommand.Find(id(), swarm(), flag(), origin(), number()),
            new PeerCommand.FindAdmission(flag(), addresses(), optional(this::readdressing))));
    all.put(
        "report",
        new Exchange<>(
            new PeerCommand.Report(id(), list(this::swarm), origin(), number()),
            new PeerCommand.ReportAdmission(
                flag(), Set.copyOf(list(this::swarm)), optional(this::readdressing))));
    all.put(
        "look",
        new Exchange<>(
            new PeerCommand.Look(id()), Optional.ofNullable(optional(this::registrationView))));
    all.put(
        "expire",
        new Exchange<>(
            new PeerCommand.Expire(number(), random.nextInt(), timers()), list(this::departure)));
    all.put(
        "forget",
        new Exchange<>(new PeerCommand.Forget(list(this::departure)), list(this::departure)));
    all.put(
        "find-orphans",
        new Exchange<>(
            new PeerCommand.FindOrphans(list(this::membership)), list(this::membership)));
    all.put("save", new Exchange<>(new PeerCommand.Save(), list(this::touch)));
    all.put(
        "touches",
        new Exchange<>(new PeerCommand.Touches(list(this::touch)), random.nextInt(1000)));
    all.put(
        "depart",
        new Exchange<>(
            new PeerCommand.Depart(
                new PeerCommand.Expire(number(), random.nextInt(), timers()),
                list(this::departure)),
            random.nextInt(1000)));
    return all;
  }

  /** Returns an exchange of each kind of swarm command, by the kind's name. */
  Map<String, Exchange<SwarmCommand<?>, Object>> swarmExchanges() {
    Map<String, Exchange<SwarmCommand<?>, Object>> all = new LinkedHashMap<>();
    all.put(
        "join", new Exchange<>(new SwarmCommand.Join(member(), optional(this::draw)), peerList()));
    all.put("leave", new Exchange<>(leave(), flag()));
    all.put(
        "leave-all",
        new Exchange<>(new SwarmCommand.LeaveAll(list(this::leave)), random.nextInt()));
    all.put("find", new Exchange<>(new SwarmCommand.Find(id(), peerNum(), draw()), peerList()));
    all.put("report", new Exchange<>(new SwarmCommand.Report(id(), stats()), flag()));
    all.put(
        "look",
        new Exchange<>(new SwarmCommand.Look(id()), Optional.ofNullable(optional(this::member))));
    all.put(
        "slice",
        new Exchange<>(
            new SwarmCommand.Slice(random.nextInt(), random.nextInt()), list(this::member)));
    all.put(
        "readdress", new Exchange<>(new SwarmCommand.Readdress(id(), number(), listing()), flag()));
    return all;
  }

  ShardSnapshot shard() {
    Map<String, RegistrationSnapshot> registered = new LinkedHashMap<>();
    Map<String, RegistrationSnapshot> terminated = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      registered.put("r" + i + id(), registration("r" + i));
      terminated.put("t" + i, registration("t" + i));
    }
    Map<Long, Departure> departures = new LinkedHashMap<>();
    list(this::departure).forEach(it -> departures.put(it.stamp(), it));
    // A shard keeps the registrations of each timer in a queue of its own.
    List<RegistrationSnapshot> queues = new ArrayList<>();
    for (PeerState state : PeerState.values()) {
      registered.values().stream().filter(it -> it.state() == state).forEach(queues::add);
    }
    return new ShardSnapshot(
        number(), queues, List.copyOf(departures.values()), List.copyOf(terminated.values()));
  }

  Map<String, Member> members() {
    Map<String, Member> members = new HashMap<>();
    list(this::member).forEach(it -> members.put(it.id(), it));
    return members;
  }

  private PeerCommand.Connect connect() {
    return new PeerCommand.Connect(
        id(),
        list(this::action),
        addresses(),
        origin(),
        number(),
        number(),
        number(),
        number(),
        new ConnectRules(one(ConnectPolicy.values()), random.nextInt(), flag(), timers()));
  }

  private SwarmAction action() {
    return new SwarmAction(text(), one(Action.values()), optional(() -> one(PeerMode.values())));
  }

  private ConnectOutcome outcome() {
    PeerAddresses granted = addresses();
    return random.nextInt(3) == 0
        ? new ConnectOutcome.Refused(one(ErrorCode.values()), optional(this::departure))
        : new ConnectOutcome.Granted(
            flag(),
            flag(),
            flag(),
            flag(),
            number(),
            number(),
            granted,
            flag() ? Listing.toAnyone(granted) : listing(),
            list(this::step),
            list(this::step));
  }

  private Step step() {
    return new Step(swarm(), optional(() -> one(PeerMode.values())), one(Step.Effect.values()));
  }

  private Departure departure() {
    return new Departure(
        id(), number(), number(), list(this::swarm), one(Departure.Cause.values()));
  }

  private Membership membership() {
    return new Membership(id(), swarm(), number());
  }

  private PeerCommand.Touch touch() {
    return new PeerCommand.Touch(id(), random.nextLong());
  }

  private RegistrationSnapshot registration(String prefix) {
    return new RegistrationSnapshot(
        prefix + id(),
        one(PeerState.values()),
        number(),
        number(),
        memberships(),
        addresses(),
        observed(),
        flag(),
        new LastConnect(number(), number(), number(), number(), number(), optional(this::bits)));
  }

  private RegistrationView registrationView() {
    return new RegistrationView(
        one(PeerState.values()), number(), number(), memberships(), addresses());
  }

  private Map<SwarmKey, PeerMode> memberships() {
    Map<SwarmKey, PeerMode> memberships = new HashMap<>();
    list(this::swarm).forEach(swarm -> memberships.put(swarm, one(PeerMode.values())));
    return memberships;
  }

  private BitSet bits() {
    BitSet bits = new BitSet();
    for (int i = random.nextInt(5); i > 0; i--) {
      bits.set(random.nextInt(200));
    }
    return bits;
  }

  private Member member() {
    return new Member(
        id(),
        one(PeerMode.values()),
        number(),
        addresses(),
        peerNum(),
        optional(this::stats),
        optional(this::observed));
  }

  private PeerAddresses addresses() {
    return new PeerAddresses(list(this::address), flag(), flag());
  }

  private IpAddress ip(int length) {
    byte[] ip = new byte[length];
    random.nextBytes(ip);
    return IpAddress.ofBytes(ip);
  }

  private IpAddress ip() {
    return ip(flag() ? 4 : 16);
  }

  private Observed observed() {
    return new Observed(optional(() -> ip(4)), optional(() -> ip(16)));
  }

  private Listing listing() {
    return new Listing(addresses(), optional(this::observed));
  }

  private Origin origin() {
    return new Origin(
        optional(this::ip), flag(), new AddressRules(flag(), flag(), random.nextInt(1 << 16)));
  }

  private Readdressing readdressing() {
    return new Readdressing(number(), listing(), list(this::swarm));
  }

  private PeerAddress address() {
    return new PeerAddress(
        ip(),
        random.nextInt(1, 1 << 16),
        number(),
        one(AddressType.values()),
        optional(() -> one(AccessType.values())),
        optional(this::text),
        optional(this::text));
  }

  private PeerNum peerNum() {
    return new PeerNum(
        number(), optional(() -> one(NatAbility.values())), number(), number(), number());
  }

  private StreamStats stats() {
    return new StreamStats(text(), number(), number(), number(), number());
  }

  private Draw draw() {
    return new Draw(random.nextInt(), peerNum(), number(), flag(), optional(this::ip));
  }

  private SwarmCommand.Leave leave() {
    return new SwarmCommand.Leave(id(), number());
  }

  private PeerList peerList() {
    return new PeerList(
        optional(() -> text().getBytes(UTF_8)), flag() ? 0 : random.nextInt(1, 1000));
  }

  private Timers timers() {
    return new Timers(number(), number());
  }

  private SwarmKey swarm() {
    return new SwarmKey(text());
  }

  private String id() {
    return text();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int[] characters = ALPHABET.codePoints().toArray();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }

  private long number() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> -1;
      case 2 -> Long.MAX_VALUE;
      default -> random.nextLong(1_800_000_000_000L);
    };
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> @Nullable T optional(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> List<T> list(Supplier<T> value) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value.get());
    }
    return list;
  }
}
