package io.ppstp.tracker.store.hazelcast.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Execution;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.LastConnect;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.address.RegistrationSecret.Secrets;
import io.ppstp.tracker.domain.swarm.CompactList;
import io.ppstp.tracker.domain.swarm.Content;
import io.ppstp.tracker.domain.swarm.Fairness;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.Selection.Part;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
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
public final class RandomValues {
  private static final String ALPHABET = "aZ0-_./ \u0000\u00e9\u4e2d\ud83d\ude00\"\\\ufeff";

  private final SplittableRandom random;

  public RandomValues(SplittableRandom random) {
    this.random = random;
  }

  /** A request and an answer to it. */
  public record Exchange<Q, R>(Q request, R result) {}

  /** Returns an exchange of each kind of command. */
  public List<Exchange<PeerCommand<?>, Object>> peerCommands() {
    return List.of(
        new Exchange<>(connect(), outcome()),
        new Exchange<>(new PeerCommand.Observe(id(), origin(), number()), flag()),
        new Exchange<>(new PeerCommand.Touch(list(this::heard)), random.nextInt(1000)),
        new Exchange<>(
            new PeerCommand.Expire(number(), random.nextInt(), number(), list(this::heard)),
            list(this::update)),
        new Exchange<>(new PeerCommand.StrikeOut(list(this::number)), list(this::update)),
        new Exchange<>(
            new PeerCommand.Reconcile(list(this::membership), rules(), number()),
            random.nextInt(1000)));
  }

  /** Returns an exchange of each kind of question of a peer. */
  public List<Exchange<PeerQuery<?>, Object>> peerQueries() {
    return List.of(
        new Exchange<>(
            new PeerQuery.Find(id(), swarm(), flag(), origin(), number()),
            new PeerQuery.FindAdmission(
                optional(() -> one(RefusalCause.values())), addresses(), flag())),
        new Exchange<>(
            new PeerQuery.Report(id(), list(this::swarm), origin(), number()),
            new PeerQuery.ReportAdmission(
                optional(() -> one(RefusalCause.values())), Set.copyOf(list(this::swarm)), flag())),
        new Exchange<>(
            new PeerQuery.Look(id()), Optional.ofNullable(optional(this::registrationView))),
        new Exchange<>(
            new PeerQuery.Executed(connect()), Optional.ofNullable(optional(this::outcome))),
        new Exchange<>(new PeerQuery.FindOrphans(list(this::membership)), list(this::membership)),
        new Exchange<>(
            new PeerQuery.Slice(random.nextInt(), random.nextInt()), list(this::membership)),
        new Exchange<>(
            new PeerQuery.Stay(
                id(), swarm(), one(PeerMode.values()), addresses(), origin(), number()),
            flag()));
  }

  /** Returns an exchange of each kind of question about a swarm. */
  public List<Exchange<SwarmQuery<?>, Object>> swarmQueries() {
    return List.of(
        new Exchange<>(new SwarmQuery.DrawList(swarm(), id(), draw()), peerList()),
        new Exchange<>(
            new SwarmQuery.Look(swarm(), id()), Optional.ofNullable(optional(this::member))),
        new Exchange<>(
            new SwarmQuery.Slice(swarm(), random.nextInt(), random.nextInt()), list(this::member)),
        new Exchange<>(new SwarmQuery.FindMissing(list(this::membership)), list(this::membership)),
        new Exchange<>(
            new SwarmQuery.DrawMembers(
                swarm(), id(), random.nextInt(1 << 20), random.nextLong(), null, selection()),
            new PeerList.MemberDraw(random.nextInt(), random.nextInt(), list(this::id))),
        new Exchange<>(
            new SwarmQuery.Explain(
                swarm(),
                id(),
                random.nextInt(1 << 20),
                random.nextLong(),
                optional(this::ip),
                selection()),
            list(this::reason)),
        new Exchange<>(
            new SwarmQuery.DrawCompact(
                swarm(),
                id(),
                random.nextInt(1 << 20),
                random.nextLong(),
                optional(this::ip),
                selection()),
            new CompactList(
                random.nextInt(),
                random.nextInt(),
                text().getBytes(UTF_8),
                text().getBytes(UTF_8))));
  }

