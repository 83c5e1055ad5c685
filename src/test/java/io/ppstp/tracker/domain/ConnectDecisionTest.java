package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome.Execution;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectOutcome.Step.Effect;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** CONNECTs that come again, too late, or beyond a limit. */
class ConnectDecisionTest {
  private static final long T0 = 1_000_000_000;
  private static final long YEAR_MS = 365L * 24 * 3_600_000;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final ShardUnderTest peers = new ShardUnderTest();

  /** Registers a LEECH of one swarm. */
  private void register(String peerId, long nowMs, String swarm) {
    peers.granted(connect(peerId).leech(swarm).at(nowMs));
  }

  private static List<Boolean> results(ConnectOutcome.Granted granted) {
    return granted.steps().stream().map(Step::successful).toList();
  }

  @Nested
  class Repeats {

    @Test
    void aRepeatIsAnsweredAsBeforeAndExecutesNothing() {
      PeerCommand.Connect first = connect("p").additive().seeder("a").leech("b").at(T0);
      ConnectOutcome.Granted original = peers.granted(first);

      ConnectOutcome.Granted repeat = peers.granted(repeated(first, T0 + 5));

      assertTrue(repeat.repeated());
      assertFalse(repeat.registered());
      assertFalse(repeat.terminated());
      assertEquals(original.seed(), repeat.seed(), "the same lists");
      assertEquals(original.stamp(), repeat.stamp(), "nothing joins anew");
      assertEquals(List.of(), peers.noted(), "lists have nothing to follow");
      assertEquals(
          List.of(
              new Step(A, PeerMode.SEEDER, Effect.JOINED),
              new Step(B, PeerMode.LEECH, Effect.JOINED)),
          repeat.steps());
      assertEquals(1, peers.budget.reserved);
    }

    @Test
    void aSeederThatRepeatsItsConnectIsNotTerminated() {
      PeerCommand.Connect first = connect("p").seeder("a").at(T0);
      peers.granted(first);

      assertTrue(peers.granted(repeated(first, T0 + TRACK_MS)).repeated());
    }

    @Test
    void aRepeatResetsTheTimer() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      peers.granted(first);

      peers.granted(repeated(first, T0 + 50));

      assertEquals(List.of(), peers.expire(T0 + 49 + TRACK_MS));
      assertEquals(List.of("p"), ShardUnderTest.ids(peers.expire(T0 + 50 + TRACK_MS)));
    }

    @Test
    void afterTheWindowTheSameMessageIsAnOrdinaryConnect() {
      PeerCommand.Connect first = connect("p").seeder("a").at(T0);
      peers.granted(first);
      peers.find("p", A, T0 + TRACK_MS);

      assertEquals(
          ErrorCode.FORBIDDEN_ACTION, peers.refused(repeated(first, T0 + TRACK_MS + 1)).code());
      assertEquals(Optional.empty(), peers.look("p"));
    }

    @Test
    void theRepeatOfTheLastLeaveIsAnsweredThoughTheRegistrationIsGone() {
      register("p", T0, "a");
      PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 1);
      ConnectOutcome.Granted original = peers.granted(leave);
      assertTrue(original.terminated());
      peers.failOver();

      ConnectOutcome.Granted repeat = peers.granted(repeated(leave, T0 + 1 + TRACK_MS));

