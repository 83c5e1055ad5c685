package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static io.ppstp.tracker.testing.Peers.addresses;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Departure.Cause;
import io.ppstp.tracker.domain.Step.Effect;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PeerShardTest {
  /** When peers of these tests begin; anything but zero. */
  private static final long T0 = 1_000_000_000;

  private static final long INIT = TIMERS.initMs();
  private static final long TRACK = TIMERS.trackMs();
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final PeerShard shard = new PeerShard();
  private final CountingBudget budget = new CountingBudget();

  @Nested
  class Figure5 {

    /** A peer in swarm a, as LEECH unless the state says SEEDER; the event one second later. */
    @ParameterizedTest(name = "{0}, {1} -> {2}, {3}")
    @CsvSource({
      "START, CONNECT join a, OK, PEER_REGISTERED",
      "START, CONNECT leave a, 03, START",
      "START, CONNECT switch, 03, START",
      "START, CONNECT seed b, OK, PEER_REGISTERED",
      "START, FIND a, 03, START",
      "START, REPORT a, 03, START",
      "START, REPORT, 03, START",
      "START, done, 03, START",
      "PEER_REGISTERED, done, OK, TRACKING",
      "PEER_REGISTERED, FIND a, OK, TRACKING",
      "PEER_REGISTERED, FIND b, 03, PEER_REGISTERED",
      "PEER_REGISTERED, REPORT a, OK, TRACKING",
      "PEER_REGISTERED, REPORT b, 03, PEER_REGISTERED",
      "PEER_REGISTERED, REPORT, OK, TRACKING",
      "PEER_REGISTERED, CONNECT join a, OK, PEER_REGISTERED",
      "PEER_REGISTERED, CONNECT switch, OK, PEER_REGISTERED",
      "PEER_REGISTERED, CONNECT leave a, OK, START",
      "PEER_REGISTERED, CONNECT join b, 03, PEER_REGISTERED",
      "PEER_REGISTERED, CONNECT seed b, 03, START",
      "PEER_REGISTERED, init timeout, -, START",
      "TRACKING, done, OK, TRACKING",
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
      "TRACKING, init timeout, -, TRACKING",
      "TRACKING, track timeout, -, START",
      "TRACKING SEEDER, CONNECT seed b, 03, START",
      "TRACKING SEEDER, CONNECT join a, 03, TRACKING",
      "TRACKING SEEDER, CONNECT leave a, OK, START",
    })
    void everyEventHasItsAnswerAndItsNextState(
        String state, String event, String answer, String next) {
      if (!state.equals("START")) {
        boolean seeder = state.endsWith("SEEDER");
        granted((seeder ? connect("p").seeder("a") : connect("p").leech("a")).at(T0));
      }
      if (state.startsWith("TRACKING")) {
        assertTrue(apply(new PeerCommand.Track("p", T0)));
      }

      assertEquals(answer, happen(event, T0 + 1000));

      assertEquals(next, look("p").map(view -> view.state().name()).orElse("START"));
      assertEquals(next.equals("START") ? 0 : 1, shard.size());
      assertEquals(shard.size(), budget.reserved);
      boolean resets = answer.equals("OK");
      look("p").ifPresent(view -> assertEquals(resets ? T0 + 1000 : T0, view.lastSeenMs()));
    }

    private String happen(String event, long nowMs) {
      return switch (event) {
        case "CONNECT join a" -> answer(connect("p").leech("a").at(nowMs));
        case "CONNECT join b" -> answer(connect("p").leech("b").at(nowMs));
        case "CONNECT seed b" -> answer(connect("p").seeder("b").at(nowMs));
        case "CONNECT switch" -> answer(connect("p").leech("b").leave("a").at(nowMs));
        case "CONNECT leave a" -> answer(connect("p").leave("a").at(nowMs));
        case "CONNECT leave b" -> answer(connect("p").leave("b").at(nowMs));
        case "FIND a" -> answer(find("p", A, nowMs));
        case "FIND b" -> answer(find("p", B, nowMs));
        case "REPORT" -> answer(report("p", nowMs).allowed());
        case "REPORT a" -> answer(report("p", nowMs, A).allowed());
        case "REPORT b" -> answer(report("p", nowMs, B).allowed());
        case "REPORT a b" -> answer(report("p", nowMs, A, B).allowed());
        case "done" -> answer(apply(new PeerCommand.Track("p", nowMs)));
        case "init timeout" -> timeOut(INIT);
        case "track timeout" -> timeOut(TRACK);
        default -> throw new IllegalArgumentException(event);
      };
    }

    private String answer(PeerCommand.Connect connect) {
      return apply(connect) instanceof ConnectOutcome.Refused refused
          ? "0" + refused.code().wireValue()
          : "OK";
    }

    private String answer(boolean allowed) {
      return allowed ? "OK" : "03";
    }

    private String timeOut(long afterMs) {
      assertEquals(List.of(), expire(T0 + afterMs - 1));
      expire(T0 + afterMs);
      return "-";
    }
  }

  @Nested
  class TimerExpiry {

    @Test
    void aDepartureNamesTheSwarmsThatThePeerIsToBeTakenOutOf() {
      ConnectOutcome.Granted joined = granted(connect("p").seeder("a", "b").at(T0));

      List<Departure> departures = expire(T0 + INIT);

      assertEquals(1, departures.size());
      Departure departure = departures.get(0);
      assertEquals("p", departure.peerId());
      assertEquals(T0 + INIT, departure.atMs());
      assertEquals(Set.of(A, B), Set.copyOf(departure.swarms()));
      assertEquals(Cause.TIMED_OUT, departure.cause());
      assertTrue(departure.stamp() > joined.stamp());
      assertEquals(Optional.empty(), look("p"));
      assertFalse(find("p", A, T0 + INIT));
    }

    @Test
    void aRequestInTheVeryInstantOfTheTimeoutIsDecidedOnceEitherWay() {
      track("first", T0, "a");
      track("late", T0, "a");

      assertTrue(find("first", A, T0 + TRACK));
      assertEquals(List.of("late"), ids(expire(T0 + TRACK)));

      assertFalse(find("late", A, T0 + TRACK));
      assertTrue(look("first").isPresent());
      assertEquals(1, budget.reserved);
    }

    @Test
    void whoeverWasHeardOfLeastRecentlyGoesFirst() {
      for (int i = 0; i < 5; i++) {
        track("p" + i, T0 + i, "a");
      }
      find("p1", A, T0 + 10);
      report("p0", T0 + 11);
      granted(connect("p3").leech("a").at(T0 + 12));
      find("p2", B, T0 + 13);

      assertEquals(List.of("p2", "p4", "p1", "p0", "p3"), ids(expire(T0 + 13 + TRACK)));
    }

    @Test
    void aBatchIsBoundedAndTheRestFollowsAtTheNextCalls() {
      for (int i = 0; i < 10; i++) {
        track("p" + i, T0 + i, "a");
      }
      List<String> expired = new ArrayList<>();
      for (int expected : new int[] {4, 4, 2, 0}) {
        List<Departure> batch = shard.expire(T0 + 9 + TRACK, 4, TIMERS, budget);
        assertEquals(expected, batch.size());
        expired.addAll(ids(batch));
        shard.forget(batch);
      }

      assertEquals(IntStream.range(0, 10).mapToObj(i -> "p" + i).toList(), expired);
      assertEquals(0, budget.reserved);
      assertEquals(0, shard.size());
    }

    @Test
    void onlyWhoIsDueGoes() {
      track("early", T0, "a");
      track("later", T0 + 1, "a");

      assertEquals(List.of("early"), ids(expire(T0 + TRACK)));
      assertEquals(1, shard.size());
    }

    @Test
    void aDepartureIsForgottenOnce() {
      track("p", T0, "a");
      List<Departure> departures = expire(T0 + TRACK);

      assertEquals(departures, shard.forget(departures));
      assertEquals(List.of(), shard.forget(departures));
      assertEquals(List.of(), expire(T0 + 9 * TRACK));
    }

    @Test
    void aDepartureThatNobodyFinishesIsHandedOutAgainAfterTenSeconds() {
      track("p", T0, "a");
      List<Departure> departures = expire(T0 + TRACK);

      assertEquals(List.of(), expire(T0 + TRACK + 9_999));
      assertEquals(departures, expire(T0 + TRACK + 10_000));
      assertEquals(departures, shard.forget(departures));
      assertEquals(List.of(), expire(T0 + TRACK + 30_000));
    }

    @Test
    void aDepartureByTable6IsHandedOutAgainToo() {
      track("p", T0, "a");
      Departure departure =
          requireNonNull(refused(connect("p").seeder("b").at(T0 + 1)).departure());

      assertEquals(Cause.TERMINATED, departure.cause());
      assertEquals(List.of(), expire(T0 + 10_000));
      assertEquals(List.of(departure), expire(T0 + 10_001));
    }

    @Test
    void aPeerThatComesBackHasMembershipsYoungerThanItsDeparture() {
      track("p", T0, "a");
      Departure departure = expire(T0 + TRACK).get(0);

      ConnectOutcome.Granted again = granted(connect("p").leech("a").at(T0 + TRACK));

      assertTrue(again.registered());
      assertTrue(again.stamp() > departure.stamp());
      shard.forget(List.of(departure));
      assertTrue(look("p").isPresent());
    }
  }

  @Nested
  class Stamps {

    @Test
    void stampsGrowEvenIfTheClockStandsOrGoesBack() {
      long last = 0;
      for (long nowMs : new long[] {T0, T0, T0, T0 - 5000, T0 + 1, T0 - 1}) {
        long stamp = granted(connect("p" + last).leech("a").at(nowMs)).stamp();
        assertTrue(stamp > last, stamp + " after " + last);
        last = stamp;
      }
    }

    @Test
    void stampsFollowTheClockSoThatAnEmptyCopyOfTheShardGoesOnAbove() {
      long before = granted(connect("p").leech("a").at(T0)).stamp();

      long after =
          assertInstanceOf(
                  ConnectOutcome.Granted.class,
                  connect("p").leech("a").at(T0 + 1).apply(new PeerShard(), budget))
              .stamp();

      assertTrue(after > before);
    }
  }

  @Nested
  class Repeats {

    @Test
    void aRepeatIsAnsweredAsBeforeAndExecutesNothing() {
      PeerCommand.Connect first = connect("p").additive().seeder("a").leech("b").at(T0);
      ConnectOutcome.Granted original = granted(first);

      ConnectOutcome.Granted repeat = granted(repeated(first, T0 + 5));

      assertTrue(repeat.repeated());
      assertFalse(repeat.registered());
      assertFalse(repeat.terminated());
      assertEquals(original.seed(), repeat.seed(), "the same lists");
      assertEquals(original.stamp(), repeat.stamp(), "nothing joins anew");
      assertEquals(
          List.of(
              new Step(A, PeerMode.SEEDER, Effect.REFRESHED),
              new Step(B, PeerMode.LEECH, Effect.REFRESHED)),
          repeat.steps());
      assertEquals(1, budget.reserved);
    }

    @Test
    void aSeederThatRepeatsItsConnectIsNotTerminated() {
      PeerCommand.Connect first = connect("p").seeder("a").at(T0);
      granted(first);

      assertTrue(granted(repeated(first, T0 + TRACK)).repeated());
    }

    @Test
    void aRepeatResetsTheTimer() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      granted(first);
      apply(new PeerCommand.Track("p", T0));

      granted(repeated(first, T0 + 50));

      assertEquals(List.of(), expire(T0 + 49 + TRACK));
      assertEquals(List.of("p"), ids(expire(T0 + 50 + TRACK)));
    }

    @Test
    void afterTheWindowTheSameMessageIsAnOrdinaryConnect() {
      PeerCommand.Connect first = connect("p").seeder("a").at(T0);
      granted(first);
      find("p", A, T0 + TRACK);

      assertEquals(ErrorCode.FORBIDDEN_ACTION, refused(repeated(first, T0 + TRACK + 1)).code());
      assertEquals(Optional.empty(), look("p"));
    }

    @Test
    void theRepeatOfTheLastLeaveIsAnsweredThoughTheRegistrationIsGone() {
      track("p", T0, "a");
      PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 1);
      ConnectOutcome.Granted original = granted(leave);
      assertTrue(original.terminated());

      ConnectOutcome.Granted repeat = granted(repeated(leave, T0 + 1 + TRACK));

      assertTrue(repeat.repeated());
      assertTrue(repeat.terminated());
      assertEquals(original.steps(), repeat.steps());
      assertEquals(original.stamp(), repeat.stamp());
      assertEquals(Optional.empty(), look("p"));
      assertEquals(0, budget.reserved);
    }

    @Test
    void theRepeatOfTheLastLeaveIsForgottenWithTheWindow() {
      track("p", T0, "a");
      PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 1);
      granted(leave);

      assertEquals(ErrorCode.FORBIDDEN_ACTION, refused(repeated(leave, T0 + 2 + TRACK)).code());
      expire(T0 + 2 + TRACK);
      assertEquals(ErrorCode.FORBIDDEN_ACTION, refused(repeated(leave, T0 + 2)).code());
    }

    @Test
    void aPeerThatCameBackSinceItsLastLeaveIsNotAnsweredWithIt() {
      track("p", T0, "a");
      PeerCommand.Connect leave = connect("p").leave("a").at(T0 + 1);
      granted(leave);
      track("p", T0 + 2, "a");

      assertFalse(granted(repeated(leave, T0 + 3)).repeated());
      assertEquals(Optional.empty(), look("p"));
    }

    @Test
    void manyPeersThatLeaveDoNotMakeTheShardRememberThemAll() {
      List<PeerCommand.Connect> leaves = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        track("p" + i, T0, "a");
        leaves.add(connect("p" + i).leave("a").at(T0));
        granted(leaves.get(i));
      }

      long remembered =
          leaves.stream()
              .filter(leave -> apply(repeated(leave, T0)) instanceof ConnectOutcome.Granted)
              .count();
      assertEquals(256, remembered);
      assertTrue(granted(repeated(leaves.get(999), T0)).repeated(), "the youngest are kept");
    }

    @Test
    void failedStepsFailAgainInTheRepeat() {
      track("p", T0, "a");
      PeerCommand.Connect request =
          connect("p").additive().maxSwarms(2).seeder("b", "c").leave("x").at(T0 + 1);
      List<Boolean> results = results(granted(request));

      assertEquals(List.of(true, false, false), results);
      assertEquals(results, results(granted(repeated(request, T0 + 2))));
    }

    @Test
    void aRefusedConnectIsJudgedAnewWhenItIsRepeated() {
      track("p", T0, "a");
      PeerCommand.Connect terminating = connect("p").seeder("b").at(T0 + 1);
      assertNotNull(refused(terminating).departure());

      assertTrue(granted(repeated(terminating, T0 + 2)).registered());
    }

    @Test
    void aTransactionIdUsedAgainIsNotedOrRefusedWhenStrict() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      assertFalse(granted(first).transactionReused());
      assertTrue(granted(connect("p").leech("a").reusing(first).at(T0 + 1)).transactionReused());

      ConnectBuilder strict = connect("p").leech("a").reusing(first).refusingReusedTransactions();
      ConnectOutcome.Refused refused = refused(strict.at(T0 + 2));

      assertEquals(new ConnectOutcome.Refused(ErrorCode.BAD_REQUEST, null), refused);
      assertEquals(T0 + 1, look("p").orElseThrow().lastSeenMs());
    }

    @Test
    void aTransactionIdMayComeBackWhenTheWindowIsOver() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      granted(first);
      find("p", A, T0 + TRACK);
      ConnectBuilder strict = connect("p").leech("a").reusing(first).refusingReusedTransactions();

      assertFalse(granted(strict.at(T0 + TRACK + 1)).transactionReused());
    }

    @Test
    void anotherPeersTransactionIdIsNoReuse() {
      PeerCommand.Connect first = connect("p").leech("a").at(T0);
      granted(first);

      assertFalse(granted(connect("q").leech("a").reusing(first).at(T0)).transactionReused());
    }
  }

  @Nested
  class Limits {

    @Test
    void whoComesWhenAllRoomIsTakenIsAskedToComeLater() {
      budget.limit = 2;
      granted(connect("p1").leech("a").at(T0));
      granted(connect("p2").leech("a").at(T0));

      assertEquals(
          new ConnectOutcome.Refused(ErrorCode.SERVICE_UNAVAILABLE, null),
          refused(connect("p3").leech("a").at(T0)));
      granted(connect("p2").leech("a").at(T0 + 1));

      granted(connect("p1").leave("a").at(T0 + 2));
      granted(connect("p3").leech("a").at(T0 + 3));
      expire(T0 + 3 + TRACK);
      assertEquals(0, budget.reserved);
    }

    @Test
    void aRequestThatFailsAnywayTakesNoRoom() {
      budget.limit = 0;

      assertEquals(ErrorCode.FORBIDDEN_ACTION, refused(connect("p").leave("a").at(T0)).code());
    }

    @Test
    void joinsBeyondTheSwarmLimitFailAlone() {
      ConnectOutcome.Granted granted =
          granted(connect("p").maxSwarms(2).seeder("a", "b", "c", "d").at(T0));

      assertEquals(List.of(true, true, false, false), results(granted));
      assertEquals(Set.of(A, B), swarms("p"));
    }

    @Test
    void joinsBeyondTheSwarmLimitFailAltogetherIfNothingElseSucceeds() {
      granted(connect("p").seeder("a", "b").at(T0));

      assertEquals(
          new ConnectOutcome.Refused(ErrorCode.FORBIDDEN_ACTION, null),
          refused(connect("p").additive().maxSwarms(2).seeder("c").at(T0 + 1)));
      assertEquals(Set.of(A, B), swarms("p"));
    }

    @Test
    void atTheSwarmLimitAPeerCanSwitchRefreshAndChangeItsMode() {
      track("p", T0, "a");

      assertEquals(
          List.of(true, true),
          results(granted(connect("p").maxSwarms(1).leech("b").leave("a").at(T0 + 1))));
      assertEquals(
          List.of(new Step(B, PeerMode.LEECH, Effect.REFRESHED)),
          granted(connect("p").maxSwarms(1).leech("b").at(T0 + 2)).steps());
      assertEquals(
          List.of(
              new Step(B, PeerMode.SEEDER, Effect.MODE_CHANGED),
              new Step(B, null, Effect.LEFT_TO_REJOIN)),
          granted(connect("p").maxSwarms(1).seeder("b").leave("b").at(T0 + 3)).steps());
      assertEquals(Map.of(B, PeerMode.SEEDER), look("p").orElseThrow().memberships());
    }

    /** Otherwise the peer would stay in the swarm for ever, no longer known to be there. */
    @Test
    void aLeaveWhoseRejoinFindsNoRoomIsALeave() {
      track("p", T0, "a");
      PeerCommand.Connect request =
          connect("p").additive().maxSwarms(1).leave("a").leech("b").seeder("a").at(T0 + 1);
      List<Effect> effects = effects(granted(request));

      assertEquals(List.of(Effect.JOINED, Effect.FAILED, Effect.LEFT), effects);
      assertEquals(Set.of(B), swarms("p"));
      assertEquals(
          List.of(Effect.REFRESHED, Effect.FAILED, Effect.LEFT),
          effects(granted(repeated(request, T0 + 2))));
    }

    private List<Effect> effects(ConnectOutcome.Granted granted) {
      return granted.steps().stream().map(Step::effect).toList();
    }
  }

  @Nested
  class Addresses {

    @Test
    void whatThePeerAdvertisesCountsMoreThanWhereItIsSeen() {
      AddressRules port80 = new AddressRules(false, false, 80);
      ConnectOutcome.Granted p =
          granted(
              connect("p")
                  .leech("a")
                  .addressRules(port80)
                  .from("192.0.2.7")
                  .advertising(addresses(2))
                  .at(T0));
      ConnectOutcome.Granted q =
          granted(connect("q").leech("a").addressRules(port80).from("192.0.2.7").at(T0));

      assertEquals(addresses(2), p.listing().addresses());
      assertEquals("192.0.2.7", q.listing().addresses().all().get(0).ip().toString());
      assertEquals(80, q.listing().addresses().all().get(0).port());
    }

    @Test
    void aConnectWithoutAddressesKeepsTheKnownOnes() {
      granted(connect("p").leech("a").advertising(addresses(2)).at(T0));

      ConnectOutcome.Granted later = granted(connect("p").leech("a").from("192.0.2.3").at(T0 + 1));

      assertEquals(addresses(2), later.addresses());
      assertEquals(List.of(), later.readdressed());
    }

    @Test
    void newAddressesReachAllSwarmsThatTheRequestDoesNotName() {
      granted(connect("p").seeder("a", "b").advertising(addresses(2)).at(T0));

      ConnectOutcome.Granted later =
          granted(connect("p").additive().leech("c").advertising(addresses(3)).at(T0 + 1));

      assertEquals(addresses(3), later.addresses());
      assertEquals(
          Set.of(
              new Step(A, PeerMode.SEEDER, Effect.REFRESHED),
              new Step(B, PeerMode.SEEDER, Effect.REFRESHED)),
          Set.copyOf(later.readdressed()));
    }

    @Test
    void aFindAnswersWithThePeersOwnAddresses() {
      granted(connect("p").leech("a").advertising(addresses(2)).at(T0));

      assertEquals(
          new PeerCommand.FindAdmission(true, addresses(2), null),
          apply(new PeerCommand.Find("p", A, true, Origin.UNKNOWN, T0)));
    }
  }

  @Test
  void aFindBeyondItsOwnSwarmsIsAllowedIfSoConfiguredToRegisteredPeersOnly() {
    track("p", T0, "a");

    assertTrue(apply(new PeerCommand.Find("p", B, false, Origin.UNKNOWN, T0)).allowed());
    assertFalse(apply(new PeerCommand.Find("stranger", B, false, Origin.UNKNOWN, T0)).allowed());
  }

  @Test
  void aReportCountsForTheSwarmsThatThePeerIsIn() {
    track("p", T0, "a");

    assertEquals(Set.of(A), report("p", T0, A, B).joined());
    assertEquals(Set.of(), report("p", T0).joined());
    assertEquals(Set.of(), report("p", T0, B).joined());
  }

  @Test
  void aRegistrationTellsWhenItBeganAndWhenItWasLastHeardOf() {
    granted(connect("p").seeder("a").at(T0));
    find("p", A, T0 + 7);

    assertEquals(
        new RegistrationView(
            PeerState.TRACKING, T0, T0 + 7, Map.of(A, PeerMode.SEEDER), PeerAddresses.NONE),
        look("p").orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void theRegistrationEndsWithTheLastMembershipOnly(ConnectPolicy policy) {
    granted(connect("p").seeder("a", "b").at(T0));

    assertFalse(granted(connect("p").policy(policy).leave("a").at(T0)).terminated());
    assertEquals(Set.of(B), swarms("p"));
    assertTrue(granted(connect("p").policy(policy).leave("b").at(T0)).terminated());
    assertEquals(Optional.empty(), look("p"));
    assertEquals(List.of(), expire(T0 + TRACK));
  }

  private <R> R apply(PeerCommand<R> command) {
    return command.apply(shard, budget);
  }

  private ConnectOutcome.Granted granted(PeerCommand.Connect connect) {
    return assertInstanceOf(ConnectOutcome.Granted.class, apply(connect));
  }

  private ConnectOutcome.Refused refused(PeerCommand.Connect connect) {
    return assertInstanceOf(ConnectOutcome.Refused.class, apply(connect));
  }

  /** Brings a LEECH to TRACKING. */
  private void track(String peerId, long nowMs, String swarm) {
    granted(connect(peerId).leech(swarm).at(nowMs));
    assertTrue(apply(new PeerCommand.Track(peerId, nowMs)));
  }

  private boolean find(String peerId, SwarmKey swarm, long nowMs) {
    return apply(new PeerCommand.Find(peerId, swarm, true, Origin.UNKNOWN, nowMs)).allowed();
  }

  private PeerCommand.ReportAdmission report(String peerId, long nowMs, SwarmKey... swarms) {
    return apply(new PeerCommand.Report(peerId, List.of(swarms), Origin.UNKNOWN, nowMs));
  }

  private Optional<RegistrationView> look(String peerId) {
    return apply(new PeerCommand.Look(peerId));
  }

  private Set<SwarmKey> swarms(String peerId) {
    return look(peerId).orElseThrow().memberships().keySet();
  }

  private List<Departure> expire(long nowMs) {
    return shard.expire(nowMs, Integer.MAX_VALUE, TIMERS, budget);
  }

  private static List<String> ids(List<Departure> departures) {
    return departures.stream().map(Departure::peerId).toList();
  }

  private static List<Boolean> results(ConnectOutcome.Granted granted) {
    return granted.steps().stream().map(Step::successful).toList();
  }
}
