package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.store.hazelcast.ShardUpdates.PendingUpdate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When updates are struck out, and that no old one is left behind a younger. */
class ShardUpdatesTest {
  private static final SwarmKey S = new SwarmKey("s");

  private long nowNs = -7;
  private final ShardUpdates updates = new ShardUpdates();

  private PendingUpdate add(long stamp, @Nullable Departure departure) {
    ListUpdate update =
        new ListUpdate("p", stamp, List.of(), Listing.NONE, PeerNum.NOTHING, List.of(S), departure);
    return Objects.requireNonNull(updates.add(0, update, nowNs));
  }

  private static Departure departure() {
    return new Departure("p", 1, List.of(new Ended(S, 1)), Departure.Cause.TIMED_OUT);
  }

  private static List<Long> stamps(List<PendingUpdate> pending) {
    return pending.stream().map(it -> it.update().stamp()).toList();
  }

  @Test
  void whatListsHaveFollowedGoesWithTheNextChangeOnce() {
    add(1, null).followed();
    add(2, null).followed();
    add(3, null);

    assertEquals(List.of(1L, 2L), updates.takeFollowed(nowNs));
    assertEquals(List.of(), updates.takeFollowed(nowNs));
  }

  @Test
  void noneIsStruckBeforeAnOlderOne() {
    PendingUpdate first = add(1, null);
    add(2, null).followed();
    add(3, departure()).followed();

    assertEquals(List.of(), updates.takeFollowed(nowNs));
    assertEquals(List.of(), updates.takeToStrike(nowNs));
    first.followed();
    assertEquals(List.of(1L, 2L, 3L), stamps(updates.takeToStrike(nowNs)));
  }

  @Test
  void whoIsToBeToldIsStruckAtOnceAndByAnOperationOfItsOwn() {
    PendingUpdate told = add(1, departure());
    told.followed();
    assertEquals(List.of(), updates.takeFollowed(nowNs));
    List<PendingUpdate> taken = updates.takeToStrike(nowNs);
    assertEquals(List.of(told), taken);
    assertEquals(List.of(), updates.takeToStrike(nowNs), "it is under way");

    updates.settle(taken, false, nowNs);
    List<PendingUpdate> again = updates.takeToStrike(nowNs);
    assertEquals(List.of(told), again);
    updates.settle(again, true, nowNs);
    assertTrue(told.end().join());
    assertEquals(List.of(), updates.takeToStrike(nowNs));
  }

  @Test
  void whereNothingElseHappensTheyAreStruckInAWhile() {
    add(1, null).followed();
    assertEquals(List.of(), updates.takeToStrike(nowNs));
    nowNs += TimeUnit.SECONDS.toNanos(11);
    assertEquals(List.of(1L), stamps(updates.takeToStrike(nowNs)));
  }

  @Test
  void aStruckOneIsNotTakenUpAgainWhileItMayStillBeSeen() {
    PendingUpdate one = add(1, null);
    one.followed();
    assertEquals(List.of(1L), updates.takeFollowed(nowNs));
    assertNull(updates.add(0, one.update(), nowNs));

    nowNs += TimeUnit.SECONDS.toNanos(6);
    add(2, null);
    assertEquals(List.of(), updates.takeToStrike(nowNs));
    assertNull(updates.get(1));
  }
}
