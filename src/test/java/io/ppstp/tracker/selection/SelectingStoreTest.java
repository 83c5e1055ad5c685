package io.ppstp.tracker.selection;

import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Report;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.networks.Networks;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What comes to the store, and from it, through a choice. */
class SelectingStoreTest {
  private static final SwarmKey S = new SwarmKey("s");
  private static final long T0 = 1_000_000;

  /** Knows the addresses that begin with 21 and 22. */
  private static final Networks TABLES =
      new Networks() {
        @Override
        public long asnOf(IpAddress ip) {
          int first = ip.toBytes()[0] & 0xff;
          return first == 21 || first == 22 ? first * 100 : 0;
        }

        @Override
        public int networkOf(@Nullable IpAddress ip) {
          long asn = ip == null ? 0 : asnOf(ip);
          return ip == null
              ? Place.NOWHERE
              : asn == 0 ? Place.networkOfPrefix(ip) : Place.networkOfAsn(asn);
        }

        @Override
        public PathCosts costsFrom(@Nullable IpAddress ip) {
          return new PathCosts(new int[] {2200, 2100}, new float[] {1, 5});
        }

        @Override
        public boolean haveTables() {
          return true;
        }
      };

  private final Policy near = new Policy("near", new Selection(700, false, Place.UNKNOWN), false);
  private final Policy random = new Policy("random", Selection.RANDOM, false);
  private final Policy cost = new Policy("cost", new Selection(700, false, Place.UNKNOWN), true);
  private Policy policy = near;
  private final FakeClock clock = new FakeClock(T0);
  private final TrackerStore store =
      new SelectingStore(
          new LocalStore(1_000),
          TABLES,
          swarm -> swarm.equals("s") ? policy : random,
          new Pacing(0, 0, clock));

  private static PeerAddress address(String ip, @Nullable String asn) {
    return new PeerAddress(
        Objects.requireNonNull(IpAddress.parse(ip)), 80, 1, AddressType.HOST, null, asn, null);
  }

  private void join(String id, String from, PeerAddresses addresses) {
    store
        .change(id, connect(id).leech("s").from(from).advertising(addresses).at(T0))
        .toCompletableFuture()
        .join();
  }

  private Member member(String id) {
    return store.ask(S, new SwarmQuery.Look(S, id)).toCompletableFuture().join().orElseThrow();
  }

  private List<String> asns(String id) {
    return member(id).addresses().all().stream().map(one -> String.valueOf(one.asn())).toList();
  }

  @Test
  void aPeersNetworkIsLookedUpAndNotBelieved() {
    PeerAddresses said =
        PeerAddresses.advertised(
            List.of(address("21.0.0.1", "7"), address("22.0.0.1", null), address("9.9.9.9", "8")),
            false);
    join("p", "21.0.0.1", said);

    assertEquals(List.of("2100", "2200", "null"), asns("p"));
    assertEquals(2100, member("p").place().network());
  }

  @Test
  void whoIsVouchedForIsBelievedWhereNoTableKnowsBetter() {
    PeerAddresses said =
        new PeerAddresses(List.of(address("21.0.0.1", "7"), address("9.9.9.9", "8")), true, true);
    store
        .change(
            "p", connect("p").authenticated().leech("s").from("9.9.9.9").advertising(said).at(T0))
        .toCompletableFuture()
        .join();

    assertEquals(List.of("2100", "8"), asns("p"));
    assertTrue(member("p").place().network() < 0, "a prefix");
  }

  @Test
  void peersOfOtherProtocolsKeepTheirAddressesAndArePlaced() {
    PeerAddresses said = PeerAddresses.advertised(List.of(address("21.0.0.1", null)), false);
    join("bt:p", "21.0.0.1", said);

    assertEquals(said, member("bt:p").addresses());
    assertEquals(2100, member("bt:p").place().network());
  }

  @Test
  void whoAsksIsTheOneThatIsSeenAndListsAreCounted() {
    for (int i = 0; i < 100; i++) {
      String ip = (i % 5 == 0 ? "21.0.0." : "22.0.0.") + i;
      join("p" + i, ip, PeerAddresses.advertised(List.of(address(ip, null)), false));
    }
    IpAddress ip = Objects.requireNonNull(IpAddress.parse("21.0.0.200"));
    Draw draw = new Draw(20, PeerNum.NOTHING, 7, Integer.MAX_VALUE, false, ip);
    PeerList list =
        store.ask(S, new SwarmQuery.DrawList(S, "stranger", draw)).toCompletableFuture().join();

    assertEquals(20, list.placed());
    assertTrue(list.near() >= 14, () -> "near: " + list.near());
    assertEquals(20, near.counts().listed());
    assertEquals(list.near(), near.counts().sameNetwork());
    assertEquals(0, random.counts().listed());
    long drawnNear =
        store
            .ask(S, new SwarmQuery.DrawMembers(S, "p0", 10, 7))
            .toCompletableFuture()
            .join()
            .ids()
            .stream()
            .filter(id -> Integer.parseInt(id.substring(1)) % 5 == 0)
            .count();
    assertTrue(drawnNear >= 7, () -> "near: " + drawnNear);
  }

  @Test
  void whenAReportCameIsNotedOnlyWhereTheAbleAreChosen() {
    join("p", "21.0.0.1", PeerAddresses.NONE);
    StreamStats stats = new StreamStats("s", 1, 2, 3, 4, true);
    store.state(S, new Statement("p", null, stats));
    Report plain = Objects.requireNonNull(member("p").report());
    assertEquals(0, plain.atS());
    assertFalse(plain.stats().constrained());

    policy = new Policy("able", new Selection(0, true, Place.UNKNOWN), false);
    store.state(S, new Statement("p", null, stats));
    Report timed = Objects.requireNonNull(member("p").report());
    assertEquals(T0 / 1000, timed.atS());
    assertEquals(stats, timed.stats());
    store.state(S, new Statement("p", PeerNum.NOTHING, null));
    assertEquals(timed, member("p").report());
  }

  @Test
  void whatIsCheapToReachComesFirstForAllProtocols() {
    policy = cost;
    for (int i = 0; i < 100; i++) {
      String ip = (i % 5 == 0 ? "22.0.0." : i % 5 == 1 ? "21.0.0." : "23.0." + i + ".") + i;
      join("p" + i, ip, PeerAddresses.advertised(List.of(address(ip, null)), false));
    }
    IpAddress ip = Objects.requireNonNull(IpAddress.parse("21.0.0.200"));
    Draw draw = new Draw(20, PeerNum.NOTHING, 7, Integer.MAX_VALUE, false, ip);
    store.ask(S, new SwarmQuery.DrawList(S, "stranger", draw)).toCompletableFuture().join();

    assertTrue(cost.counts().costed() >= 14);
    assertTrue(cost.counts().cost() < 2.0 * cost.counts().costed(), "most are of the cheapest");
    SwarmQuery.DrawMembers members =
        new SwarmQuery.DrawMembers(S, "p1", 10, 7, ip, Selection.RANDOM);
    long cheap =
        store.ask(S, members).toCompletableFuture().join().ids().stream()
            .filter(id -> Integer.parseInt(id.substring(1)) % 5 == 0)
            .count();
    assertTrue(cheap >= 7, () -> "cheap: " + cheap);
  }

  @Test
  void whatAsksForNothingGoesThroughAsItIs() {
    join("p", "21.0.0.1", PeerAddresses.NONE);
    assertTrue(store.ask("p", new PeerQuery.Look("p")).toCompletableFuture().join().isPresent());
    assertEquals(new TrackerStore.Census(1, 1, 1), store.census().toCompletableFuture().join());
  }
}
