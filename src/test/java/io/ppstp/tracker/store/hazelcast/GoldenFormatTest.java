package io.ppstp.tracker.store.hazelcast;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.PeerState;
import io.ppstp.tracker.domain.RegistrationSnapshot;
import io.ppstp.tracker.domain.RegistrationView;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.Step;
import io.ppstp.tracker.domain.Swarm;
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
import io.ppstp.tracker.store.hazelcast.RandomValues.Exchange;
import io.ppstp.tracker.testing.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes that release 1 of the format has written, kept under {@code format/1} for good: they
 * can still be read, and what release 2 did not change is still written so. Files of a version are
 * never changed; a new version gets a folder of its own, see {@link GoldenFormat2Test}.
 */
class GoldenFormatTest {
  private static final String FOLDER = "/format/1/";

  /** Commands that later versions write otherwise than by another version number. */
  private static final Set<String> CHANGED =
      Set.of("peer-connect", "peer-connect-refused", "peer-find", "peer-report");

  private static final PeerAddress FULL_ADDRESS =
      new PeerAddress(
          Objects.requireNonNull(IpAddress.parse("2001:db8::7")),
          65_535,
          4_294_967_296L,
          AddressType.PROXY,
          AccessType.WIRED,
          "64496",
          "PPSPP");
  private static final PeerAddress BARE_ADDRESS =
      new PeerAddress(
          IpAddress.ofBytes(new byte[] {(byte) 192, 0, 2, 1}),
          1,
          0,
          AddressType.HOST,
          null,
          null,
          null);
  private static final PeerAddresses ADDRESSES =
      new PeerAddresses(List.of(FULL_ADDRESS, BARE_ADDRESS), true, false);
  private static final PeerNum PEER_NUM = new PeerNum(29, NatAbility.TURN, 5, 3600, 1_024_000);
  private static final StreamStats STATS =
      new StreamStats("live \u00e9\u4e2d", Long.MAX_VALUE, 768, 1_024_000, -1);
  private static final SwarmKey SWARM = new SwarmKey("live \u00e9\u4e2d");
  private static final SwarmKey OTHER = new SwarmKey("vod");
  private static final Timers TIMERS = new Timers(10_000, 180_000);
  private static final Departure TIMED_OUT =
      new Departure(
          "gone",
          1_700_000_000_001L,
          1_700_000_000_000L,
          List.of(SWARM, OTHER),
          Departure.Cause.TIMED_OUT);
  private static final Departure TERMINATED =
      new Departure(
          "ended", 1_700_000_000_002L, 1_700_000_000_000L, List.of(), Departure.Cause.TERMINATED);
  private static final Member FULL_MEMBER =
      new Member(
          "peer \ud83d\ude00", PeerMode.SEEDER, 1_700_000_000_003L, ADDRESSES, PEER_NUM, STATS);
  private static final Member BARE_MEMBER =
      new Member("q", PeerMode.LEECH, 0, PeerAddresses.NONE, PeerNum.NOTHING, null);
  private static final Membership MEMBERSHIP = new Membership("q", OTHER, 1_700_000_000_004L);
  private static final Draw DRAW = new Draw(20, PEER_NUM, -2, true, null);
  private static final SwarmCommand.Leave LEAVE = new SwarmCommand.Leave("q", 1_700_000_000_005L);
  private static final PeerList LIST = new PeerList("{\"peer_id\":\"q\"}".getBytes(UTF_8), 0);

  private static final Map<String, Exchange<PeerCommand<?>, Object>> PEER_EXCHANGES =
      peerExchanges();
  private static final Map<String, Exchange<SwarmCommand<?>, Object>> SWARM_EXCHANGES =
      swarmExchanges();

