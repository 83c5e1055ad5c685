package io.ppstp.tracker.domain;

import static io.ppstp.tracker.domain.ShardUnderTest.ids;
import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Departure.Cause;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The track timer of RFC 7846, Section 2.3.2-D, and what starts it anew. */
class ShardExpiryTest {
  private static final long T0 = 1_000_000_000;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final ShardUnderTest peers = new ShardUnderTest();

  private void register(String peerId, long nowMs) {
    peers.granted(connect(peerId).leech("a").at(nowMs));
  }

  @Test
  void aDepartureNamesTheSwarmsThatThePeerIsToBeTakenOutOf() {
    ConnectOutcome.Granted joined = peers.granted(connect("p").seeder("a", "b").at(T0));

    List<Departure> departures = peers.expire(T0 + TRACK_MS);

    assertEquals(1, departures.size());
    Departure departure = departures.get(0);
    assertEquals("p", departure.peerId());
    assertEquals(T0 + TRACK_MS, departure.atMs());
    assertEquals(Set.of(A, B), Set.copyOf(departure.swarms()));
    assertEquals(Cause.TIMED_OUT, departure.cause());
    assertTrue(peers.update().stamp() > joined.stamp());
    assertEquals(departure.swarms(), peers.update().leaves());
    assertEquals(List.of(), peers.update().joins());
    assertEquals(Optional.empty(), peers.look("p"));
    assertFalse(peers.find("p", A, T0 + TRACK_MS));
  }

  @Test
  void aRequestInTheVeryInstantOfTheTimeoutIsDecidedOnceEitherWay() {
    register("first", T0);
    register("late", T0);

    assertTrue(peers.find("first", A, T0 + TRACK_MS));
    assertEquals(List.of("late"), ids(peers.expire(T0 + TRACK_MS)));

    assertFalse(peers.find("late", A, T0 + TRACK_MS));
    assertTrue(peers.look("first").isPresent());
    assertEquals(1, peers.budget.reserved);
  }

  @Test
  void whoeverWasHeardOfLeastRecentlyGoesFirst() {
    for (int i = 0; i < 5; i++) {
      register("p" + i, T0 + i);
    }
    peers.find("p1", A, T0 + 10);
    peers.report("p0", T0 + 11);
    peers.granted(connect("p3").leech("a").at(T0 + 12));
    peers.find("p2", B, T0 + 13);

    assertEquals(List.of("p2", "p4", "p1", "p0", "p3"), ids(peers.expire(T0 + 13 + TRACK_MS)));
  }

  @Test
  void aBatchIsBoundedAndTheRestFollowsAtTheNextCalls() {
    for (int i = 0; i < 10; i++) {
      register("p" + i, T0 + i);
    }
    List<String> expired = new ArrayList<>();
    for (int expected : new int[] {4, 4, 2, 0}) {
      List<Departure> batch = peers.expire(T0 + 9 + TRACK_MS, 4);
      assertEquals(expected, batch.size());
      expired.addAll(ids(batch));
    }

    assertEquals(IntStream.range(0, 10).mapToObj(i -> "p" + i).toList(), expired);
    assertEquals(0, peers.budget.reserved);
    assertEquals(0, peers.shard().size());
  }

  @Test
  void onlyWhoIsDueGoes() {
    register("early", T0);
    register("later", T0 + 1);

    assertEquals(List.of("early"), ids(peers.expire(T0 + TRACK_MS)));
    assertEquals(1, peers.shard().size());
  }

  @Test
  void aDepartureIsNotedUntilItIsStruckOutOnce() {
    register("p", T0);
    peers.apply(new PeerCommand.StrikeOut(List.of(peers.update().stamp())));
    peers.expire(T0 + TRACK_MS);
    ListUpdate leaving = peers.update();
    peers.failOver();

    assertEquals(List.of(leaving), List.copyOf(peers.shard().updates()));
    PeerCommand.StrikeOut strikeOut = new PeerCommand.StrikeOut(List.of(leaving.stamp()));
    assertEquals(List.of(leaving), peers.apply(strikeOut));
    assertEquals(List.of(), peers.apply(strikeOut));
    assertEquals(List.of(), List.copyOf(peers.shard().updates()));
    assertEquals(List.of(), peers.expire(T0 + 9 * TRACK_MS));
  }

  @Test
  void aPeerThatComesBackHasMembershipsYoungerThanItsDeparture() {
    register("p", T0);
    peers.expire(T0 + TRACK_MS);
    long left = peers.update().stamp();

    ConnectOutcome.Granted again = peers.granted(connect("p").leech("a").at(T0 + TRACK_MS));

    assertTrue(again.registered());
    assertTrue(again.stamp() > left);
    peers.apply(new PeerCommand.StrikeOut(List.of(left)));
    assertTrue(peers.look("p").isPresent());
  }

  @Test
  void aShardSaysWhenItIsNextWorthALook() {
    assertTrue(peers.shard().nextDueMs(TRACK_MS) > T0 + 1_000 * TRACK_MS);
    register("p", T0);
    register("q", T0 + 5);
    assertEquals(T0 + TRACK_MS, peers.shard().nextDueMs(TRACK_MS));
    peers.find("p", A, T0 + 9);
    assertEquals(T0 + 5 + TRACK_MS, peers.shard().nextDueMs(TRACK_MS));

    PeerCommand.Connect leave = connect("q").leave("a").at(T0 + 5);
    peers.granted(leave);
    long dueMs = peers.shard().nextDueMs(TRACK_MS);
    assertEquals(T0 + 6 + TRACK_MS, dueMs, "the last LEAVE is remembered until then");
    peers.expire(dueMs);
    assertEquals(T0 + 9 + TRACK_MS, peers.shard().nextDueMs(TRACK_MS));
  }