  public ShardSnapshot shard() {
    Map<String, RegistrationSnapshot> registered = new LinkedHashMap<>();
    Map<String, RegistrationSnapshot> terminated = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      registered.put("r" + i + id(), registration("r" + i));
      terminated.put("t" + i, registration("t" + i));
    }
    Map<Long, ListUpdate> updates = new LinkedHashMap<>();
    list(this::update).forEach(it -> updates.put(it.stamp(), it));
    // A shard keeps its registrations in the order in which they were last heard of.
    List<RegistrationSnapshot> queue = new ArrayList<>(registered.values());
    queue.sort(Comparator.comparingLong(RegistrationSnapshot::lastSeenMs));
    return new ShardSnapshot(
        number(), queue, List.copyOf(updates.values()), List.copyOf(terminated.values()));
  }

  public ShardChange shardChange() {
    return new ShardChange(
        number(),
        list(() -> registration("a")),
        list(() -> registration("b")),
        list(this::id),
        list(this::heard),
        list(this::update),
        list(this::number),
        number());
  }

  public SwarmChange swarmChange() {
    return new SwarmChange(
        list(() -> new SwarmChange.Of<>(swarm(), memberChange())),
        list(() -> new SwarmChange.Of<>(swarm(), statement())));
  }

  private MemberChange memberChange() {
    return new MemberChange(id(), number(), optional(this::member));
  }

  private Statement statement() {
    StreamStats stats = optional(() -> stats(text()));
    return stats == null || flag()
        ? new Statement(id(), optional(this::peerNum), stats)
        : timed(id(), optional(this::peerNum), stats);
  }

  /** Only of such a report it travels whether its peer is constrained. */
  private Statement timed(String id, @Nullable PeerNum status, StreamStats stats) {
    StreamStats told =
        new StreamStats(
            stats.swarmId(),
            stats.uploadedBytes(),
            stats.downloadedBytes(),
            stats.availableBandwidth(),
            stats.concurrentLinks(),
            flag());
    return new Statement(id, status, told, 1 + random.nextLong(0xffff_ffffL));
  }

  private ListUpdate update() {
    return new ListUpdate(
        id(),
        number(),
        list(() -> new ListUpdate.Join(swarm(), one(PeerMode.values()))),
        listing(),
        peerNum(),
        list(this::swarm),
        optional(this::departure));
  }

  private ShardChange.Heard heard() {
    return new ShardChange.Heard(id(), number());
  }

  public Map<String, Member> members(String swarmId) {
    Map<String, Member> members = new HashMap<>();
    list(() -> member(swarmId)).forEach(it -> members.put(it.id(), it));
    return members;
  }

  private PeerCommand.Connect connect() {
    return new PeerCommand.Connect(
        id(),
        list(this::action),
        addresses(),
        peerNum(),
        origin(),
        number(),
        number(),
        number(),
        number(),
        new ConnectRules(
            one(ConnectPolicy.values()),
            random.nextInt(),
            random.nextInt(),
            flag(),
            number(),
            number()));
  }

  private SwarmAction action() {
    return new SwarmAction(text(), one(Action.values()), optional(() -> one(PeerMode.values())));
  }

  private ConnectOutcome outcome() {
    PeerAddresses granted = addresses();
    return random.nextInt(3) == 0
        ? new ConnectOutcome.Refused(one(RefusalCause.values()), optional(this::departure))
        : new ConnectOutcome.Granted(
            flag(),
            flag(),
            one(Execution.values()),
            flag(),
            number(),
            number(),
            granted,
            flag() ? Listing.toAnyone(granted) : listing(),
            random.nextInt(),
            list(this::step),
            flag(),
            optional(this::departure));
  }

  private Step step() {
    Step.Effect effect = one(Step.Effect.values());
    PeerMode mode = optional(() -> one(PeerMode.values()));
    return effect.ends()
        ? new Step(swarm(), mode, effect, number())
        : new Step(swarm(), mode, effect);
  }

  private Departure departure() {
    return new Departure(
        id(), number(), list(() -> new Ended(swarm(), number())), one(Departure.Cause.values()));
  }

  private Membership membership() {
    return new Membership(id(), swarm(), number());
  }

  private RegistrationSnapshot registration(String prefix) {
    return new RegistrationSnapshot(
        prefix + id(),
        number(),
        number(),
        memberships(),
        addresses(),
        observed(),
        flag(),
        secrets(),
        lastConnect(random.nextInt(1 + LastConnect.MOST_EARLIER)),
        place().network());
  }

  private LastConnect lastConnect(int earlier) {
    return new LastConnect(
        number(),
        number(),
        number(),
        number(),
        number(),
        optional(this::bits),
        earlier == 0 ? null : lastConnect(earlier - 1));
  }

  private RegistrationView registrationView() {
    return new RegistrationView(
        number(), number(), modes(), addresses(), observed(), random.nextBoolean());
  }

  private Map<SwarmKey, Participation> memberships() {
    Map<SwarmKey, Participation> memberships = new HashMap<>();
    list(this::swarm)
        .forEach(
            swarm -> memberships.put(swarm, new Participation(one(PeerMode.values()), number())));
    return memberships;
  }

  private Map<SwarmKey, PeerMode> modes() {
    Map<SwarmKey, PeerMode> modes = new HashMap<>();
    memberships().forEach((swarm, there) -> modes.put(swarm, there.mode()));
    return modes;
  }

  private BitSet bits() {
    BitSet bits = new BitSet();
    for (int i = random.nextInt(5); i > 0; i--) {
      bits.set(random.nextInt(200));
    }
    return bits;
  }

  private Member member() {
    return member(text());
  }

  private Member member(String swarmId) {
    StreamStats stats = optional(() -> stats(swarmId));
    Member member = new Member(id(), one(PeerMode.values()), number(), listing(), peerNum(), stats);
    return stats == null || flag() ? member : member.stating(timed(member.id(), null, stats));
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
    return new Listing(addresses(), optional(this::observed), place());
  }

  private Origin origin() {
    return new Origin(optional(this::ip), flag(), rules(), claim(), place().network());
  }

  private Claim claim() {
    return new Claim(random.nextInt(129), optional(this::secretHash), optional(this::secretHash));
  }

  private SecretHash secretHash() {
    // All zero stands for none.
    return new SecretHash(number() | 1, number());
  }

  private Secrets secrets() {
    SecretHash latest = optional(this::secretHash);
    return latest == null ? Secrets.NONE : new Secrets(latest, optional(this::secretHash));
  }

  private AddressRules rules() {
    return new AddressRules(flag(), flag(), random.nextInt(1 << 16));
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

  private StreamStats stats(String swarmId) {
    return new StreamStats(swarmId, number(), number(), number(), number());
  }

  private Draw draw() {
    return new Draw(
        random.nextInt(),
        peerNum(),
        number(),
        Integer.MAX_VALUE,
        flag(),
        optional(this::ip),
        selection());
  }

  private Place place() {
    return flag() ? Place.UNKNOWN : new Place(random.nextInt() | 1, random.nextInt() >>> 1);
  }

  private Selection selection() {
    return flag()
        ? Selection.RANDOM
        : new Selection(
            random.nextInt(1 + Selection.MOST_NEAR_PERMILLE),
            flag(),
            place(),
            costs(),
            content(),
            fairness());
  }

  private Reason reason() {
    Part[] parts = Part.values();
    return new Reason(
        id(), parts[random.nextInt(parts.length)], random.nextInt(), random.nextInt(-4, 5));
  }

  private Content content() {
    return flag()
        ? Content.PLAIN
        : new Content(random.nextInt(10), random.nextFloat(), random.nextInt(), random.nextInt());
  }

  private Fairness fairness() {
    return flag()
        ? Fairness.NONE
        : new Fairness(
            random.nextInt(Fairness.MOST_RATE),
            random.nextInt(Fairness.MOST_RATE),
            random.nextLong(),
            random.nextInt(),
            random.nextLong());
  }

  private PathCosts costs() {
    int size = random.nextInt(PathCosts.MOST + 1);
    int[] networks = random.ints(size).toArray();
    float[] costs = new float[size];
    for (int i = 0; i < size; i++) {
      costs[i] = i * random.nextInt(100) / 8f;
    }
    return new PathCosts(networks, costs);
  }

  private PeerList peerList() {
    return new PeerList(
        optional(() -> text().getBytes(UTF_8)),
        flag() ? 0 : random.nextInt(1, 1000),
        flag() ? 0 : random.nextInt(1, 30),
        0,
        flag() ? 0 : random.nextInt(1, 30),
        0);
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