  private static Map<String, Exchange<PeerCommand<?>, Object>> peerExchanges() {
    Map<String, Exchange<PeerCommand<?>, Object>> all = new LinkedHashMap<>();
    all.put("connect", new Exchange<>(connect(ConnectPolicy.TABLE6, true), granted()));
    all.put(
        "connect-refused",
        new Exchange<>(
            connect(ConnectPolicy.ADDITIVE, false),
            new ConnectOutcome.Refused(ErrorCode.FORBIDDEN_ACTION, TERMINATED)));
    all.put("track", new Exchange<>(new PeerCommand.Track("q", 1_700_000_000_000L), true));
    all.put(
        "find",
        new Exchange<>(
            new PeerCommand.Find("q", SWARM, true, Origin.UNKNOWN, 1_700_000_000_000L),
            new PeerCommand.FindAdmission(true, ADDRESSES, null)));
    all.put(
        "report",
        new Exchange<>(
            new PeerCommand.Report("q", List.of(SWARM, OTHER), Origin.UNKNOWN, 1_700_000_000_000L),
            new PeerCommand.ReportAdmission(true, Set.of(SWARM), null)));
    all.put(
        "look",
        new Exchange<>(
            new PeerCommand.Look("q"),
            Optional.of(
                new RegistrationView(
                    PeerState.TRACKING,
                    1_700_000_000_000L,
                    1_700_000_000_009L,
                    Map.of(SWARM, PeerMode.LEECH),
                    ADDRESSES))));
    all.put(
        "expire",
        new Exchange<>(
            new PeerCommand.Expire(1_700_000_000_000L, 500, TIMERS), List.of(TIMED_OUT)));
    all.put(
        "forget",
        new Exchange<>(
            new PeerCommand.Forget(List.of(TIMED_OUT, TERMINATED)), List.of(TERMINATED)));
    all.put(
        "find-orphans",
        new Exchange<>(new PeerCommand.FindOrphans(List.of(MEMBERSHIP)), List.of(MEMBERSHIP)));
    return all;
  }

  private static PeerCommand.Connect connect(ConnectPolicy policy, boolean refuseReused) {
    return new PeerCommand.Connect(
        "peer \ud83d\ude00",
        List.of(
            new SwarmAction(SWARM.swarmId(), Action.JOIN, PeerMode.SEEDER),
            new SwarmAction(OTHER.swarmId(), Action.JOIN, PeerMode.LEECH),
            new SwarmAction("", Action.LEAVE, null)),
        ADDRESSES,
        new Origin(BARE_ADDRESS.ip(), false, new AddressRules(false, false, 7846)),
        1,
        -2,
        Long.MIN_VALUE,
        1_700_000_000_000L,
        new ConnectRules(policy, 1024, refuseReused, TIMERS));
  }

  private static ConnectOutcome granted() {
    List<Step> steps = new ArrayList<>();
    for (Step.Effect effect :
        List.of(
            Step.Effect.JOINED,
            Step.Effect.REFRESHED,
            Step.Effect.MODE_CHANGED,
            Step.Effect.LEFT,
            Step.Effect.LEFT_TO_REJOIN,
            Step.Effect.FAILED)) {
      steps.add(new Step(OTHER, effect == Step.Effect.LEFT ? null : PeerMode.LEECH, effect));
    }
    return new ConnectOutcome.Granted(
        true,
        false,
        true,
        false,
        1_700_000_000_003L,
        -7,
        ADDRESSES,
        Listing.toAnyone(ADDRESSES),
        steps,
        List.of(new Step(SWARM, PeerMode.SEEDER, Step.Effect.REFRESHED)));
  }

  private static Map<String, Exchange<SwarmCommand<?>, Object>> swarmExchanges() {
    Map<String, Exchange<SwarmCommand<?>, Object>> all = new LinkedHashMap<>();
    all.put("join", new Exchange<>(new SwarmCommand.Join(FULL_MEMBER, DRAW), LIST));
    all.put(
        "join-without-list",
        new Exchange<>(new SwarmCommand.Join(BARE_MEMBER, null), PeerList.NOT_WANTED));
    all.put("leave", new Exchange<>(LEAVE, false));
    all.put("leave-all", new Exchange<>(new SwarmCommand.LeaveAll(List.of(LEAVE)), 1));
    all.put("find", new Exchange<>(new SwarmCommand.Find("q", PEER_NUM, DRAW), LIST));
    all.put("report", new Exchange<>(new SwarmCommand.Report("q", STATS), true));
    all.put("look", new Exchange<>(new SwarmCommand.Look("q"), Optional.of(BARE_MEMBER)));
    all.put(
        "slice",
        new Exchange<>(new SwarmCommand.Slice(0, 1000), List.of(FULL_MEMBER, BARE_MEMBER)));
    return all;
  }

