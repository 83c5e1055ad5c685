package io.ppstp.tracker.store;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static io.ppstp.tracker.testing.Peers.addresses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Execution;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.swarm.CompactList;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.TrackerStore.Room;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link TrackerStore} promises, for every adapter. A store may answer before its method
 * returns or later, on whatever thread, and lists may follow at once or a while after; nothing here
 * depends on which.
 */
public abstract class TrackerStoreContract {
  private static final long T0 = 1_000_000_000;
  private static final int ROOMY = 1_000_000;
  private static final int THREADS = 8;
  private static final long DEADLINE_SECONDS = 120;
  private static final SwarmKey S = new SwarmKey("s");
  private static final SwarmKey T = new SwarmKey("t");
  private static final Draw ALL = new Draw(29, PeerNum.NOTHING, 1, Integer.MAX_VALUE, false, null);
  private static final PeerNum STATUS = new PeerNum(29, null, 5, 200, 600);
  private static final StreamStats STATS = new StreamStats("s", 1, 2, 3, 4);

  /** Returns an empty store that nobody else uses, with room for so many peers on each node. */
  protected abstract TrackerStore newStore(int maximumPeers);

  /** Returns how many nodes share the store, each of which takes charge of part of the peers. */
  protected int nodes() {
    return 1;
  }

  /** Returns the store as one of its nodes has it, if there are several. */
  protected TrackerStore oneNode(TrackerStore store) {
    return store;
  }

  private static List<SwarmSize> largest(TrackerStore store, int most) {
    for (int i = 0; i < Shards.SWARMS; i++) {
      store.ranking().survey();
    }
    SwarmRanking.Ranking ranking = join(store.ranking().all(most));
    assertFalse(ranking.partial());
    return ranking.swarms();
  }

  @Test
  void theLargestSwarmsOfAllAreKnown() throws Exception {
    TrackerStore store = newStore(ROOMY);
    assertEquals(List.of(), largest(store, 3));
    for (int i = 0; i < 40; i++) {
      await(store.change("p" + i, connect("p" + i).leech(i < 9 ? "hot" : "s" + i).at(T0)));
    }
    await(store.change("q", connect("q").seeder("hot", "s20").at(T0)));

    List<SwarmSize> three =
        List.of(new SwarmSize("hot", 9, 1), new SwarmSize("s20", 1, 1), new SwarmSize("s10", 1, 0));
    Await.until(() -> "the largest", () -> largest(store, 3).equals(three));
    Await.until(() -> "all of them", () -> largest(store, 1000).size() == 32);

    for (int i = 0; i < 9; i++) {
      await(store.change("p" + i, connect("p" + i).leave("hot").at(T0 + 1)));
    }
    List<SwarmSize> two = List.of(new SwarmSize("s20", 1, 1), new SwarmSize("hot", 0, 1));
    Await.until(() -> "those that are left", () -> largest(store, 2).equals(two));
  }

  @Test
  void anEmptyStoreHoldsNothing() throws Exception {
    TrackerStore store = newStore(ROOMY);

    assertEquals(Optional.empty(), await(look(store, "p")));
    assertEquals(Optional.empty(), member(store, S, "p"));
    assertEquals("", list(store, S, "p"));
    assertEquals(0, await(store.change("p", new PeerCommand.Touch(List.of(new Heard("p", T0))))));
    assertFalse(await(store.change("p", new PeerCommand.Observe("p", Origin.UNKNOWN, T0))));
    assertEquals(List.of(), await(store.expire(T0, 10, TRACK_MS)));
    assertEquals(Census.NONE, await(store.census()));
    assertEquals(Census.NONE, await(store.ownCensus()));
  }

