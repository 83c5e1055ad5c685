package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.webtorrent.RoomCounts.Kind;
import org.junit.jupiter.api.Test;

/** What browsers may have of a room, whatever they say. */
class RoomBoundsTest {
  private static final String HASH = Browser.twenty("swarm");
  private static final String ALICE = Browser.twenty("alice");
  private static final String TOO_MANY = "too many requests";
  private static final String BUSY = "the tracker is busy, try again";

  private static ObjectNode scrape(int hashes, boolean same) {
    ObjectNode message = Json.object().put("action", "scrape");
    for (int i = 0; i < hashes; i++) {
      message.withArray("info_hash").add(Browser.twenty(same ? "same" : "swarm " + i));
    }
    return message;
  }

  @Test
  void messagesThatAreWrongAreRequestsToo() {
    RoomUnderTest room = new RoomUnderTest(new Rate(10, 20));
    room.open(1);
    for (int i = 0; i < 100; i++) {
      room.send(1, "nonsense " + i);
    }
    assertEquals(80, room.limits.hits(Limit.REQUESTS));
    assertEquals(10, room.sentTo(1).size());
    assertEquals(90, room.counts.of(Kind.UNANSWERED));
    assertFalse(room.isCut(1));
    room.pass(10);
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, room.members());
  }

  @Test
  void whoSaysNothingElseIsCutOff() {
    RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);
    room.open(1);
    room.open(2);
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 10; i++) {
        room.send(2, "now and then");
      }
      room.pass(1);
    }
    assertFalse(room.isCut(2));
    for (int i = 0; i < 520; i++) {
      room.send(1, "nonsense " + i);
    }
    assertTrue(room.isCut(1));
    assertFalse(room.isCut(2));
  }

  @Test
  void aScrapeCostsOneRequestForEachEightSwarms() {
    RoomUnderTest room = new RoomUnderTest(new Rate(1, 16));
    room.open(1);
    room.send(1, scrape(64, false));
    assertEquals(64, room.sentTo(1).get(0).path("files").size());
    room.send(1, scrape(64, true));
    assertEquals(1, room.sentTo(1).get(0).path("files").size(), "each once");
    room.send(1, scrape(56, false));
    assertEquals("", room.failureTo(1));
    room.send(1, scrape(1, false));
    assertEquals(TOO_MANY, room.failureTo(1));
    room.pass(4);
    room.send(1, scrape(64, false));
    assertEquals(TOO_MANY, room.failureTo(1));
  }

  @Test
  void scrapesThatAreWorkedOnAreBounded() {
    RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);
    room.slow = true;
    room.open(1);
    room.open(2);
    for (int i = 0; i < 33; i++) {
      room.send(1, scrape(2, false));
    }
    assertEquals("too many announces at once", room.failureTo(1));
    for (int i = 0; i < 9; i++) {
      room.send(2, scrape(2, false));
    }
    assertEquals(BUSY, room.failureTo(2));
    room.catchUp();
    assertEquals(0, room.counts.pending());
    assertEquals(32, room.sentTo(1).size());
  }

  @Test
  void whatAnnouncesHoldUntilTheyAreAnsweredIsBounded() {
    RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);
    room.slow = true;
    room.open(1);
    ObjectNode large = Browser.announce(HASH, ALICE);
    ObjectNode offer = large.withArray("offers").addObject().put("offer_id", ALICE);
    offer.putObject("offer").put("type", "offer").put("sdp", "x".repeat(8000));
    room.send(1, large);
    room.send(1, large);
    assertEquals("", room.failureTo(1));
    room.send(1, large);
    assertEquals(BUSY, room.failureTo(1));
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals("", room.failureTo(1));
    room.catchUp();
    room.sentTo(1);
    room.send(1, large);
    assertEquals("", room.failureTo(1));
  }

  @Test
  void oneSenderMakesSoManyOffersAndIsAnsweredAllTheSame() {
    RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);
    room.rules = RoomUnderTest.rules(3, 40, 4);
    for (int i = 1; i <= 20; i++) {
      room.open(i);
      room.send(i, Browser.announce(HASH, Browser.twenty("peer " + i)));
    }
    room.open(21);
    for (int i = 0; i < 5; i++) {
      room.send(21, Browser.announce(HASH, ALICE, "a" + i, 10).put("numwant", 10));
    }
    assertEquals(5, room.counts.of(Kind.ANNOUNCES) - 20);
    assertEquals(40, room.counts.of(Kind.OFFERS_HERE));
    assertEquals(10, room.counts.of(Dropped.SENDER));
    room.pass(3);
    room.send(21, Browser.announce(HASH, ALICE, "later", 10).put("numwant", 10));
    assertEquals(43, room.counts.of(Kind.OFFERS_HERE));
    room.send(1, Browser.announce(HASH, Browser.twenty("peer 1"), "other", 5));
    assertEquals(48, room.counts.of(Kind.OFFERS_HERE));
  }

  @Test
  void otherLimitsAreInForceAtOnce() {
    RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);
    room.open(1);
    room.send(1, Browser.announce(HASH, ALICE));
    room.rules = RoomUnderTest.rules(1, 40, 100);
    room.sentTo(1);
    room.send(1, Browser.announce(Browser.twenty("another"), ALICE));
    assertEquals("too many swarms over one connection", room.failureTo(1));
    room.rules = RoomUnderTest.rules(2, 1, 100);
    room.slow = true;
    room.send(1, Browser.announce(Browser.twenty("another"), ALICE));
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(BUSY, room.failureTo(1));
  }
}
