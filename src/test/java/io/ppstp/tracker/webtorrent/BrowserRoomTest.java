package io.ppstp.tracker.webtorrent;

import static io.ppstp.tracker.testing.TrackerEvents.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The room over a store that can be slow or away, its time and its outlets in the test's hands. */
class BrowserRoomTest {
  private static final String HASH = Browser.twenty("swarm");
  private static final String ALICE = Browser.twenty("alice");
  private static final String BOB = Browser.twenty("bob");
  private static final String SWARM_ID = "wt:737761726d2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e";
  private static final int SWARMS = 3;
  private static final int ANNOUNCES = 40;

  private final RoomUnderTest room = new RoomUnderTest(Rate.UNBOUNDED);

  /** Opens a socket for somebody whose token covers {@code HASH} for another minute. */
  private void openWithToken(long socket) {
    AuthState token =
        new AuthState.Authenticated(
            new Identity(
                "viewer",
                "bearer",
                Permissions.NONE,
                Permissions.exactly(List.of(SWARM_ID)),
                room.clock.millis() + 60_000));
    room.open(socket, token);
  }

  private String failureTo(long socket) {
    List<JsonNode> sent = room.sentTo(socket);
    assertEquals(1, sent.size(), sent::toString);
    assertEquals(HASH, sent.get(0).path("info_hash").asText());
    return sent.get(0).path("failure reason").asText();
  }

  private List<String> kinds() {
    return room.events.stream().map(event -> json(event).getString("event")).toList();
  }

  @Test
  void eventsTellOfComingAndGoing() {
    room.open(1);
    room.send(1, Browser.announce(HASH, ALICE));
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(List.of("registered", "joined"), kinds());
    assertEquals(SWARM_ID, json(room.events.get(1)).getString("swarm_id"));
    assertEquals("LEECH", json(room.events.get(1)).getString("peer_mode"));
    room.send(1, Browser.announce(HASH, ALICE).put("event", "completed"));
    assertEquals(List.of("registered", "joined", "left", "joined"), kinds());
    room.close(1);
    assertEquals("left", kinds().get(4));
    assertFalse(json(room.events.get(4)).getBoolean("registered"));
    assertEquals(Census.NONE, room.state.census().toCompletableFuture().join());
    assertEquals(1, room.idle);
  }

  private static ObjectNode announce(long uploaded, double downloaded) {
    return Browser.announce(HASH, ALICE).put("uploaded", uploaded).put("downloaded", downloaded);
  }

  @Test
  void whatAMemberHasSentAndReceivedIsAnEventWhenItChanges() {
    room.open(1);
    room.send(1, announce(0, 0));
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(List.of("registered", "joined"), kinds());
    room.send(1, announce(700, 1.5e9));
    room.send(1, announce(700, 1.5e9));
    room.send(1, announce(-1, 1.5e9));
    assertEquals(List.of("registered", "joined", "reported"), kinds());
    assertEquals(
        new JsonObject()
            .put("event", "reported")
            .put("at", room.clock.instant().toString())
            .put("peer_id", room.events.get(1).peerId())
            .put("swarm_id", SWARM_ID)
            .put("uploaded_bytes", 700L)
            .put("downloaded_bytes", 1_500_000_000L)
            .put("uploaded_delta", 700L)
            .put("downloaded_delta", 1_500_000_000L),
        json(room.events.get(2)));
    room.send(1, announce(800, 1.5e9).put("event", "stopped"));
    assertEquals(List.of("reported", "left"), kinds().subList(3, 5));
    assertEquals(800, json(room.events.get(3)).getLong("uploaded_bytes"));
    assertEquals(100, json(room.events.get(3)).getLong("uploaded_delta"));
    room.send(1, announce(900, 1.5e9).put("event", "stopped"));
    assertEquals(5, room.events.size());
  }

  @Test
  void whatANewSocketSaysFirstMayHaveBeenToldBeforeAndIsNoGrowth() {
    room.open(1);
    room.send(1, announce(700, 900));
    assertFalse(json(room.events.get(2)).containsKey("uploaded_delta"));
    room.send(1, announce(750, 900));
    assertEquals(50, json(room.events.get(3)).getLong("uploaded_delta"));
  }