  @Test
  void nothingIsChangedWhereNothingIsDue() {
    register("p", T0);
    peers.granted(connect("q").leech("a").at(T0 + 1));
    peers.granted(connect("q").leave("a").at(T0 + 2));

    PeerCommand.Expire early = new PeerCommand.Expire(T0 + TRACK_MS - 1, 9, TRACK_MS, List.of());
    assertTrue(early.decide(peers.shard(), peers.budget).change().isNothing());
  }

  // Peers that were heard of elsewhere than where the shard is

  @Test
  void whoWasHeardOfElsewhereStays() {
    register("silent", T0);
    register("heard", T0);
    long nowMs = T0 + TRACK_MS;

    assertEquals(List.of("silent"), ids(peers.expire(nowMs, 9, new Heard("heard", T0 + 1))));

    assertEquals(T0 + 1, peers.lastSeenMs("heard"));
    assertEquals(1, peers.budget.reserved);
    peers.failOver();
    assertEquals(T0 + 1, peers.lastSeenMs("heard"), "the backup knows it too");
    assertEquals(List.of("heard"), ids(peers.expire(T0 + 1 + TRACK_MS)));
  }

  @Test
  void whoWasHeardOfElsewhereTakesNoPlaceInTheBatch() {
    List<Heard> heard = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      register("p" + i, T0 + i);
      if (i % 2 == 0) {
        heard.add(new Heard("p" + i, T0 + 100 + i));
      }
    }
    Heard[] elsewhere = heard.toArray(Heard[]::new);

    assertEquals(List.of("p1", "p3", "p5"), ids(peers.expire(T0 + 9 + TRACK_MS, 3, elsewhere)));
    assertEquals(List.of("p7", "p9"), ids(peers.expire(T0 + 9 + TRACK_MS, 3, elsewhere)));
    assertEquals(List.of("p0", "p2", "p4", "p6", "p8"), ids(peers.expire(T0 + 108 + TRACK_MS)));
  }

  @Test
  void whoWasHeardOfTooLongAgoGoes() {
    register("p", T0);

    assertEquals(List.of("p"), ids(peers.expire(T0 + 5 + TRACK_MS, 9, new Heard("p", T0 + 5))));
  }

  @Test
  void ofSeveralTimesThatAPeerWasHeardOfTheLatestCounts() {
    register("p", T0);
    long nowMs = T0 + TRACK_MS;

    assertEquals(
        List.of(),
        peers.expire(nowMs, 9, new Heard("p", T0 + 2), new Heard("p", T0 + 7), new Heard("p", T0)));
    assertEquals(T0 + 7, peers.lastSeenMs("p"));
  }

  @Test
  void whatTheShardKnowsBetterOrNotAtAllChangesNothing() {
    register("p", T0 + 9);

    assertEquals(
        List.of(), peers.expire(T0 + 9, 9, new Heard("p", T0 + 3), new Heard("stranger", T0 + 3)));
    assertEquals(T0 + 9, peers.lastSeenMs("p"));
    assertEquals(Optional.empty(), peers.look("stranger"));
    assertEquals(1, peers.shard().size());
  }

  @Test
  void aTouchStartsTheTimersOfThosePeersAnewThatAreThere() {
    register("p", T0);
    register("q", T0);

    int known =
        peers.apply(
            new PeerCommand.Touch(
                List.of(
                    new Heard("p", T0 + 5),
                    new Heard("stranger", T0 + 6),
                    new Heard("q", T0 - 1))));

    assertEquals(2, known);
    assertEquals(T0 + 5, peers.lastSeenMs("p"));
    assertEquals(T0, peers.lastSeenMs("q"));
    assertEquals(2, peers.shard().size());
    assertEquals(List.of("q"), ids(peers.expire(T0 + 4 + TRACK_MS)));
    assertEquals(List.of("p"), ids(peers.expire(T0 + 5 + TRACK_MS)));
  }

  @Test
  void aTouchThatSaysNothingNewChangesNothing() {
    register("p", T0);

    PeerCommand.Touch touch =
        new PeerCommand.Touch(List.of(new Heard("p", T0), new Heard("stranger", T0 + 1)));
    assertTrue(touch.decide(peers.shard(), peers.budget).change().isNothing());
  }

  /** Nodes pass on at different times whom they have heard of. */
  @Test
  void peersStandInTheOrderInWhichTheyWereHeardOfHoweverLateThatIsPassedOn() {
    for (int i = 0; i < 4; i++) {
      register("p" + i, T0 + i);
    }
    peers.apply(new PeerCommand.Touch(List.of(new Heard("p0", T0 + 50), new Heard("p3", T0 + 9))));
    peers.apply(new PeerCommand.Touch(List.of(new Heard("p1", T0 + 20))));

    assertEquals(List.of("p2", "p3", "p1", "p0"), ids(peers.expire(T0 + 50 + TRACK_MS)));
  }
}