  private static ShardSnapshot shard() {
    BitSet failed = new BitSet();
    failed.set(1);
    return new ShardSnapshot(
        1_700_000_000_009L,
        List.of(
            registration("new", PeerState.PEER_REGISTERED, Map.of(), null),
            registration("old", PeerState.TRACKING, Map.of(SWARM, PeerMode.SEEDER), failed)),
        List.of(TIMED_OUT, TERMINATED),
        List.of(registration("left", PeerState.TRACKING, Map.of(), null)));
  }

  private static RegistrationSnapshot registration(
      String id, PeerState state, Map<SwarmKey, PeerMode> memberships, @Nullable BitSet failed) {
    return new RegistrationSnapshot(
        id,
        state,
        1_700_000_000_000L,
        1_700_000_000_008L,
        memberships,
        ADDRESSES,
        Observed.NOTHING,
        false,
        new LastConnect(1_700_000_000_003L, -7, 1_700_000_000_001L, 1, -2, failed));
  }

  static Stream<String> peerKinds() {
    return PEER_EXCHANGES.keySet().stream();
  }

  static Stream<String> swarmKinds() {
    return SWARM_EXCHANGES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("peerKinds")
  void peerCommandsAreThoseOfRelease1(String kind) throws IOException {
    Exchange<PeerCommand<?>, Object> exchange = Objects.requireNonNull(PEER_EXCHANGES.get(kind));
    assertGolden("peer-" + kind, PeerCommandFormats.ALL, exchange.command(), exchange.result());
  }

  @ParameterizedTest
  @MethodSource("swarmKinds")
  void swarmCommandsAreThoseOfRelease1(String kind) throws IOException {
    Exchange<SwarmCommand<?>, Object> exchange = Objects.requireNonNull(SWARM_EXCHANGES.get(kind));
    assertGolden("swarm-" + kind, SwarmCommandFormats.ALL, exchange.command(), exchange.result());
  }

  private static <C> void assertGolden(
      String name, CommandFormats<C> formats, C command, Object result) throws IOException {
    byte[] goldenCommand = golden(name + "-command");
    byte[] goldenResult = golden(name + "-result");

    assertEquals(command, Bytes.read(goldenCommand, formats::readCommand));
    if (!CHANGED.contains(name)) {
      byte[] asVersion2 = goldenCommand.clone();
      asVersion2[0] = StateFormat.VERSION;
      assertBytes(name, asVersion2, Bytes.of(out -> formats.writeCommand(out, command)));
    }
    Object read = Bytes.read(goldenResult, in -> formats.readResult(in, command));
    if (result instanceof PeerList list) {
      assertArrayEquals(list.entries(), ((PeerList) read).entries());
    } else {
      assertEquals(result, read);
    }
    assertBytes(name, goldenResult, Bytes.of(out -> formats.writeResult(out, command, result)));
  }

  @Test
  void aShardIsThatOfRelease1() throws IOException {
    PeerShard read = Bytes.read(golden("shard"), StateFormat::shard);

    assertEquals(shard(), read.snapshot());
  }

  @Test
  void aSwarmIsThatOfRelease1() throws IOException {
    Swarm read = Bytes.read(golden("swarm"), StateFormat::swarm);

    assertEquals(List.of(FULL_MEMBER, BARE_MEMBER), read.members());
  }

  /** Every kind that can travel has its bytes kept. */
  @Test
  void noCommandOfRelease1IsMissing() {
    RandomValues any = new RandomValues(Seeds.random());
    assertEquals(
        without(any.peerExchanges().keySet(), "save", "touches", "depart"),
        without(PEER_EXCHANGES.keySet(), "connect-refused"));
    assertEquals(
        without(any.swarmExchanges().keySet(), "readdress"),
        without(SWARM_EXCHANGES.keySet(), "join-without-list"));
  }

  private static Set<String> without(Set<String> kinds, String... others) {
    Set<String> rest = new HashSet<>(kinds);
    rest.removeAll(Set.of(others));
    return rest;
  }

  private static void assertBytes(String name, byte[] golden, byte[] written) {
    HexFormat hex = HexFormat.of();
    assertEquals(hex.formatHex(golden), hex.formatHex(written), name);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenFormatTest.class.getResourceAsStream(FOLDER + name + ".hex")) {
      if (in == null) {
        throw new AssertionError("no file " + FOLDER + name + ".hex");
      }
      return HexFormat.of().parseHex(new String(in.readAllBytes(), US_ASCII).replaceAll("\\s", ""));
    }
  }
}
