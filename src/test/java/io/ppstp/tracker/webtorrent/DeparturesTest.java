package io.ppstp.tracker.webtorrent;

import static io.ppstp.tracker.webtorrent.RoomUnderTest.TRACK_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.store.TrackerStore.Room;
import io.ppstp.tracker.testing.Browser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who goes is gone, whatever the store is up to meanwhile. */
class DeparturesTest {
  private static final String HASH = Browser.twenty("swarm");
  private static final String ALICE = Browser.twenty("alice");

  private final RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);

  private static ObjectNode announce() {
    return Browser.announce(HASH, ALICE);
  }

  private static ObjectNode stopped() {
    return announce().put("event", "stopped");
  }

  @Test
  void whoComesAgainWhileItGoesIsThereAndGoesWithItsSocket() {
    room.open(1);
    room.slow = true;
    room.send(1, announce());
    room.send(1, stopped());
    room.send(1, announce());
    room.send(1, announce());
    room.catchUp();
    assertEquals(1, room.members());
    assertEquals(4, room.sentTo(1).size());
    assertEquals(0, room.counts.pending());
    room.close(1);
    room.catchUp();
    assertEquals(0, room.members());
    assertTrue(room.isIdle());
  }

  @Test
  void whoAsksAgainWhileItIsRefusedIsThereAndGoesWithItsSocket() {
    room.open(1);
    room.slow = true;
    room.state.limit(new Room(100, 100, () -> true));
    room.send(1, announce());
    room.send(1, announce());
    room.send(1, announce());
    room.catchUpOnce();
    room.state.limit(new Room(100, 100, () -> false));
    room.catchUp();
    assertEquals(1, room.members());
    room.close(1);
    room.catchUp();
    assertEquals(0, room.members());
  }

  @Test
  void whoGoesWhileTheStoreIsAwayIsGoneSoonAfter() {
    for (int i = 1; i <= 3; i++) {
      room.open(i);
      room.send(i, announce());
    }
    room.away = true;
    room.close(1);
    room.sentTo(2);
    room.send(2, stopped());
    assertEquals("the tracker is not available, try again", room.failureTo(2));
    room.close(2);
    room.pass(12);
    assertEquals(3, room.members());
    assertFalse(room.isIdle());
    room.away = false;
    room.pass(10);
    assertEquals(1, room.members());
    assertTrue(room.isIdle());
    assertEquals(1, room.idle);
    room.send(3, announce());
    assertEquals(1, room.members());
  }

  @Test
  void whoHasStoppedInVainMayStopAgain() {
    room.open(1);
    room.send(1, announce());
    room.away = true;
    room.send(1, stopped());
    room.away = false;
    assertEquals(1, room.members());
    room.send(1, stopped());
    assertEquals(0, room.members());
  }

  @Test
  void theStoreIsToldUntilTheTrackTimerHasRunOutAndLessAndLessOften() {
    room.open(1);
    room.send(1, announce());
    room.away = true;
    room.operations = 0;
    room.close(1);
    room.pass((int) (TRACK_MS / 1000) + 10);
    // At 0, 1, 3, 7, 15, 31, 63 and 127 s.
    assertEquals(8, room.operations);
    assertTrue(room.isIdle());
    assertEquals(1, room.idle);
  }

  @Test
  void whoHasBeenSilentForLongIsForgottenAndNobodyIsToldOfIt() {
    room.open(1);
    room.open(2);
    room.send(2, announce());
    room.send(1, announce());
    ObjectNode answer =
        Browser.answer(Browser.announce(HASH, ALICE, "x", 1).put("offer_id", ALICE), ALICE, "some");
    room.send(1, answer);
    long before = room.counts.of(Dropped.NO_MEMBER);
    room.clock.advance(2 * TRACK_MS);
    room.state.expire(room.clock.millis(), 10, TRACK_MS);
    room.pass(2);
    room.send(1, answer);
    assertEquals(before + 1, room.counts.of(Dropped.NO_MEMBER));
    room.operations = 0;
    for (long socket : List.of(1L, 2L)) {
      room.close(socket);
    }
    assertEquals(0, room.operations);
    assertTrue(room.isIdle());
  }
}