      assertTrue(repeat.repeated());
      assertTrue(repeat.terminated());
      assertEquals(List.of(new Step(A, null, Effect.LEFT)), repeat.steps());
      assertEquals(original.stamp(), repeat.stamp());
      assertEquals(Optional.empty(), peers.look("p"));
      assertEquals(0, peers.budget.reserved);
    }

    @Test
    void theRepeatOfTheLastLeaveIsForgottenWithTheWindow() {
      register("p", T0, "a");
      PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 1);
      peers.granted(leave);

      assertEquals(
          ErrorCode.FORBIDDEN_ACTION, peers.refused(repeated(leave, T0 + 2 + TRACK_MS)).code());
      peers.expire(T0 + 2 + TRACK_MS);
      assertEquals(ErrorCode.FORBIDDEN_ACTION, peers.refused(repeated(leave, T0 + 2)).code());
    }

    @Test
    void aLateCopyOfTheLastLeaveDoesNotRemoveAPeerThatCameBack() {
      register("p", T0, "a");
      PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 1);
      peers.granted(leave);
      register("p", T0 + 2, "a");

      assertTrue(peers.granted(repeated(leave, T0 + 3)).repeated());
      assertEquals(Set.of(A), peers.swarms("p"));
      assertEquals(T0 + 2, peers.lastSeenMs("p"), "a copy does not say that the peer is there");
    }

    @Test
    void aLateCopyOfAJoinDoesNotBringBackAPeerThatLeft() {
      PeerCommand.Connect join = connect("p").leech("a").at(T0);
      peers.granted(join);
      peers.granted(connect("p").leave("a").at(T0 + 1));
      peers.failOver();

      ConnectOutcome.Granted late = peers.granted(repeated(join, T0 + TRACK_MS));

      assertTrue(late.repeated());
      assertTrue(late.terminated());
      assertEquals(List.of(true), results(late));
      assertEquals(List.of(), peers.noted());
      assertEquals(Optional.empty(), peers.look("p"));
      assertEquals(0, peers.budget.reserved);
    }

    @Test
    void aLateCopyOfAJoinDoesNotBringBackAPeerThatTable6Ended() {
      PeerCommand.Connect join = connect("p").seeder("a").at(T0);
      peers.granted(join);
      assertNotNull(peers.refused(connect("p").seeder("b").at(T0 + 1)).departure());

      assertTrue(peers.granted(repeated(join, T0 + 2)).repeated());
      assertEquals(Optional.empty(), peers.look("p"));
      assertEquals(0, peers.budget.reserved);
      assertTrue(peers.granted(connect("p").seeder("b").at(T0 + 3)).registered());
    }

    @Test
    void aLateCopyOfASwitchDoesNotUndoWhatCameAfterIt() {
      register("p", T0, "a");
      PeerCommand.Connect there = connect("p").leech("b").leave("a").at(T0 + 1);
      peers.granted(there);
      peers.granted(connect("p").leech("a").leave("b").at(T0 + 2));

      assertTrue(peers.granted(repeated(there, T0 + 3)).repeated());
      assertEquals(Set.of(A), peers.swarms("p"));
    }

    /** All examples of the RFC have the ID 12345, and are copied. */
    @Test
    void whoHasOneIdForAllMaySwitchThereAndBackAndThereAgain() {
      PeerCommand.Connect start = connect("p").leech("a").at(T0);
      peers.granted(start);
      PeerCommand.Connect there = connect("p").leech("b").leave("a").reusing(start).at(T0 + 1);
      peers.granted(there);
      peers.granted(connect("p").leech("a").leave("b").reusing(start).at(T0 + 2));

      assertFalse(peers.granted(repeated(there, T0 + 3)).repeated());
      assertEquals(Set.of(B), peers.swarms("p"));
    }

    @Test
    void theLastFiveAreRememberedForTheTrackTimer() {
      List<PeerCommand.Connect> sent = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ConnectBuilder next = connect("p").additive().seeder("s" + i);
        sent.add(next.at(T0 + i));
        peers.granted(sent.get(i));
      }
      peers.failOver();

      for (int i = 1; i < 6; i++) {
        assertTrue(peers.granted(repeated(sent.get(i), T0 + TRACK_MS)).repeated(), "CONNECT " + i);
      }
      assertFalse(peers.granted(repeated(sent.get(0), T0 + TRACK_MS)).repeated());
      assertFalse(peers.granted(repeated(sent.get(3), T0 + 4 + TRACK_MS)).repeated(), "too old");
    }

    @Test
    void manyPeersThatLeaveDoNotMakeTheShardRememberThemAll() {
      List<PeerCommand.Connect> leaves = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        register("p" + i, T0, "a");
        leaves.add(connect("p" + i).leave("a").at(T0));
        peers.granted(leaves.get(i));
        peers.apply(
            new PeerCommand.StrikeOut(
                peers.shard().updates().stream().map(ListUpdate::stamp).toList()));
      }

      long remembered =
          leaves.stream()
              .filter(leave -> peers.apply(repeated(leave, T0)) instanceof ConnectOutcome.Granted)
              .count();
      assertEquals(256, remembered);
      assertTrue(peers.granted(repeated(leaves.get(999), T0)).repeated(), "the youngest are kept");
    }

    @Test
    void failedStepsFailAgainInTheRepeat() {
      register("p", T0, "a");
      PeerCommand.Connect request =
          connect("p").additive().maxSwarms(2).seeder("b", "c").leave("x").at(T0 + 1);
      List<Boolean> results = results(peers.granted(request));

      assertEquals(List.of(true, false, false), results);
      assertEquals(results, results(peers.granted(repeated(request, T0 + 2))));
    }

    @Test
    void aRefusedConnectIsJudgedAnewWhenItIsRepeated() {
      register("p", T0, "a");
      PeerCommand.Connect terminating = connect("p").seeder("b").at(T0 + 1);
      assertNotNull(peers.refused(terminating).departure());

      assertTrue(peers.granted(repeated(terminating, T0 + 2)).registered());
    }

    @Test
    void aTransactionIdUsedAgainIsNotedOrRefusedWhenStrict() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      assertFalse(peers.granted(first).transactionReused());
      assertTrue(
          peers.granted(connect("p").leech("a").reusing(first).at(T0 + 1)).transactionReused());

      ConnectBuilder strict = connect("p").leech("a").reusing(first).refusingReusedTransactions();
      ConnectOutcome.Refused refused = peers.refused(strict.at(T0 + 2));

      assertEquals(new ConnectOutcome.Refused(RefusalCause.TRANSACTION_REUSED, null), refused);
      assertEquals(T0 + 1, peers.lastSeenMs("p"));
    }

    @Test
    void aTransactionIdMayComeBackWhenTheWindowIsOver() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      peers.granted(first);
      peers.find("p", A, T0 + TRACK_MS);
      ConnectBuilder strict = connect("p").leech("a").reusing(first).refusingReusedTransactions();

      assertFalse(peers.granted(strict.at(T0 + TRACK_MS + 1)).transactionReused());
    }

    @Test
    void anotherPeersTransactionIdIsNoReuse() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      peers.granted(first);

      assertFalse(peers.granted(connect("q").leech("a").reusing(first).at(T0)).transactionReused());
    }
  }

  /** A cluster may carry out late what its sender has given up, and said otherwise since. */
  @Nested
  class TooLate {
    private static final ConnectOutcome.Refused REFUSED =
        new ConnectOutcome.Refused(RefusalCause.LATE, null);

    @Test
    void aConnectFromMoreThanASecondBeforeTheLastOneIsNotExecuted() {
      register("p", T0, "a");
      peers.granted(connect("p").leech("b").leave("a").at(T0 + 5000));
      ShardSnapshot before = peers.shard().snapshot();

      assertEquals(REFUSED, peers.refused(connect("p").leech("a").leave("b").at(T0 + 3999)));

      assertEquals(before, peers.shard().snapshot());
      assertEquals(List.of(), peers.noted());
      assertEquals(1, peers.budget.reserved);
    }

    @Test
    void aSecondIsAllowedForClocksThatDiffer() {
      register("p", T0, "a");
      peers.granted(connect("p").leech("b").leave("a").at(T0 + 5000));

      peers.granted(connect("p").leech("a").leave("b").at(T0 + 4000));

      assertEquals(Set.of(A), peers.swarms("p"));
      assertEquals(1, peers.budget.reserved);
    }

    @Test
    void aJoinThatIsOlderThanTheLastLeaveDoesNotBringThePeerBack() {
      register("p", T0, "a");
      peers.granted(connect("p").leave("a").at(T0 + 5000));

      assertEquals(REFUSED, peers.refused(connect("p").leech("b").at(T0 + 3999)));
      peers.failOver();
      assertEquals(REFUSED, peers.refused(connect("p").leech("b").at(T0 + 3999)));

      assertEquals(Optional.empty(), peers.look("p"));
      assertEquals(0, peers.budget.reserved);
      assertTrue(peers.granted(connect("p").leech("b").at(T0 + 4000)).registered());
    }

    @Test
    void theRepeatOfTheLastOneIsAnsweredHoweverLateItComes() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      peers.granted(first);

      assertTrue(peers.granted(repeated(first, T0 - 60_000)).repeated());
      assertEquals(T0, peers.lastSeenMs("p"));
    }

    @Test
    void theRepeatOfAnEarlierOneIsAnsweredAndNotExecuted() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      peers.granted(first);
      peers.granted(connect("p").leech("b").leave("a").at(T0 + 1500));

      assertTrue(peers.granted(repeated(first, T0 + 400)).repeated());
      assertEquals(Set.of(B), peers.swarms("p"));
    }

    @Test
    void requestsOfOtherKindsDoNotMakeAConnectLate() {
      register("p", T0, "a");
      peers.find("p", A, T0 + 60_000);

      peers.granted(connect("p").leech("b").leave("a").at(T0 + 10));
      assertEquals(Set.of(B), peers.swarms("p"));
      assertEquals(T0 + 60_000, peers.lastSeenMs("p"), "it was heard of since");
    }

    /** Stamps never go back, so a node that began a cluster in 2055 leaves its shards there. */
    @Test
    void aClockThatOnceRanYearsAheadMakesNobodyLate() {
      register("ahead", T0 + 30 * YEAR_MS, "a");
      register("p", T0, "a");
      PeerCommand.Connect switching = connect("p").leave("a").leech("b").at(T0 + 5_000);

      assertFalse(peers.granted(switching).repeated());

      assertTrue(peers.granted(repeated(switching, T0 + 6_000)).repeated());
      assertEquals(Map.of(B, PeerMode.LEECH), peers.look("p").orElseThrow().memberships());
    }

    @Test
    void anotherPeersConnectDoesNotMakeOneLate() {
      register("p", T0 + 60_000, "a");

      peers.granted(connect("q").leech("a").at(T0));
    }
  }

  @Nested
  class Limits {

    @Test
    void whoComesWhenAllRoomIsTakenIsAskedToComeLater() {
      peers.budget.limit = 2;
      peers.granted(connect("p1").leech("a").at(T0));
      peers.granted(connect("p2").leech("a").at(T0));

      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.FULL, null),
          peers.refused(connect("p3").leech("a").at(T0)));
      peers.granted(connect("p2").leech("a").at(T0 + 1));

      peers.granted(connect("p1").leave("a").at(T0 + 2));
      peers.granted(connect("p3").leech("a").at(T0 + 3));
      peers.expire(T0 + 3 + TRACK_MS);
      assertEquals(0, peers.budget.reserved);
    }

    @Test
    void aRequestThatFailsAnywayTakesNoRoom() {
      peers.budget.limit = 0;

      assertEquals(
          ErrorCode.FORBIDDEN_ACTION, peers.refused(connect("p").leave("a").at(T0)).code());
    }

    @Test
    void aTerminationGivesItsRoomBack() {
      peers.budget.limit = 1;
      register("p", T0, "a");

      assertNotNull(peers.refused(connect("p").seeder("b").at(T0 + 1)).departure());

      assertEquals(0, peers.budget.reserved);
      register("q", T0 + 2, "a");
    }

    @Test
    void membershipsBeyondTheBudgetAreRefusedAndWhoIsThereGoesOn() {
      peers.budget.mostMemberships = 3;
      peers.granted(connect("p").seeder("a", "b").at(T0));
      peers.granted(connect("q").leech("a").at(T0));

      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.FULL, null),
          peers.refused(connect("r").leech("a").at(T0)));
      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.FULL, null),
          peers.refused(connect("p").additive().seeder("c").at(T0)));
      peers.granted(connect("q").leech("b").leave("a").at(T0 + 1));
      assertEquals(1, peers.granted(connect("p").leave("b").at(T0 + 2)).weight());
      peers.granted(connect("r").leech("a").at(T0 + 3));

      peers.granted(connect("p").leave("a").at(T0 + 4));
      peers.expire(T0 + 3 + TRACK_MS);
      assertEquals(0, peers.budget.memberships);
      assertEquals(0, peers.shard().weight());
    }

    @Test
    void aSwarmWithALongIdTakesTheRoomOfSeveral() {
      String longId = "s".repeat(2048);

      assertEquals(9, peers.granted(connect("p").leech(longId).at(T0)).weight());
      assertEquals(9, peers.budget.memberships);
      assertEquals(9, peers.shard().weight());
      assertNotNull(peers.refused(connect("p").seeder("b").at(T0 + 1)).departure());
      assertEquals(0, peers.budget.memberships);
    }

    @Test
    void noPeerGetsMoreThanItsClientHasRoomFor() {
      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.CLIENT_LIMIT, null),
          peers.refused(connect("p").seeder("a", "b", "c").at(T0).within(2)));
      peers.granted(connect("p").seeder("a", "b", "c").at(T0).within(3));
      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.CLIENT_LIMIT, null),
          peers.refused(connect("p").additive().seeder("d").at(T0 + 1).within(0)));
      peers.granted(connect("p").additive().seeder("d").leave("a").at(T0 + 2).within(0));
      assertEquals(3, peers.budget.memberships);
    }

    @Test
    void joinsBeyondTheSwarmLimitFailAlone() {
      ConnectOutcome.Granted granted =
          peers.granted(connect("p").maxSwarms(2).seeder("a", "b", "c", "d").at(T0));

      assertEquals(List.of(true, true, false, false), results(granted));
      assertEquals(Set.of(A, B), peers.swarms("p"));
    }

    @Test
    void joinsBeyondTheSwarmLimitFailAltogetherIfNothingElseSucceeds() {
      peers.granted(connect("p").seeder("a", "b").at(T0));

      assertEquals(
          new ConnectOutcome.Refused(RefusalCause.NOTHING_DONE, null),
          peers.refused(connect("p").additive().maxSwarms(2).seeder("c").at(T0 + 1)));
      assertEquals(Set.of(A, B), peers.swarms("p"));
    }

    @Test
    void atTheSwarmLimitAPeerCanSwitchRefreshAndChangeItsMode() {
      register("p", T0, "a");

      assertEquals(
          List.of(true, true),
          results(peers.granted(connect("p").maxSwarms(1).leech("b").leave("a").at(T0 + 1))));
      assertEquals(
          List.of(new Step(B, PeerMode.LEECH, Effect.REFRESHED)),
          peers.granted(connect("p").maxSwarms(1).leech("b").at(T0 + 2)).steps());
      assertEquals(
          List.of(
              new Step(B, PeerMode.SEEDER, Effect.MODE_CHANGED, 2),
              new Step(B, null, Effect.LEFT_TO_REJOIN)),
          peers.granted(connect("p").maxSwarms(1).seeder("b").leave("b").at(T0 + 3)).steps());
      assertEquals(Map.of(B, PeerMode.SEEDER), peers.look("p").orElseThrow().memberships());
    }

    /** Otherwise the peer would stay in the swarm for ever, no longer known to be there. */
    @Test
    void aLeaveWhoseRejoinFindsNoRoomIsALeave() {
      register("p", T0, "a");
      PeerCommand.Connect request =
          connect("p").additive().maxSwarms(1).leave("a").leech("b").seeder("a").at(T0 + 1);
      List<Effect> effects = effects(peers.granted(request));

      assertEquals(List.of(Effect.JOINED, Effect.FAILED, Effect.LEFT), effects);
      assertEquals(List.of(A), peers.update().leaves());
      assertEquals(Set.of(B), peers.swarms("p"));
      assertEquals(effects, effects(peers.granted(repeated(request, T0 + 2))));
    }

    /** Whoever has not heard what came of a CONNECT learns it from the repeat, but not twice. */
    @Test
    void aRepeatSaysWhatWasDoneUnlessOthersHaveCome() {
      PeerCommand.Connect first = connect("p").additive().seeder("a", "b").at(T0);
      PeerCommand.Connect second =
          connect("p").additive().leave("a").seeder("b").leech("c").at(T0 + 1);
      PeerCommand.Connect third = connect("p").additive().leave("b", "c").at(T0 + 2);
      peers.granted(first);
      ConnectOutcome.Granted again = peers.granted(repeated(first, T0 + 1));
      assertEquals(Execution.LAST_REGISTERING, again.execution());
      assertEquals(List.of(Effect.JOINED, Effect.JOINED), effects(again));

      List<Effect> done = effects(peers.granted(second));
      again = peers.granted(repeated(second, T0 + 2));
      assertEquals(List.of(Effect.REFRESHED, Effect.JOINED, Effect.LEFT), done);
      assertEquals(Execution.LAST, again.execution());
      assertEquals(done, effects(again));
      assertEquals(Execution.EARLIER, peers.granted(repeated(first, T0 + 2)).execution());

      assertTrue(peers.granted(third).terminated());
      again = peers.granted(repeated(third, T0 + 3));
      assertEquals(Execution.LAST, again.execution());
      assertTrue(again.terminated());
      assertEquals(List.of(Effect.LEFT, Effect.LEFT), effects(again));
      again = peers.granted(repeated(second, T0 + 3));
      assertEquals(Execution.EARLIER, again.execution());
      assertEquals(List.of(Effect.REFRESHED, Effect.REFRESHED, Effect.LEFT), effects(again));
    }

    private List<Effect> effects(ConnectOutcome.Granted granted) {
      return granted.steps().stream().map(Step::effect).toList();
    }
  }
}
