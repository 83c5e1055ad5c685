package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Figure 5 of RFC 7846, and what a shard answers about its registrations. */
class PeerShardTest {
  /** When peers of these tests begin; anything but zero. */
  private static final long T0 = 1_000_000_000;

  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final ShardUnderTest peers = new ShardUnderTest();

  @Nested
  class Figure5 {

    /**
     * A peer in swarm a, as LEECH unless the state says SEEDER; the event one second later. The
     * state PEER REGISTERED does not outlast the CONNECT that brings it.
     */
    @ParameterizedTest(name = "{0}, {1} -> {2}, {3}")
    @CsvSource({
      "START, CONNECT join a, OK, TRACKING",
      "START, CONNECT leave a, 03, START",
      "START, CONNECT switch, 03, START",
      "START, CONNECT seed b, OK, TRACKING",
      "START, FIND a, 03, START",
      "START, REPORT a, 03, START",
      "START, REPORT, 03, START",
      "TRACKING, FIND a, OK, TRACKING",
      "TRACKING, FIND b, 03, TRACKING",
      "TRACKING, REPORT a, OK, TRACKING",
      "TRACKING, REPORT b, 03, TRACKING",
      "TRACKING, REPORT a b, OK, TRACKING",
      "TRACKING, REPORT, OK, TRACKING",
      "TRACKING, CONNECT join a, OK, TRACKING",
      "TRACKING, CONNECT switch, OK, TRACKING",
      "TRACKING, CONNECT leave a, OK, START",
      "TRACKING, CONNECT leave b, 03, TRACKING",
      "TRACKING, CONNECT join b, 03, TRACKING",
      "TRACKING, CONNECT seed b, 03, START",
      "TRACKING, track timeout, -, START",
      "TRACKING SEEDER, CONNECT seed b, 03, START",
      "TRACKING SEEDER, CONNECT join a, 03, TRACKING",
      "TRACKING SEEDER, CONNECT leave a, OK, START",
    })
    void everyEventHasItsAnswerAndItsNextState(
        String state, String event, String answer, String next) {
      if (!state.equals("START")) {
        boolean seeder = state.endsWith("SEEDER");
        peers.granted((seeder ? connect("p").seeder("a") : connect("p").leech("a")).at(T0));
      }

      assertEquals(answer, happen(event, T0 + 1000));

      assertEquals(next, peers.look("p").isPresent() ? "TRACKING" : "START");
      assertEquals(next.equals("START") ? 0 : 1, peers.shard().size());
      assertEquals(peers.shard().size(), peers.budget.reserved);
      boolean resets = answer.equals("OK");
      peers.look("p").ifPresent(view -> assertEquals(resets ? T0 + 1000 : T0, view.lastSeenMs()));
    }

    private String happen(String event, long nowMs) {
      return switch (event) {
        case "CONNECT join a" -> answer(connect("p").leech("a").at(nowMs));
        case "CONNECT join b" -> answer(connect("p").leech("b").at(nowMs));
        case "CONNECT seed b" -> answer(connect("p").seeder("b").at(nowMs));
        case "CONNECT switch" -> answer(connect("p").leech("b").leave("a").at(nowMs));
        case "CONNECT leave a" -> answer(connect("p").leave("a").at(nowMs));
        case "CONNECT leave b" -> answer(connect("p").leave("b").at(nowMs));
        case "FIND a" -> answer(peers.find("p", A, nowMs));
        case "FIND b" -> answer(peers.find("p", B, nowMs));
        case "REPORT" -> answer(peers.report("p", nowMs).allowed());
        case "REPORT a" -> answer(peers.report("p", nowMs, A).allowed());
        case "REPORT b" -> answer(peers.report("p", nowMs, B).allowed());
        case "REPORT a b" -> answer(peers.report("p", nowMs, A, B).allowed());
        case "track timeout" -> timeOut();
        default -> throw new IllegalArgumentException(event);
      };
    }

    private String answer(PeerCommand.Connect connect) {
      return peers.apply(connect) instanceof ConnectOutcome.Refused refused
          ? "0" + refused.code().wireValue()
          : "OK";
    }

    private String answer(boolean allowed) {
      return allowed ? "OK" : "03";
    }

    private String timeOut() {
      assertEquals(List.of(), peers.expire(T0 + TRACK_MS - 1));
      peers.expire(T0 + TRACK_MS);
      return "-";
    }
  }

  @Nested
  class Stamps {

    @Test
    void stampsGrowEvenIfTheClockStandsOrGoesBack() {
      long last = 0;
      for (long nowMs : new long[] {T0, T0, T0, T0 - 5000, T0 + 1, T0 - 1}) {
        long stamp = peers.granted(connect("p" + last).leech("a").at(nowMs)).stamp();
        assertTrue(stamp > last, stamp + " after " + last);
        last = stamp;
      }
    }