  @Test
  void aTokenCoversItsSwarmsUntilItRunsOutAndTheSocketStaysOpen() {
    openWithToken(1);
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, room.members());
    room.sentTo(1);
    String other = Browser.twenty("another swarm");
    room.send(1, Browser.announce(other, ALICE));
    JsonNode refusal = room.sentTo(1).get(0);
    assertEquals("announce", refusal.path("action").asText());
    assertEquals(other, refusal.path("info_hash").asText());
    assertEquals(
        "the credentials do not cover this swarm", refusal.path("failure reason").asText());
    room.send(1, Json.object().put("action", "scrape").put("info_hash", other));
    assertEquals(
        "the credentials do not cover this swarm",
        room.sentTo(1).get(0).path("failure reason").asText());
    room.clock.advance(60_000);
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals("the credentials have expired", failureTo(1));
    assertEquals(0, room.members());
    assertEquals("left", kinds().get(kinds().size() - 1));
    room.send(1, Json.object().put("action", "scrape").put("info_hash", HASH));
    assertEquals("the credentials have expired", failureTo(1));
    room.close(1);
    assertTrue(room.isIdle());
  }

  @Test
  void whoIsInASwarmThatIsNoLongerAllowedLeavesIt() {
    room.open(1);
    room.slow = true;
    room.send(1, Browser.announce(HASH, ALICE));
    room.allowed = AllowedStreams.of(List.of(SWARM_ID.substring(3).replace('7', '8')));
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals("this tracker does not serve this swarm", failureTo(1));
    room.catchUp();
    assertEquals(0, room.members());
    assertEquals(0, room.counts.pending());
    room.allowed = AllowedStreams.of(List.of(SWARM_ID.substring(3)));
    room.slow = false;
    room.sentTo(1);
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, room.members());
  }

  @Test
  void offersArriveOverOtherSocketsAndAnswersComeBack() {
    room.open(1);
    room.open(2);
    room.send(1, Browser.announce(HASH, ALICE));
    room.send(2, Browser.announce(HASH, BOB, "bob", 3));
    JsonNode offer = room.sentTo(1).get(1);
    assertEquals("sdp of bob 0", offer.path("offer").path("sdp").asText());
    assertEquals(1, room.sentTo(2).size());
    room.send(1, Browser.answer(offer, ALICE, "yes"));
    JsonNode answer = room.sentTo(2).get(0);
    assertEquals(Browser.twenty("bob-offer-0"), answer.path("offer_id").asText());
    room.send(1, Browser.answer(offer, BOB, "as somebody else"));
    assertEquals(1, room.counts.of(Dropped.NO_MEMBER));
    room.close(2);
    room.send(1, Browser.answer(offer, ALICE, "too late"));
    assertEquals(1, room.counts.of(Dropped.GONE));
  }

  @Test
  void whoseTimerHasRunOutComesAnewWithTheNextAnnounce() {
    room.open(1);
    room.send(1, Browser.announce(HASH, ALICE));
    room.clock.advance(RoomUnderTest.TRACK_MS + 1000);
    room.state.expire(room.clock.millis(), 10, RoomUnderTest.TRACK_MS);
    assertEquals(0, room.members());
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, room.members());
    assertEquals(2, room.sentTo(1).size());
    assertEquals(List.of("registered", "joined", "registered", "joined"), kinds());
  }

  @Test
  void aSocketThatIsClosedWhileItsPeerComesLeavesNobodyBehind() {
    room.open(1);
    room.slow = true;
    room.send(1, Browser.announce(HASH, ALICE, "alice", 2));
    room.send(1, Browser.announce(HASH, ALICE, "again", 2));
    room.close(1);
    assertFalse(room.isIdle());
    room.catchUp();
    assertEquals(0, room.members());
    assertTrue(room.isIdle());
    assertEquals(0, room.counts.pending());
  }

  @Test
  void aStoreThatIsAwayIsToldAndComesBack() {
    room.open(1);
    room.away = true;
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals("the tracker is not available, try again", failureTo(1));
    assertEquals(0, room.counts.of(RoomCounts.Kind.INTERNAL));
    room.away = false;
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, room.members());
    assertEquals(1, room.sentTo(1).get(0).path("incomplete").asInt());
  }

  /** Whatever breaks inside, nobody outside decides how often it is logged. */
  @Test
  void aFaultInsideIsLoggedOnceAMinute() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(Replies.class);
    lines.start();
    log.addAppender(lines);
    log.setAdditive(false);
    try {
      room.open(1);
      room.broken = true;
      for (int i = 0; i < 5; i++) {
        room.send(1, Browser.announce(HASH, ALICE));
      }
      room.pass(60);
      room.send(1, Browser.announce(HASH, ALICE));
    } finally {
      log.detachAppender(lines);
      log.setAdditive(true);
    }
    assertEquals(6, room.counts.of(RoomCounts.Kind.INTERNAL));
    assertEquals(
        List.of("0 more like it before", "4 more like it before"),
        lines.list.stream()
            .map(line -> line.getFormattedMessage().replaceAll(".*\\((.*)\\)", "$1"))
            .toList());
  }

  @Test
  void oneSocketHasSoManySwarmsAndForgetsTheSilentOnes() {
    room.open(1);
    for (int i = 0; i < SWARMS; i++) {
      room.send(1, Browser.announce(Browser.twenty("rendition " + i), ALICE));
    }
    room.sentTo(1);
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals("too many swarms over one connection", failureTo(1));
    room.clock.advance(2 * RoomUnderTest.TRACK_MS + 1000);
    room.state.expire(room.clock.millis(), 10, RoomUnderTest.TRACK_MS);
    room.send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, room.members());
  }

  @Test
  void announcesThatAreWorkedOnAreBounded() {
    room.slow = true;
    room.open(1);
    room.open(2);
    for (int i = 0; i < 33; i++) {
      room.send(1, Browser.announce(HASH, ALICE));
    }
    assertEquals("too many announces at once", failureTo(1));
    for (int i = 0; i < 9; i++) {
      room.send(2, Browser.announce(HASH, BOB));
    }
    assertEquals("the tracker is busy, try again", failureTo(2));
    assertEquals(ANNOUNCES, room.counts.pending());
    room.catchUp();
    assertEquals(0, room.counts.pending());
    assertEquals(32, room.sentTo(1).size());
    assertEquals(2, room.members());
  }
}
