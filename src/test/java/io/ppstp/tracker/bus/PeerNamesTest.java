package io.ppstp.tracker.bus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.PeerNames.Named;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What listeners learn of who a peer is. */
class PeerNamesTest {
  private static final long MORNING = Instant.parse("2026-11-27T00:00:00Z").toEpochMilli();
  private static final long NIGHT = Instant.parse("2026-11-27T23:59:59.999Z").toEpochMilli();

  private static DayKeys keys() {
    return new DayKeys(new SplittableRandom(1));
  }

  @Test
  void aPeerHasOneNameForADay() {
    PeerNames names = PeerNames.hashed(keys());
    String name = names.nameOf("viewer-1", MORNING);

    assertEquals(name, names.nameOf("viewer-1", NIGHT));
    assertNotEquals(name, names.nameOf("viewer-1", NIGHT + 1), "the next day");
    assertNotEquals(name, names.nameOf("viewer-2", MORNING));
    assertTrue(name != null && name.matches("[A-Za-z0-9_-]{22}"), name);
  }

  /** Strangers choose peer IDs, and must not pass for somebody. */
  @Test
  void aPeerThatIsCalledLikeSomebodyHasAnotherName() {
    PeerNames names = PeerNames.hashed(keys());

    assertNotEquals(
        names.nameOf(Named.IDENTITY, "digest:alice", MORNING),
        names.nameOf(Named.PEER, "digest:alice", MORNING));
    assertEquals(
        names.nameOf(Named.IDENTITY, "digest:alice", MORNING),
        names.nameOf(Named.IDENTITY, "digest:alice", NIGHT));
  }

  /** Nodes that have the same key call a peer the same; nobody else can. */
  @Test
  void namesDependOnTheKey() {
    assertEquals(
        PeerNames.hashed(keys()).nameOf("p", MORNING),
        PeerNames.hashed(keys()).nameOf("p", MORNING));
    assertNotEquals(
        PeerNames.hashed(keys()).nameOf("p", MORNING),
        PeerNames.hashed(new DayKeys(new SplittableRandom(2))).nameOf("p", MORNING));
  }

  @Test
  void keysAreForgotten() {
    DayKeys keys = keys();
    byte[] first = keys.apply(100);

    assertArrayEquals(first, keys.apply(100));
    keys.apply(102);
    assertArrayEquals(first, keys.apply(100), "events may come late");
    keys.apply(103);
    assertFalse(Arrays.equals(first, keys.apply(100)), "then nobody can tell any more");
  }

  @Test
  void withoutAKeyOrAWishForOneThereIsNoName() {
    assertNull(PeerNames.hashed(day -> null).nameOf("p", MORNING));
    TrackerEvent event = new TrackerEvent.Registered(MORNING, "wt:p");
    JsonObject told = new EventNumbers(1, PeerNames.NONE).number(event).toJson();

    assertFalse(told.containsKey("peer_id"));
    assertEquals("webtorrent", told.getString("protocol"));
  }
}
