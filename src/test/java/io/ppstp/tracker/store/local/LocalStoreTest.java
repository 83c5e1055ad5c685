package io.ppstp.tracker.store.local;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.TrackerStoreContract;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The contract, and what a single node promises beyond it. */
class LocalStoreTest extends TrackerStoreContract {
  private static final long T0 = 1_000_000_000;
  private static final SwarmKey S = new SwarmKey("s");

  @Override
  protected TrackerStore newStore(int maximumPeers) {
    return new LocalStore(maximumPeers);
  }

  private static <T> T now(CompletionStage<T> stage) {
    assertTrue(stage.toCompletableFuture().isDone(), "complete when the method returns");
    return stage.toCompletableFuture().join();
  }

  @Test
  void everythingIsDoneAndListsHaveFollowedWhenAMethodReturns() {
    TrackerStore store = newStore(10);

    assertTrue(
        now(store.change("p", connect("p").leech("s").at(T0))) instanceof ConnectOutcome.Granted);
    assertEquals(new Census(1, 1, 1), now(store.census()));
    StreamStats stats = new StreamStats("s", 1, 2, 3, 4);
    assertNull(store.state(S, new Statement("p", null, stats)));
    assertEquals(stats, store.state(S, new Statement("p", null, stats)), "the report before");
    assertEquals(stats, now(store.ask(S, new SwarmQuery.Look(S, "p"))).orElseThrow().stats());

    List<Departure> departures = now(store.expire(T0 + TRACK_MS, 1, TRACK_MS));
    assertEquals(
        List.of(
            new Departure("p", T0 + TRACK_MS, List.of(new Ended(S, 0)), Departure.Cause.TIMED_OUT)),
        departures);
    assertEquals(Census.NONE, now(store.census()));
  }

  @Test
  void aBatchIsNeverLargerThanItMayBe() {
    TrackerStore store = newStore(100);
    for (int i = 0; i < 10; i++) {
      now(store.change("p" + i, connect("p" + i).leech("s").at(T0)));
    }

    for (int expected : new int[] {4, 4, 2, 0}) {
      assertEquals(expected, now(store.expire(T0 + TRACK_MS, 4, TRACK_MS)).size());
    }
  }

  @Test
  void aPeerSeesItsOwnFindInItsRegistration() {
    TrackerStore store = newStore(10);
    now(store.change("p", connect("p").leech("s").at(T0)));

    now(store.ask("p", new PeerQuery.Find("p", S, true, Origin.UNKNOWN, T0 + 7)));

    assertEquals(T0 + 7, now(store.ask("p", new PeerQuery.Look("p"))).orElseThrow().lastSeenMs());
  }
}