  @Test
  void anAcknowledgedChangeIsSeenByWhoeverAsksNext() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 100; i++) {
      String id = "p" + i;
      await(store.change(id, connect(id).leech("s").at(T0)));
      for (int ask = 0; ask < nodes() + 1; ask++) {
        RegistrationView view = await(look(store, id)).orElseThrow();
        assertEquals(Map.of(S, PeerMode.LEECH), view.memberships());
        assertEquals(T0, view.connectedAtMs());
        assertTrue(find(store, id, S, T0));
        assertFalse(find(store, id, T, T0));
      }

      await(store.change(id, connect(id).leech("t").leave("s").at(T0 + 1)));
      for (int ask = 0; ask < nodes() + 1; ask++) {
        assertEquals(Set.of(T), await(look(store, id)).orElseThrow().memberships().keySet());
        assertTrue(find(store, id, T, T0 + 1));
        assertFalse(find(store, id, S, T0 + 1));
      }

      await(store.change(id, connect(id).leave("t").at(T0 + 2)));
      for (int ask = 0; ask < nodes() + 1; ask++) {
        assertEquals(Optional.empty(), await(look(store, id)));
        assertFalse(find(store, id, T, T0 + 2));
      }
    }
  }

  @Test
  void anAnswerCanBeBuiltOn() throws Exception {
    TrackerStore store = newStore(ROOMY);

    RegistrationView view =
        await(
                store
                    .change("p", connect("p").leech("s").at(T0))
                    .thenCompose(connected -> look(store, "p")))
            .orElseThrow();
    assertEquals(Set.of(S), view.memberships().keySet());
    assertEquals(Optional.empty(), await(look(store, "q")));
  }

  // Lists follow

  @Test
  void aSwarmComesWithItsFirstMemberAndGoesWithItsLast() throws Exception {
    TrackerStore store = newStore(ROOMY);
    assertEquals("", list(store, S, "p"));
    store.state(S, new Statement("p", STATUS, STATS));
    assertEquals(Census.NONE, await(store.census()));

    await(store.change("p", connect("p").seeder("s", "t").at(T0)));
    await(store.change("q", connect("q").leech("s").at(T0)));
    awaitCensus(store, new Census(2, 2, 3));

    await(store.change("p", connect("p").leave("s").at(T0 + 1)));
    awaitCensus(store, new Census(2, 2, 2));
    await(store.change("q", connect("q").leave("s").at(T0 + 1)));
    awaitCensus(store, new Census(1, 1, 1));
    await(store.change("p", connect("p").leave("t").at(T0 + 2)));
    awaitCensus(store, Census.NONE);
  }

  @Test
  void aListNamesTheOthersAndIsTheSameWhetherTheRequesterHasJoinedYetOrNot() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(store.change("p", connect("p").leech("s").advertising(addresses(80)).at(T0)));
    awaitCensus(store, new Census(1, 1, 1));
    String before = list(store, S, "q");
    assertTrue(before.contains("\"p\""), before);

    await(store.change("q", connect("q").leech("s").advertising(addresses(81)).at(T0)));
    awaitCensus(store, new Census(2, 1, 2));

    assertEquals(before, list(store, S, "q"));
    Draw none = new Draw(0, PeerNum.NOTHING, 1, Integer.MAX_VALUE, false, null);
    assertEquals(
        0,
        requireNonNull(await(store.ask(S, new SwarmQuery.DrawList(S, "q", none))).entries())
            .length);
  }

  @Test
  void membersWithoutAnAddressCanBeDrawnAndCounted() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(store.change("p", connect("p").leech("s").at(T0)));
    await(store.change("q", connect("q").seeder("s").at(T0)));
    await(store.change("r", connect("r").leech("s").at(T0)));
    awaitCensus(store, new Census(3, 1, 3));

    PeerList.MemberDraw drawn = await(store.ask(S, new SwarmQuery.DrawMembers(S, "p", 9, 1)));
    assertEquals(Set.of("q", "r"), Set.copyOf(drawn.ids()));
    assertEquals(2, drawn.ids().size());
    assertEquals(1, drawn.seeders());
    assertEquals(2, drawn.leeches());
    assertEquals(1, await(store.ask(S, new SwarmQuery.DrawMembers(S, "p", 1, 1))).ids().size());
    assertEquals(
        new PeerList.MemberDraw(0, 0, List.of()),
        await(store.ask(T, new SwarmQuery.DrawMembers(T, "p", 9, 1))));
  }

  @Test
  void addressesAreDrawnInTheFormOfBitTorrent() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerAddress v6 =
        PeerAddress.reflexive(requireNonNull(IpAddress.parse("2001:db8::1")), 0x5152, 1);
    await(store.change("p", connect("p").leech("s").advertising(addresses(0x4142)).at(T0)));
    await(
        store.change(
            "q",
            connect("q")
                .seeder("s")
                .advertising(PeerAddresses.advertised(List.of(v6), false))
                .at(T0)));
    await(store.change("r", connect("r").leech("s").at(T0)));
    awaitCensus(store, new Census(3, 1, 3));

    CompactList both = await(store.ask(S, new SwarmQuery.DrawCompact(S, "r", 9, 1, null)));
    assertEquals(6, both.v4().length);
    assertArrayEquals(new byte[] {'A', 'B'}, Arrays.copyOfRange(both.v4(), 4, 6));
    assertArrayEquals(v6.ip().toBytes(), Arrays.copyOf(both.v6(), 16));
    assertArrayEquals(new byte[] {'Q', 'R'}, Arrays.copyOfRange(both.v6(), 16, 18));
    assertEquals(1, both.seeders());
    assertEquals(2, both.leeches());

    CompactList own = await(store.ask(S, new SwarmQuery.DrawCompact(S, "q", 9, 1, null)));
    assertEquals(0, own.v6().length);
    assertEquals(6, own.v4().length);
    CompactList none = await(store.ask(S, new SwarmQuery.DrawCompact(S, "", 0, 1, null)));
    assertEquals(0, none.v4().length + none.v6().length);
    assertEquals(3, none.members());
    assertEquals(0, await(store.ask(T, new SwarmQuery.DrawCompact(T, "p", 9, 1, null))).members());
  }

  @Test
  void aPeerStaysOnlyAsWhatItIs() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerAddresses here = addresses(1);
    await(store.change("p", connect("p").leech("s").advertising(here).at(T0)));

    assertTrue(stays(store, S, PeerMode.LEECH, here));
    assertFalse(stays(store, S, PeerMode.SEEDER, here));
    assertFalse(stays(store, T, PeerMode.LEECH, here));
    assertFalse(stays(store, S, PeerMode.LEECH, addresses(2)));

    // The first question was heard of, so its track timer has started anew.
    assertEquals(List.of(), await(store.expire(T0 + TRACK_MS, 9, TRACK_MS)));
  }

  private static boolean stays(
      TrackerStore store, SwarmKey swarm, PeerMode mode, PeerAddresses addresses) throws Exception {
    return await(
        store.ask("p", new PeerQuery.Stay("p", swarm, mode, addresses, Origin.UNKNOWN, T0 + 1000)));
  }

  @Test
  void listsNameAMemberAsItsRegistrationSays() throws Exception {
    TrackerStore store = newStore(ROOMY);

    long stamp =
        granted(
                await(
                    store.change(
                        "p",
                        connect("p").leech("s").advertising(addresses(1)).stating(STATUS).at(T0))))
            .stamp();
    awaitMember(store, S, new Member("p", PeerMode.LEECH, stamp, addresses(1), STATUS, null));

    long later =
        granted(
                await(
                    store.change(
                        "p",
                        connect("p").leave("s").seeder("s").advertising(addresses(2)).at(T0 + 1))))
            .stamp();
    assertTrue(later > stamp);
    awaitMember(store, S, new Member("p", PeerMode.SEEDER, later, addresses(2), STATUS, null));

    long last =
        granted(await(store.change("p", connect("p").additive().leech("t").at(T0 + 2)))).stamp();
    awaitMember(
        store, T, new Member("p", PeerMode.LEECH, last, addresses(2), PeerNum.NOTHING, null));
    awaitMember(store, S, new Member("p", PeerMode.SEEDER, later, addresses(2), STATUS, null));
  }

  @Test
  void whoIsSeenElsewhereIsListedAccordinglyInAllItsSwarms() throws Exception {
    TrackerStore store = newStore(ROOMY);
    AddressRules strict = new AddressRules(true, true, 0);
    PeerAddress home = PeerAddress.reflexive(requireNonNull(IpAddress.parse("21.51.100.7")), 80, 1);
    PeerAddresses advertised = PeerAddresses.advertised(List.of(home), false);
    await(
        store.change(
            "p",
            connect("p")
                .seeder("s", "t")
                .addressRules(strict)
                .from("22.0.113.1")
                .advertising(advertised)
                .at(T0)));
    awaitCensus(store, new Census(1, 2, 2));
    assertEquals("", list(store, S, "q"));

    Origin origin = new Origin(home.ip(), false, strict);
    PeerQuery.FindAdmission admission =
        await(store.ask("p", new PeerQuery.Find("p", S, true, origin, T0 + 1)));
    assertTrue(admission.seenElsewhere());
    assertTrue(await(store.change("p", new PeerCommand.Observe("p", origin, T0 + 1))));

    for (SwarmKey swarm : List.of(S, T)) {
      Await.until(
          () -> swarm + " lists p: " + list(store, swarm, "q"),
          () -> list(store, swarm, "q").contains("21.51.100.7"));
    }
    for (int ask = 0; ask < nodes() + 1; ask++) {
      assertFalse(
          await(store.ask("p", new PeerQuery.Find("p", S, true, origin, T0 + 2))).seenElsewhere());
    }
    assertEquals(Set.of(S, T), await(look(store, "p")).orElseThrow().memberships().keySet());
  }

  @Test
  void aMemberIsWhereItIsSeenInAllItsSwarms() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerCommand.Connect connect =
        connect("p").seeder("s", "t").from("21.51.100.7").advertising(addresses(1)).at(T0);
    await(store.change("p", connect.at(connect.origin().in(64_500), connect.advertised())));
    for (SwarmKey swarm : List.of(S, T)) {
      Await.until(
          () -> "a place: " + member(store, swarm, "p"),
          () -> networkOf(store, swarm, "p") == 64_500);
    }

    Origin elsewhere =
        new Origin(IpAddress.parse("22.0.113.1"), false, AddressRules.OPEN).in(64_501);
    assertTrue(await(store.change("p", new PeerCommand.Observe("p", elsewhere, T0 + 1))));
    for (SwarmKey swarm : List.of(S, T)) {
      Await.until(
          () -> "another place: " + member(store, swarm, "p"),
          () -> networkOf(store, swarm, "p") == 64_501);
    }

    for (int i = 0; i < 80; i++) {
      PeerCommand.Connect other =
          connect("o" + i).leech("s").from("23.0.113." + i).advertising(addresses(1)).at(T0 + 2);
      Origin origin = other.origin().in(i % 8 == 0 ? 64_501 : 7);
      await(store.change("o" + i, other.at(origin, other.advertised())));
    }
    awaitCensus(store, new Census(81, 2, 82));
    Draw near = ALL.by(new Selection(700, false, Place.UNKNOWN));
    for (int i = 0; i < 20; i++) {
      PeerList list = await(store.ask(S, new SwarmQuery.DrawList(S, "p", near)));
      assertEquals(29, list.placed());
      assertTrue(list.near() >= 10, () -> "all ten others there: " + list.near());
    }
  }

  private static int networkOf(TrackerStore store, SwarmKey swarm, String peerId) {
    return member(store, swarm, peerId).map(it -> it.place().network()).orElse(Place.NOWHERE);
  }

  @Test
  void whatAMemberStatesReachesItsListAtLast() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(store.change("p", connect("p").leech("s").at(T0)));
    awaitCensus(store, new Census(1, 1, 1));
    Await.until(
        () -> "a statement that is noted: " + member(store, S, "p"),
        () -> {
          // Some time or never: peers state it again.
          store.state(S, new Statement("p", STATUS, null));
          store.state(S, new Statement("p", null, STATS));
          store.state(T, new Statement("p", null, STATS));
          store.state(S, new Statement("stranger", null, STATS));
          Member member = member(store, S, "p").orElseThrow();
          return STATUS.equals(member.status()) && STATS.equals(member.stats());
        });

    assertEquals(new Census(1, 1, 1), await(store.census()));
    await(store.change("p", connect("p").leave("s").seeder("s").at(T0 + 1)));
    Await.until(
        () -> "a change of mode: " + member(store, S, "p"),
        () -> member(store, S, "p").orElseThrow().mode() == PeerMode.SEEDER);
    assertEquals(STATS, member(store, S, "p").orElseThrow().stats());
  }

  @Test
  void whetherAConnectWasExecutedCanBeAsked() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerCommand.Connect first = connect("p").leech("s").at(T0);
    assertEquals(Optional.empty(), await(store.ask("p", new PeerQuery.Executed(first))));
    await(store.change("p", first));
    Granted told =
        assertInstanceOf(
            Granted.class, await(store.ask("p", new PeerQuery.Executed(first))).orElseThrow());
    assertEquals(Execution.LAST_REGISTERING, told.execution());
    assertEquals(
        List.of(new Step(S, PeerMode.LEECH, Step.Effect.JOINED)), told.steps(), "as it was");

    await(store.change("p", connect("p").leave("s").at(T0 + 1)));
    Granted later =
        assertInstanceOf(
            Granted.class, await(store.ask("p", new PeerQuery.Executed(first))).orElseThrow());
    assertEquals(Execution.EARLIER, later.execution());
  }

  /** However many nodes keep a list, or take what members report. */
  @Test
  void anObserverIsToldOfEachReportAndDepartureOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    ObservedLists told = new ObservedLists();
    store.observe(told);
    await(store.change("p", connect("p").leech("s").at(T0)));
    await(store.change("q", connect("q").seeder("s").at(T0)));
    awaitCensus(store, new Census(2, 1, 2));
    Await.until(() -> "both: " + told.largest(), () -> told.largest().equals("1 1"));
    for (int node = 0; node < nodes(); node++) {
      Await.until(
          () -> "300 of " + told.uploaded(),
          () -> {
            // Some time or never: peers state it again, at whatever node.
            store.state(S, new Statement("p", null, new StreamStats("s", 300, 600, 0, 0)));
            return told.uploaded().equals(Map.of("LEECH p", 300L));
          });
    }
    await(store.change("p", connect("p").leave("s").at(T0 + 1)));
    await(store.change("q", connect("q").leave("s").at(T0 + 1)));

    awaitCensus(store, Census.NONE);
    Await.until(
        () -> "both are gone: " + told.gone(),
        () -> told.gone().equals(List.of("LEECH p 300", "SEEDER q -")));
    assertEquals("1 1", told.largest());
    store.state(S, new Statement("p", null, new StreamStats("s", 400, 800, 0, 0)));
    store.state(S, new Statement("p", null, new StreamStats("s", 400, 800, 0, 0)));
    Await.until(() -> "what comes late: " + told.late(), () -> told.late().contains("p 400"));
    assertEquals(Map.of("LEECH p", 300L), told.uploaded());
  }

  /** A list that took an older change after a younger one would stay wrong. */
  @Test
  void listsTakeThePeersChangesInTheirOrder() throws Exception {
    TrackerStore store = newStore(ROOMY);
    List<SplittableRandom> randoms = randoms();
    int each = 6;

    concurrently(
        thread ->
            () -> {
              SplittableRandom random = randoms.get(thread);
              for (int i = 0; i < 240; i++) {
                String id = thread + "-" + random.nextInt(each);
                ConnectBuilder connect =
                    connect(id).additive().advertising(addresses(1 + random.nextInt(500)));
                String swarm = "s" + random.nextInt(3);
                switch (random.nextInt(4)) {
                  case 0 -> connect.leech(swarm);
                  case 1 -> connect.seeder(swarm);
                  case 2 -> connect.leave(swarm);
                  default -> connect.leave(swarm).seeder("s" + random.nextInt(3, 5));
                }
                await(store.change(id, connect.at(T0 + i)));
              }
              return thread;
            });

    List<String> ids = new ArrayList<>();
    for (int i = 0; i < THREADS * each; i++) {
      ids.add(i % THREADS + "-" + i / THREADS);
    }
    new StoreLists(store, nodes(), ids, List.of("s0", "s1", "s2", "s3", "s4")).awaitFollowed();
  }

  // Repeats

  @Test
  void aConnectCanBeRepeatedWithoutHarm() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerCommand.Connect first = connect("p").seeder("s").at(T0);

    ConnectOutcome.Granted original = granted(await(store.change("p", first)));
    for (int i = 1; i < nodes() + 2; i++) {
      ConnectOutcome.Granted again = granted(await(store.change("p", repeated(first, T0 + i))));
      assertTrue(again.repeated());
      assertEquals(original.stamp(), again.stamp());
      assertEquals(original.seed(), again.seed());
      assertEquals(Execution.LAST_REGISTERING, again.execution());
      assertEquals(original.steps(), again.steps());
    }

    awaitCensus(store, new Census(1, 1, 1));
    awaitMember(
        store,
        S,
        new Member(
            "p", PeerMode.SEEDER, original.stamp(), PeerAddresses.NONE, PeerNum.NOTHING, null));
  }

  @Test
  void theRepeatOfAConnectFromElsewhereMovesThePeerInAllItsSwarms() throws Exception {
    TrackerStore store = newStore(ROOMY);
    AddressRules strict = new AddressRules(true, true, 0);
    PeerAddress home = PeerAddress.reflexive(requireNonNull(IpAddress.parse("21.51.100.7")), 80, 1);
    PeerCommand.Connect connect =
        connect("p")
            .seeder("s", "t")
            .addressRules(strict)
            .from("22.0.113.1")
            .advertising(PeerAddresses.advertised(List.of(home), false))
            .at(T0);
    await(store.change("p", connect));
    awaitCensus(store, new Census(1, 2, 2));
    assertEquals("", list(store, S, "q"));

    Origin origin = new Origin(home.ip(), false, strict);
    assertTrue(granted(await(store.change("p", repeated(connect, origin, T0 + 1)))).repeated());

    for (SwarmKey swarm : List.of(S, T)) {
      Await.until(
          () -> swarm + " lists p: " + list(store, swarm, "q"),
          () -> list(store, swarm, "q").contains("21.51.100.7"));
    }
    awaitCensus(store, new Census(1, 2, 2));
  }

  /** Each question goes to whichever node comes next, and all know what one was told. */
  @Test
  void whoMaySpeakForAPeerIsTheSameAtEveryNode() throws Exception {
    TrackerStore store = newStore(ROOMY);
    SecretHash secret = new SecretHash(7, 8);
    Origin home = bound("192.0.2.1", null);
    Origin stranger = bound("203.0.113.9", new SecretHash(8, 7));
    PeerCommand.Connect connect =
        connect("p")
            .seeder("s", "t")
            .from("192.0.2.1")
            .claiming(new Claim(64, null, secret))
            .at(T0);
    assertTrue(granted(await(store.change("p", connect))).secretGiven());
    for (int ask = 0; ask < nodes() + 1; ask++) {
      assertTrue(await(store.ask("p", new PeerQuery.Find("p", S, true, home, T0 + 1))).allowed());
      assertTrue(
          await(store.ask("p", new PeerQuery.Find("p", S, true, stranger, T0 + 1))).foreign());
      assertTrue(
          await(store.ask("p", new PeerQuery.Report("p", List.of(), stranger, T0 + 1))).foreign());
      assertFalse(await(store.change("p", new PeerCommand.Observe("p", stranger, T0 + 1))));
      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.FOREIGN, null),
          await(
              store.change(
                  "p",
                  connect("p")
                      .leave("s", "t")
                      .from("203.0.113.9")
                      .claiming(stranger.claim())
                      .at(T0 + 1))));
    }

    Origin moved = bound("198.51.100.1", secret);
    assertTrue(
        await(store.ask("p", new PeerQuery.Find("p", S, true, moved, T0 + 2))).seenElsewhere());
    assertTrue(await(store.change("p", new PeerCommand.Observe("p", moved, T0 + 2))));
    for (int ask = 0; ask < nodes() + 1; ask++) {
      assertTrue(await(store.ask("p", new PeerQuery.Find("p", S, true, home, T0 + 3))).foreign());
      assertTrue(
          await(
                  store.ask(
                      "p", new PeerQuery.Find("p", S, true, bound("198.51.100.1", null), T0 + 3)))
              .allowed());
    }
  }

  private static Origin bound(String literal, @Nullable SecretHash proof) {
    return new Origin(
        IpAddress.parse(literal), false, AddressRules.OPEN, new Claim(64, proof, null));
  }

  @Test
  void whoRegistersASilentPeersIdAnewTakesItsPlaceInAllLists() throws Exception {
    TrackerStore store = newStore(ROOMY);
    Claim claim = new Claim(64, null, null);
    await(
        store.change(
            "p",
            connect("p")
                .seeder("s", "t")
                .from("192.0.2.1")
                .claiming(claim)
                .advertising(addresses(1))
                .stating(STATUS)
                .at(T0)));
    awaitCensus(store, new Census(1, 2, 2));

    ConnectOutcome.Granted granted =
        granted(
            await(
                store.change(
                    "p",
                    connect("p")
                        .leech("t", "u")
                        .additive()
                        .from("203.0.113.9")
                        .claiming(claim)
                        .at(T0 + TRACK_MS / 3))));

    assertTrue(granted.registered());
    assertEquals(Set.of(S, T), Set.copyOf(requireNonNull(granted.replaced()).swarms()));
    awaitMember(
        store,
        T,
        new Member(
            "p", PeerMode.LEECH, granted.stamp(), PeerAddresses.NONE, PeerNum.NOTHING, null));
    Await.until(
        () -> "a list without the one before: " + member(store, S, "p"),
        () -> member(store, S, "p").isEmpty());
    awaitCensus(store, new Census(1, 2, 2));
  }

  @Test
  void anyCommandCanBeRepeatedWithoutHarm() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerCommand.Connect seed =
        connect("p").seeder("s", "t").from("22.0.113.1").advertising(addresses(7)).at(T0);
    PeerCommand.Connect part = connect("p").leave("t").at(T0 + 1);
    Origin origin = new Origin(IpAddress.parse("22.0.113.9"), false, AddressRules.OPEN);
    for (int i = 0; i < 3; i++) {
      await(store.change("p", seed));
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(i > 0, granted(await(store.change("p", part))).repeated());
      assertTrue(await(store.change("p", new PeerCommand.Observe("p", origin, T0 + 2))));
      Heard heard = new Heard("p", T0 + 3);
      assertEquals(1, await(store.change("p", new PeerCommand.Touch(List.of(heard)))));
    }

    RegistrationView view = await(look(store, "p")).orElseThrow();
    assertEquals(T0, view.connectedAtMs());
    assertEquals(T0 + 3, view.lastSeenMs());
    assertEquals(Map.of(S, PeerMode.SEEDER), view.memberships());
    assertEquals(addresses(7), view.addresses());
    assertTrue(view.observed().includes(origin.ip()));
    assertFalse(view.authenticated());
    new StoreLists(store, nodes(), List.of("p"), List.of("s", "t")).awaitFollowed();
  }

  // Expiry

  @Test
  void whoWasHeardOfHasItsTimerStartedAnewWhicheverNodeHeardIt() throws Exception {
    TrackerStore store = newStore(ROOMY);
    int rounds = 2 * nodes();
    Set<String> silent = new HashSet<>();
    for (int i = 0; i < rounds; i++) {
      for (String kind : List.of("find", "report", "touch", "repeat", "refused", "silent")) {
        String id = kind + i;
        PeerCommand.Connect connect = connect(id).leech("s").at(T0);
        await(store.change(id, connect));
        switch (kind) {
          case "find" -> assertTrue(find(store, id, S, T0 + 5));
          case "report" ->
              assertTrue(
                  await(store.ask(id, new PeerQuery.Report(id, List.of(), Origin.UNKNOWN, T0 + 5)))
                      .allowed());
          case "touch" ->
              await(store.change(id, new PeerCommand.Touch(List.of(new Heard(id, T0 + 5)))));
          case "repeat" -> granted(await(store.change(id, repeated(connect, T0 + 5))));
          case "refused" -> {
            assertFalse(find(store, id, T, T0 + 5));
            silent.add(id);
          }
          default -> silent.add(id);
        }
      }
    }

    assertEquals(silent, ids(expireAll(store, T0 + TRACK_MS + 4, silent.size())));
    assertEquals(4 * rounds, ids(expireAll(store, T0 + TRACK_MS + 5, 4 * rounds)).size());
    awaitCensus(store, Census.NONE);
  }

  @Test
  void expiryComesInBoundedBatchesUntilAllAreGone() throws Exception {
    TrackerStore store = newStore(ROOMY);
    int peers = 1000;
    for (int i = 0; i < peers; i++) {
      await(store.change("p" + i, connect("p" + i).leech("s").at(T0 + i)));
    }
    long nowMs = T0 + peers + TRACK_MS;

    Set<String> told = new HashSet<>();
    Await.until(
        () -> told.size() + " of " + peers,
        () -> {
          long before = join(store.census()).peers();
          List<Departure> batch = join(store.expire(nowMs, 64, TRACK_MS));
          long ended = before - join(store.census()).peers();
          assertTrue(0 <= ended && ended <= 64, () -> ended + " ended at once");
          for (Departure departure : batch) {
            String id = departure.peerId();
            assertEquals(
                new Departure(id, nowMs, List.of(new Ended(S, 0)), Departure.Cause.TIMED_OUT),
                departure);
            assertTrue(told.add(id), () -> id + " is told of twice");
            assertEquals(Optional.empty(), join(look(store, id)));
            assertEquals(Optional.empty(), member(store, S, id), "it has left its lists");
          }
          return told.size() == peers;
        });

    awaitCensus(store, Census.NONE);
    assertEquals(List.of(), await(store.expire(nowMs, 64, TRACK_MS)));
  }

  @Test
  void onlyWhoIsDueExpires() throws Exception {
    TrackerStore store = newStore(ROOMY);
    Set<String> due = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      String id = "p" + i;
      await(store.change(id, connect(id).leech("s").at(T0 + i % 2)));
      if (i % 2 == 0) {
        due.add(id);
      }
    }

    assertEquals(due, ids(expireAll(store, T0 + TRACK_MS, 100)));
    assertEquals(List.of(), await(store.expire(T0 + TRACK_MS, ROOMY, TRACK_MS)));
    awaitCensus(store, new Census(100, 1, 100));
  }

  /** One or two in each shard: a batch that stops at few shards would leave the others waiting. */
  @Test
  void aBatchReachesAllWhoAreDueHoweverThinlySpread() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 300; i++) {
      await(store.change("p" + i, connect("p" + i).leech("s").at(T0)));
    }

    await(store.expire(T0 + TRACK_MS, 300, TRACK_MS));
    assertEquals(0, await(store.census()).peers());
  }

  /** A shard that fills every batch must not keep the others from expiring. */
  @Test
  void noShardIsStarvedByAnother() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(store.change("old", connect("old").leech("s").at(T0)));
    String busy = inAnotherShard("old");
    boolean expired = false;
    for (int i = 0; i < 3 * Shards.PEERS && !expired; i++) {
      long nowMs = T0 + TRACK_MS + i;
      await(store.change(busy, connect(busy).leech("s").at(nowMs - TRACK_MS)));
      await(store.expire(nowMs, 1, TRACK_MS));
      expired = await(look(store, "old")).isEmpty();
    }

    assertTrue(expired);
  }

  private static String inAnotherShard(String peerId) {
    return first("busy", id -> Shards.ofPeer(id) != Shards.ofPeer(peerId));
  }

  private static String inTheSameShard(String prefix, String peerId) {
    return first(prefix, id -> Shards.ofPeer(id) == Shards.ofPeer(peerId));
  }

  private static String first(String prefix, Predicate<String> wanted) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> prefix + i)
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTimeoutIsToldOnceHoweverManyAsk() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 300; i++) {
      await(store.change("p" + i, connect("p" + i).leech("s").at(T0)));
    }

    List<String> told = new ArrayList<>();
    concurrently(thread -> () -> await(store.expire(T0 + TRACK_MS, ROOMY, TRACK_MS)))
        .forEach(batch -> batch.forEach(departure -> told.add(departure.peerId())));
    Await.until(
        () -> told.size() + " told of",
        () -> {
          join(store.expire(T0 + TRACK_MS, ROOMY, TRACK_MS))
              .forEach(departure -> told.add(departure.peerId()));
          return told.size() >= 300;
        });

    assertEquals(300, told.size());
    assertEquals(300, Set.copyOf(told).size());
    awaitCensus(store, Census.NONE);
  }

  @Test
  void aRequestAndTheTimeoutAtTheSameInstantAreDecidedOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int round = 0; round < 100; round++) {
      String id = "p" + round;
      long nowMs = T0 + round * 10L * TRACK_MS;
      await(store.change(id, connect(id).leech("s").at(nowMs)));
      long instant = nowMs + TRACK_MS;
      AtomicInteger ended = new AtomicInteger();
      AtomicInteger allowed = new AtomicInteger();

      concurrently(
          thread ->
              () ->
                  thread % 2 == 0
                      ? ended.addAndGet(await(store.expire(instant, 10, TRACK_MS)).size())
                      : allowed.addAndGet(find(store, id, S, instant) ? 1 : 0));

      boolean present = await(look(store, id)).isPresent();
      Await.until(
          () -> ended + " departures",
          () -> {
            ended.addAndGet(join(store.expire(instant, 0, TRACK_MS)).size());
            return ended.get() >= (present ? 0 : 1);
          });
      assertEquals(present ? 0 : 1, ended.get());
      if (present) {
        assertEquals(THREADS / 2, allowed.get());
        assertEquals(1, expireAll(store, instant + 9 * TRACK_MS, 1).size());
      }
      for (int ask = 0; ask < nodes() + 1; ask++) {
        assertFalse(find(store, id, S, instant), "nobody finds who has gone");
      }
    }
    awaitCensus(store, Census.NONE);
  }

  // Watch time

  /** A membership lasts while its mode does, whatever refreshes it; of the silent, until heard. */
  @Test
  void whoeverEndsAMembershipLearnsHowLongItLasted() throws Exception {
    TrackerStore store = newStore(ROOMY);
    long monthMs = 40L * 24 * 3600 * 1000;
    await(store.change("p", connect("p").additive().seeder("s", "t").at(T0)));
    await(store.change("p", connect("p").additive().leech("u").seeder("t").at(T0 + 10)));
    assertEquals(
        Map.of("s", 25L), watched(await(store.change("p", connect("p").leave("s").at(T0 + 25)))));
    assertEquals(
        Map.of("t", 30L, "u", 20L),
        watched(
            await(store.change("p", connect("p").additive().leave("t").seeder("u").at(T0 + 30)))));

    // The registration is older than an int of milliseconds counts.
    await(store.change("p", new PeerCommand.Touch(List.of(new Heard("p", T0 + monthMs)))));
    assertEquals(
        Map.of("u", monthMs - 30),
        watched(
            await(
                store.change(
                    "p", connect("p").additive().leave("u").leech("v").at(T0 + monthMs)))));
    await(store.change("p", connect("p").additive().leech("v").at(T0 + monthMs + 5)));
    long heardMs = T0 + monthMs + 9;
    assertTrue(find(store, "p", new SwarmKey("v"), heardMs));
    assertEquals(
        List.of(
            new Departure(
                "p",
                heardMs + 3L * TRACK_MS,
                List.of(new Ended(new SwarmKey("v"), 9)),
                Departure.Cause.TIMED_OUT)),
        expireAll(store, heardMs + 3L * TRACK_MS, 1));
  }

  private static Map<String, Long> watched(ConnectOutcome outcome) {
    Map<String, Long> watched = new HashMap<>();
    for (ConnectOutcome.Step step : granted(outcome).steps()) {
      if (step.effect().ends()) {
        watched.put(step.swarm().swarmId(), step.watchedMs());
      }
    }
    return watched;
  }

  // Many at once

  @Test
  void aNewPeerRegistersOnceHoweverManyOfItsConnectsComeAtOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    List<String> ids = new ArrayList<>();
    for (int round = 0; round < 100; round++) {
      String id = "p" + round;
      ids.add(id);

      List<ConnectOutcome.Granted> outcomes =
          concurrently(
              thread ->
                  () ->
                      granted(
                          await(
                              store.change(
                                  id, connect(id).additive().seeder("s" + thread).at(T0)))));

      assertEquals(1, outcomes.stream().filter(ConnectOutcome.Granted::registered).count());
      assertEquals(
          THREADS, outcomes.stream().map(ConnectOutcome.Granted::stamp).distinct().count());
      assertEquals(THREADS, await(look(store, id)).orElseThrow().memberships().size());
    }
    new StoreLists(store, nodes(), ids, IntStream.range(0, THREADS).mapToObj(i -> "s" + i).toList())
        .awaitFollowed();
    assertEquals(new Census(100, THREADS, 100L * THREADS), await(store.census()));
  }

  @Test
  void aPeerLeavesOnceAndAnyNumberJoinsAtOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    int each = 100;

    concurrently(
        thread ->
            () -> {
              for (int i = 0; i < each; i++) {
                String id = thread + "-" + i;
                await(store.change(id, connect(id).leech("s").at(T0)));
              }
              return thread;
            });
    awaitCensus(store, new Census((long) THREADS * each, 1, (long) THREADS * each));

    List<Integer> left =
        concurrently(
            thread ->
                () -> {
                  int mine = 0;
                  for (int i = 0; i < THREADS * each; i++) {
                    String id = i % THREADS + "-" + i / THREADS;
                    ConnectOutcome outcome =
                        await(store.change(id, connect(id).leave("s").at(T0 + 1)));
                    mine += outcome instanceof ConnectOutcome.Granted ? 1 : 0;
                  }
                  return mine;
                });
    assertEquals(THREADS * each, left.stream().mapToInt(Integer::intValue).sum());
    awaitCensus(store, Census.NONE);
  }

  @Test
  void roomIsGivenToTheLastPeerAndNotToOneMore() throws Exception {
    int maximum = 100;
    int all = nodes() * maximum;
    TrackerStore store = newStore(maximum);

    List<Integer> registered =
        concurrently(
            thread ->
                () -> {
                  int mine = 0;
                  for (int i = 0; i < all; i++) {
                    String id = thread + "-" + i;
                    ConnectOutcome outcome = await(store.change(id, connect(id).leech("s").at(T0)));
                    mine += registers(outcome) ? 1 : 0;
                    assertTrue(i % 8 != 0 || await(store.census()).peers() <= all);
                  }
                  return mine;
                });

    assertEquals(all, registered.stream().mapToInt(Integer::intValue).sum());
    awaitCensus(store, new Census(all, 1, all));
  }

  private static boolean registers(ConnectOutcome outcome) {
    if (outcome instanceof ConnectOutcome.Refused refused) {
      assertEquals(new ConnectOutcome.Refused(RefusalCause.FULL, null), refused);
      return false;
    }
    return granted(outcome).registered();
  }

  @Test
  void roomComesBackWithEveryWayToGo() throws Exception {
    TrackerStore store = newStore(1);
    for (int i = 0; i < 9; i++) {
      String id = "p" + i;
      String rival = inTheSameShard("rival", id);
      long nowMs = T0 + i * 3L * TRACK_MS;
      assertTrue(registers(await(store.change(id, connect(id).seeder("s").at(nowMs)))));
      assertFalse(registers(await(store.change(rival, connect(rival).leech("s").at(nowMs)))));
      switch (i % 3) {
        case 0 -> await(store.change(id, connect(id).leave("s").at(nowMs)));
        case 1 -> await(store.change(id, connect(id).seeder("t").at(nowMs)));
        default -> await(store.expire(nowMs + TRACK_MS, 10, TRACK_MS));
      }
      assertEquals(0, await(store.census()).peers());
      awaitCensus(store, Census.NONE);
    }
  }

  @Test
  void theLimitCanBeMovedAndPutsNobodyOut() throws Exception {
    TrackerStore store = newStore(1);
    String second = inTheSameShard("second", "p");
    String third = inTheSameShard("third", "p");
    assertTrue(registers(await(store.change("p", connect("p").leech("s").at(T0)))));
    assertFalse(registers(await(store.change(second, connect(second).leech("s").at(T0)))));

    store.limit(new Room(2, Long.MAX_VALUE, () -> false));
    assertTrue(registers(await(store.change(second, connect(second).leech("s").at(T0)))));
    assertFalse(registers(await(store.change(third, connect(third).leech("s").at(T0)))));

    store.limit(new Room(1, Long.MAX_VALUE, () -> false));
    assertEquals(2, await(store.census()).peers());
    assertFalse(
        registers(await(store.change(second, connect(second).leech("s").at(T0 + 1)))),
        "it stays, and goes on");
    await(store.change("p", connect("p").leave("s").at(T0 + 2)));
    assertFalse(registers(await(store.change(third, connect(third).leech("s").at(T0 + 3)))));
    await(store.change(second, connect(second).leave("s").at(T0 + 4)));
    assertTrue(registers(await(store.change(third, connect(third).leech("s").at(T0 + 5)))));
    awaitCensus(store, new Census(1, 1, 1));
  }

  @Test
  void membershipsAreBoundedTooAndThoseThereGoOn() throws Exception {
    TrackerStore store = newStore(10);
    store.limit(new Room(10, 2, () -> false));
    String second = inTheSameShard("second", "p");
    assertTrue(registers(await(store.change("p", connect("p").seeder("a", "b").at(T0)))));
    long refused = store.refusedForRoom();

    assertFalse(registers(await(store.change(second, connect(second).leech("a").at(T0)))));
    assertEquals(refused + 1, store.refusedForRoom());
    await(store.change("p", connect("p").leave("b").at(T0 + 1)));
    assertTrue(registers(await(store.change(second, connect(second).leech("a").at(T0 + 2)))));

    store.limit(new Room(10, 10, () -> true));
    String third = inTheSameShard("third", "p");
    assertFalse(registers(await(store.change(third, connect(third).leech("a").at(T0)))), "full");
    assertInstanceOf(
        ConnectOutcome.Granted.class,
        await(store.change(second, connect(second).leech("c").leave("a").at(T0 + 3))),
        "a switch needs no more room");
  }

  @Test
  void aStormOfRequestsLeavesNothingUnaccountedFor() throws Exception {
    StoreStorm storm = new StoreStorm(newStore(StoreStorm.MAXIMUM), nodes());
    List<SplittableRandom> randoms = randoms();
    for (int round = 0; round < 5; round++) {
      concurrently(thread -> () -> storm.blow(randoms.get(thread)));
      storm.assertSettled();
    }
    storm.calm();
  }

  // Threads

  @Test
  void stagesCompleteAtOnceOrOnTheExecutorThatWasGiven() throws Exception {
    TrackerStore store = newStore(ROOMY);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Thread itsThread = executor.submit(Thread::currentThread).get();
      Thread here = Thread.currentThread();
      TrackerStore view = oneNode(store).on(executor);
      Queue<String> elsewhere = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 200; i++) {
        String id = "p" + i;
        SwarmKey swarm = new SwarmKey("s" + i % 20);
        PeerQuery.Find find = new PeerQuery.Find(id, swarm, true, Origin.UNKNOWN, T0);
        for (CompletionStage<?> stage :
            List.of(
                view.change(id, connect(id).leech(swarm.swarmId()).at(T0)),
                view.ask(id, find),
                view.ask(swarm, new SwarmQuery.Look(swarm, id)),
                view.expire(T0, 1, TRACK_MS),
                view.census())) {
          await(
              stage.thenAccept(
                  result -> {
                    Thread thread = Thread.currentThread();
                    if (thread != itsThread && thread != here) {
                      elsewhere.add(result + " on " + thread);
                    }
                  }));
        }
      }

      assertEquals(List.of(), List.copyOf(elsewhere));
    } finally {
      executor.shutdownNow();
    }
  }

  private static List<SplittableRandom> randoms() {
    SplittableRandom random = Seeds.random();
    return IntStream.range(0, THREADS).mapToObj(thread -> random.split()).toList();
  }

  private static CompletionStage<Optional<RegistrationView>> look(TrackerStore store, String id) {
    return store.ask(id, new PeerQuery.Look(id));
  }

  private static boolean find(TrackerStore store, String id, SwarmKey swarm, long nowMs)
      throws InterruptedException, ExecutionException, TimeoutException {
    return await(store.ask(id, new PeerQuery.Find(id, swarm, true, Origin.UNKNOWN, nowMs)))
        .allowed();
  }

  private static Optional<Member> member(TrackerStore store, SwarmKey swarm, String id) {
    return StoreLists.member(store, swarm, id);
  }

  private static String list(TrackerStore store, SwarmKey swarm, String requester) {
    byte[] entries =
        join(store.ask(swarm, new SwarmQuery.DrawList(swarm, requester, ALL))).entries();
    return new String(Objects.requireNonNull(entries), UTF_8);
  }

  private void awaitMember(TrackerStore store, SwarmKey swarm, Member expected) {
    StoreLists.awaitMember(store, nodes(), swarm, expected.id(), Optional.of(expected));
  }

  private static void awaitCensus(TrackerStore store, Census expected) {
    StoreLists.awaitCensus(store, expected);
  }

  /** Lets all expire who are due, and returns their departures when so many are told of. */
  private static List<Departure> expireAll(TrackerStore store, long nowMs, int count) {
    List<Departure> told = new ArrayList<>();
    Await.until(
        () -> told + " of " + count,
        () -> {
          told.addAll(join(store.expire(nowMs, ROOMY, TRACK_MS)));
          return told.size() >= count;
        });
    return told;
  }

  private static Set<String> ids(Collection<Departure> departures) {
    Set<String> ids = new HashSet<>();
    departures.forEach(departure -> assertTrue(ids.add(departure.peerId()), departure::toString));
    return ids;
  }

  private static ConnectOutcome.Granted granted(ConnectOutcome outcome) {
    return assertInstanceOf(ConnectOutcome.Granted.class, outcome);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Runs one task per thread, all starting together, and returns what they return. */
  private static <T> List<T> concurrently(IntFunction<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Callable<T> task = tasks.apply(i);
        running.add(
            threads.submit(
                () -> {
                  start.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : running) {
        results.add(result.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
