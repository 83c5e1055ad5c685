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
import io.ppstp.tracker.domain.Observed;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerAddresses;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerList;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.PeerState;
import io.ppstp.tracker.domain.Readdressing;
import io.ppstp.tracker.domain.RegistrationSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.Step;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.protocol.Action;
import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.store.hazelcast.RandomValues.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of what release 2 of the format writes otherwise than release 1, kept under {@code
 * format/2} for good; see {@link GoldenFormatTest}.
 */
class GoldenFormat2Test {
  private static final String FOLDER = "/format/2/";
  private static final IpAddress V4 = Objects.requireNonNull(IpAddress.parse("10.0.0.1"));
  private static final IpAddress V6 = Objects.requireNonNull(IpAddress.parse("2001:db8::7"));
  private static final Observed BOTH = new Observed(V4, V6);
  private static final PeerAddresses ADDRESSES =
      new PeerAddresses(
          List.of(new PeerAddress(V4, 4000, 2, AddressType.HOST, null, null, null)), true, true);
  private static final Listing LISTING = new Listing(ADDRESSES, BOTH);
  private static final Origin ORIGIN = new Origin(V6, true, new AddressRules(true, true, 6881));
  private static final SwarmKey SWARM = new SwarmKey("live");
  private static final Readdressing READDRESSING =
      new Readdressing(1_700_000_000_006L, LISTING, List.of(SWARM));
  private static final StreamStats STATS = new StreamStats("live", 1, 2, 3, 4);
  private static final Member CONFINED =
      new Member("p", PeerMode.LEECH, 7, ADDRESSES, PeerNum.NOTHING, null, BOTH);
  private static final Member CONFINED_WITH_STATS =
      new Member(
          "q", PeerMode.SEEDER, 8, ADDRESSES, PeerNum.NOTHING, STATS, new Observed(null, V6));
  private static final Draw DRAW = new Draw(20, PeerNum.NOTHING, 5, true, V4);
  private static final PeerList LIST = new PeerList("{}".getBytes(UTF_8), 3);

  static final Map<String, Exchange<PeerCommand<?>, Object>> PEER_EXCHANGES = peerExchanges();
  static final Map<String, Exchange<SwarmCommand<?>, Object>> SWARM_EXCHANGES = swarmExchanges();

  private static Map<String, Exchange<PeerCommand<?>, Object>> peerExchanges() {
    Map<String, Exchange<PeerCommand<?>, Object>> all = new LinkedHashMap<>();
    PeerCommand.Connect connect =
        new PeerCommand.Connect(
            "p",
            List.of(new SwarmAction("live", Action.JOIN, PeerMode.LEECH)),
            ADDRESSES,
            ORIGIN,
            1,
            2,
            3,
            1_700_000_000_000L,
            new ConnectRules(ConnectPolicy.TABLE6, 1024, false, new Timers(10_000, 180_000)));
    ConnectOutcome.Granted granted =
        new ConnectOutcome.Granted(
            true,
            false,
            false,
            false,
            1_700_000_000_000L,
            3,
            ADDRESSES,
            LISTING,
            List.of(new Step(SWARM, PeerMode.LEECH, Step.Effect.JOINED)),
            List.of());
    all.put("connect", new Exchange<>(connect, granted));
    all.put(
        "find",
        new Exchange<>(
            new PeerCommand.Find("p", SWARM, true, ORIGIN, 1_700_000_000_000L),
            new PeerCommand.FindAdmission(true, ADDRESSES, READDRESSING)));
    all.put(
        "report",
        new Exchange<>(
            new PeerCommand.Report("p", List.of(SWARM), Origin.UNKNOWN, 1_700_000_000_000L),
            new PeerCommand.ReportAdmission(true, Set.of(SWARM), READDRESSING)));
    List<PeerCommand.Touch> touches =
        List.of(
            new PeerCommand.Touch("p", 1_700_000_000_000L),
            new PeerCommand.Touch("q", 1_700_000_000_001L));
    all.put("save", new Exchange<>(new PeerCommand.Save(), touches));
    all.put("touches", new Exchange<>(new PeerCommand.Touches(touches), 1));
    PeerCommand.Depart depart =
        new PeerCommand.Depart(
            new PeerCommand.Expire(1_700_000_000_010L, 50, new Timers(10_000, 180_000)),
            List.of(
                new Departure(
                    "p",
                    1_700_000_000_011L,
                    1_700_000_000_010L,
                    List.of(SWARM),
                    Departure.Cause.TIMED_OUT)));
    all.put("depart", new Exchange<>(depart, 1));
    return all;
  }