    @Test
    void stampsFollowTheClockSoThatAShardThatWasLostGoesOnAbove() {
      long before = peers.granted(connect("p").leech("a").at(T0)).stamp();

      long after =
          assertInstanceOf(
                  ConnectOutcome.Granted.class,
                  connect("p").leech("a").at(T0 + 1).apply(new PeerShard(), peers.budget))
              .stamp();

      assertTrue(after > before);
    }

    /** An update is known by its stamp, whatever brought it. */
    @Test
    void noTwoUpdatesHaveTheSameStamp() {
      Set<Long> stamps = new HashSet<>();
      long last = 0;
      peers.granted(connect("p").seeder("a", "b").at(T0));
      last = assertYounger(last, stamps);
      peers.granted(connect("q").leech("a").at(T0));
      last = assertYounger(last, stamps);
      peers.granted(connect("r").leech("a").at(T0));
      last = assertYounger(last, stamps);
      peers.granted(connect("q").leave("a").at(T0));
      last = assertYounger(last, stamps);
      peers.refused(connect("p").seeder("c").at(T0));
      last = assertYounger(last, stamps);
      peers.granted(connect("s").leech("a").at(T0));
      last = assertYounger(last, stamps);
      peers.apply(
          new PeerCommand.StrikeOut(
              peers.shard().updates().stream().map(ListUpdate::stamp).toList()));
      Membership lacking = new Membership("s", A, last);
      peers.apply(new PeerCommand.Reconcile(List.of(lacking), AddressRules.OPEN, T0));
      last = assertYounger(last, stamps);
      peers.expire(T0 + TRACK_MS);
      assertYounger(last, stamps);

      assertEquals(9, stamps.size());
    }

    private long assertYounger(long last, Set<Long> stamps) {
      long youngest = last;
      assertFalse(peers.noted().isEmpty());
      for (ListUpdate update : peers.noted()) {
        assertTrue(update.stamp() > youngest, update.stamp() + " after " + youngest);
        assertTrue(stamps.add(update.stamp()));
        youngest = update.stamp();
      }
      return youngest;
    }
  }

  @Test
  void aFindBeyondItsOwnSwarmsIsAllowedIfSoConfiguredToRegisteredPeersOnly() {
    peers.granted(connect("p").leech("a").at(T0));

    assertTrue(peers.ask(new PeerQuery.Find("p", B, false, Origin.UNKNOWN, T0)).allowed());
    assertFalse(peers.ask(new PeerQuery.Find("stranger", B, false, Origin.UNKNOWN, T0)).allowed());
  }

  @Test
  void aReportCountsForTheSwarmsThatThePeerIsIn() {
    peers.granted(connect("p").leech("a").at(T0));

    assertEquals(Set.of(A), peers.report("p", T0, A, B).joined());
    assertEquals(Set.of(), peers.report("p", T0).joined());
    assertEquals(Set.of(), peers.report("p", T0, B).joined());
  }

  @Test
  void onlyWhatIsAllowedSaysThatThePeerWasHeardOf() {
    peers.granted(connect("p").leech("a").at(T0));
    PeerQuery.Find find = new PeerQuery.Find("p", A, true, Origin.UNKNOWN, T0 + 5);
    PeerQuery.Report report = new PeerQuery.Report("p", List.of(), Origin.UNKNOWN, T0 + 6);

    assertEquals(new ShardChange.Heard("p", T0 + 5), find.heard(find.answer(peers.shard())));
    assertEquals(new ShardChange.Heard("p", T0 + 6), report.heard(report.answer(peers.shard())));
    for (PeerQuery<?> silent :
        List.of(
            new PeerQuery.Find("p", B, true, Origin.UNKNOWN, T0 + 7),
            new PeerQuery.Report("p", List.of(B), Origin.UNKNOWN, T0 + 7),
            new PeerQuery.Look("p"),
            new PeerQuery.Slice(0, 9),
            new PeerQuery.FindOrphans(List.of()))) {
      peers.ask(silent);
      assertEquals(T0, peers.lastSeenMs("p"), silent::toString);
    }
  }

  @Test
  void aRegistrationTellsWhenItBeganAndWhenItWasLastHeardOf() {
    peers.granted(connect("p").seeder("a").at(T0));
    peers.find("p", A, T0 + 7);

    assertEquals(
        new RegistrationView(
            T0, T0 + 7, Map.of(A, PeerMode.SEEDER), PeerAddresses.NONE, Observed.NOTHING, false),
        peers.look("p").orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void theRegistrationEndsWithTheLastMembershipOnly(ConnectPolicy policy) {
    peers.granted(connect("p").seeder("a", "b").at(T0));

    assertFalse(peers.granted(connect("p").policy(policy).leave("a").at(T0)).terminated());
    assertEquals(Set.of(B), peers.swarms("p"));
    assertTrue(peers.granted(connect("p").policy(policy).leave("b").at(T0)).terminated());
    assertEquals(Optional.empty(), peers.look("p"));
    assertEquals(List.of(), peers.expire(T0 + TRACK_MS));
  }
}