  private static Map<String, Exchange<SwarmCommand<?>, Object>> swarmExchanges() {
    Map<String, Exchange<SwarmCommand<?>, Object>> all = new LinkedHashMap<>();
    all.put("join", new Exchange<>(new SwarmCommand.Join(CONFINED, DRAW), LIST));
    all.put("find", new Exchange<>(new SwarmCommand.Find("p", PeerNum.NOTHING, DRAW), LIST));
    all.put("readdress", new Exchange<>(new SwarmCommand.Readdress("p", 9, LISTING), true));
    return all;
  }

  static ShardSnapshot shard() {
    return new ShardSnapshot(
        1_700_000_000_009L,
        List.of(
            new RegistrationSnapshot(
                "p",
                PeerState.TRACKING,
                1_700_000_000_000L,
                1_700_000_000_008L,
                Map.of(SWARM, PeerMode.LEECH),
                ADDRESSES,
                BOTH,
                true,
                new LastConnect(1_700_000_000_003L, -7, 1_700_000_000_001L, 1, -2, null))),
        List.of(),
        List.of());
  }

  static Swarm swarm() {
    return new Swarm(List.of(CONFINED, CONFINED_WITH_STATS));
  }

  static Stream<String> peerKinds() {
    return PEER_EXCHANGES.keySet().stream();
  }

  static Stream<String> swarmKinds() {
    return SWARM_EXCHANGES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("peerKinds")
  void peerCommandsAreThoseOfRelease2(String kind) throws IOException {
    assertGolden(
        "peer-" + kind, PeerCommandFormats.ALL, Objects.requireNonNull(PEER_EXCHANGES.get(kind)));
  }

  @ParameterizedTest
  @MethodSource("swarmKinds")
  void swarmCommandsAreThoseOfRelease2(String kind) throws IOException {
    assertGolden(
        "swarm-" + kind,
        SwarmCommandFormats.ALL,
        Objects.requireNonNull(SWARM_EXCHANGES.get(kind)));
  }

  private static <C> void assertGolden(
      String name, CommandFormats<C> formats, Exchange<C, Object> exchange) throws IOException {
    C command = exchange.command();
    byte[] goldenCommand = golden(name + "-command");
    byte[] goldenResult = golden(name + "-result");

    assertEquals(command, Bytes.read(goldenCommand, formats::readCommand));
    assertBytes(name, goldenCommand, Bytes.of(out -> formats.writeCommand(out, command)));
    Object read = Bytes.read(goldenResult, in -> formats.readResult(in, command));
    if (read instanceof PeerList list) {
      assertArrayEquals(LIST.entries(), list.entries());
      assertEquals(LIST.withheld(), list.withheld());
    } else {
      assertEquals(exchange.result(), read);
    }
    assertBytes(
        name, goldenResult, Bytes.of(out -> formats.writeResult(out, command, exchange.result())));
  }

  @Test
  void aShardIsThatOfRelease2() throws IOException {
    PeerShard read = Bytes.read(golden("shard"), StateFormat::shard);

    assertEquals(shard(), read.snapshot());
    assertBytes("shard", golden("shard"), Bytes.of(out -> StateFormat.shard(out, read)));
  }

  @Test
  void aSwarmIsThatOfRelease2() throws IOException {
    Swarm read = Bytes.read(golden("swarm"), StateFormat::swarm);

    assertEquals(List.of(CONFINED, CONFINED_WITH_STATS), read.members());
    assertBytes("swarm", golden("swarm"), Bytes.of(out -> StateFormat.swarm(out, read)));
  }

  private static void assertBytes(String name, byte[] golden, byte[] written) {
    HexFormat hex = HexFormat.of();
    assertEquals(hex.formatHex(golden), hex.formatHex(written), name);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenFormat2Test.class.getResourceAsStream(FOLDER + name + ".hex")) {
      if (in == null) {
        throw new AssertionError("no file " + FOLDER + name + ".hex");
      }
      return HexFormat.of().parseHex(new String(in.readAllBytes(), US_ASCII).replaceAll("\\s", ""));
    }
  }
}
