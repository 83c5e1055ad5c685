package io.ppstp.tracker.webtorrent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.SocketEvent;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Browser;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.ForwardingStore;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The room over a store that can be slow or away, its time and its outlets in the test's hands. */
class BrowserRoomTest {
  private static final String HASH = Browser.twenty("swarm");
  private static final String ALICE = Browser.twenty("alice");
  private static final String BOB = Browser.twenty("bob");
  private static final String SWARM_ID = "wt:737761726d2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e";
  private static final long TRACK_MS = 180_000;
  private static final int SWARMS = 3;
  private static final int ANNOUNCES = 40;

  private final LocalStore state = new LocalStore(1000);
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final RoomCounts counts = new RoomCounts(1 << 20);
  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final List<Output> outputs = new ArrayList<>();
  private final List<TrackerEvent> events = new ArrayList<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean away;
  private boolean slow;
  private int idle;
  private AllowedSwarms allowed = AllowedSwarms.ALL;
  private final BrowserRoom room = room();

  private BrowserRoom room() {
    ForwardingStore store =
        new ForwardingStore(state) {
          @Override
          protected <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation) {
            if (away) {
              return CompletableFuture.failedStage(new StoreUnavailableException("away"));
            }
            if (!slow) {
              return operation.get();
            }
            CompletableFuture<R> later = new CompletableFuture<>();
            held.add(() -> operation.get().thenAccept(later::complete));
            return later;
          }
        };
    RoomRules rules =
        new RoomRules(
            new ConnectRules(ConnectPolicy.ADDITIVE, 1, Integer.MAX_VALUE, false, TRACK_MS),
            SWARMS,
            ANNOUNCES,
            100);
    RelayOutbox outbox =
        new RelayOutbox(
            1,
            new RelayOutbox.Carrier() {
              @Override
              public void here(int instance, RelayBatch batch) {
                turns.add(() -> self().take(batch));
              }

              @Override
              public CompletionStage<Boolean> there(long node, int instance, RelayBatch batch) {
                throw new AssertionError("there is one node");
              }
            },
            turns::add,
            counts);
    SplittableRandom random = new SplittableRandom(7);
    Limits limits = Limits.unbounded();
    return new BrowserRoom(
        new RoomServices(
            store,
            () -> rules,
            limits,
            counts,
            new SwarmAccess(() -> allowed, clock),
            clock,
            clock::millis,
            random),
        new MemberStore(store, rules, limits, events::add, random),
        new Relays(1, new OfferKey(1, 2), 100, outbox, counts, outputs::add),
        outputs::add,
        () -> idle++);
  }

  private BrowserRoom self() {
    return room;
  }

  private void open(long socket) {
    room.take(new SocketEvent.Opened(socket, new Requester(IpAddress.ofBytes(new byte[4]), 1)));
  }

  /** Opens a socket for somebody whose token covers {@code HASH} for another minute. */
  private void openWithToken(long socket) {
    AuthState token =
        new AuthState.Authenticated(
            new Identity(
                "viewer",
                "bearer",
                Permissions.NONE,
                Permissions.exactly(List.of(SWARM_ID)),
                clock.millis() + 60_000));
    room.take(
        new SocketEvent.Opened(socket, new Requester(IpAddress.ofBytes(new byte[4]), 1, token)));
  }

  private void send(long socket, ObjectNode message) {
    room.take(new SocketEvent.Received(socket, message.toString().getBytes(UTF_8)));
    while (!turns.isEmpty()) {
      turns.remove().run();
    }
  }

  /** Returns what was sent over a socket, and forgets it. */
  private List<JsonNode> sentTo(long socket) {
    List<JsonNode> sent =
        outputs.stream()
            .filter(output -> output.socket() == socket)
            .map(output -> Json.parse(output.message()))
            .toList();
    outputs.removeIf(output -> output.socket() == socket);
    return sent;
  }

  private String failureTo(long socket) {
    List<JsonNode> sent = sentTo(socket);
    assertEquals(1, sent.size(), sent::toString);
    assertEquals(HASH, sent.get(0).path("info_hash").asText());
    return sent.get(0).path("failure reason").asText();
  }

  private long members() {
    return state.census().toCompletableFuture().join().members();
  }

  private List<String> kinds() {
    return events.stream().map(event -> event.toJson().getString("event")).toList();
  }

  @Test
  void eventsTellOfComingAndGoing() {
    open(1);
    send(1, Browser.announce(HASH, ALICE));
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(List.of("registered", "joined"), kinds());
    assertEquals(SWARM_ID, events.get(1).toJson().getString("swarm_id"));
    assertEquals("LEECH", events.get(1).toJson().getString("peer_mode"));
    send(1, Browser.announce(HASH, ALICE).put("event", "completed"));
    assertEquals(List.of("registered", "joined", "left", "joined"), kinds());
    room.take(new SocketEvent.Closed(1));
    assertEquals("left", kinds().get(4));
    assertFalse(events.get(4).toJson().getBoolean("registered"));
    assertEquals(Census.NONE, state.census().toCompletableFuture().join());
    assertEquals(1, idle);
  }

  private static ObjectNode announce(long uploaded, double downloaded) {
    return Browser.announce(HASH, ALICE).put("uploaded", uploaded).put("downloaded", downloaded);
  }

  @Test
  void whatAMemberHasSentAndReceivedIsAnEventWhenItChanges() {
    open(1);
    send(1, announce(0, 0));
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(List.of("registered", "joined"), kinds());
    send(1, announce(700, 1.5e9));
    send(1, announce(700, 1.5e9));
    send(1, announce(-1, 1.5e9));
    assertEquals(List.of("registered", "joined", "reported"), kinds());
    assertEquals(
        new JsonObject()
            .put("event", "reported")
            .put("at", clock.instant().toString())
            .put("peer_id", events.get(1).peerId())
            .put("swarm_id", SWARM_ID)
            .put("uploaded_bytes", 700L)
            .put("downloaded_bytes", 1_500_000_000L),
        events.get(2).toJson());
    send(1, announce(800, 1.5e9).put("event", "stopped"));
    assertEquals(List.of("reported", "left"), kinds().subList(3, 5));
    assertEquals(800, events.get(3).toJson().getLong("uploaded_bytes"));
    send(1, announce(900, 1.5e9).put("event", "stopped"));
    assertEquals(5, events.size());
  }

  @Test
  void aTokenCoversItsSwarmsUntilItRunsOutAndTheSocketStaysOpen() {
    openWithToken(1);
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, members());
    sentTo(1);
    String other = Browser.twenty("another swarm");
    send(1, Browser.announce(other, ALICE));
    JsonNode refusal = sentTo(1).get(0);
    assertEquals("announce", refusal.path("action").asText());
    assertEquals(other, refusal.path("info_hash").asText());
    assertEquals(
        "the credentials do not cover this swarm", refusal.path("failure reason").asText());
    send(1, Json.object().put("action", "scrape").put("info_hash", other));
    assertEquals(
        "the credentials do not cover this swarm",
        sentTo(1).get(0).path("failure reason").asText());
    clock.advance(60_000);
    send(1, Browser.announce(HASH, ALICE));
    assertEquals("the credentials have expired", failureTo(1));
    assertEquals(0, members());
    assertEquals("left", kinds().get(kinds().size() - 1));
    send(1, Json.object().put("action", "scrape").put("info_hash", HASH));
    assertEquals("the credentials have expired", failureTo(1));
    room.take(new SocketEvent.Closed(1));
    assertTrue(room.isIdle());
  }

  @Test
  void whoIsInASwarmThatIsNoLongerAllowedLeavesIt() {
    open(1);
    slow = true;
    send(1, Browser.announce(HASH, ALICE));
    allowed = AllowedSwarms.of(List.of(SWARM_ID.substring(3).replace('7', '8')));
    send(1, Browser.announce(HASH, ALICE));
    assertEquals("this tracker does not serve this swarm", failureTo(1));
    while (!held.isEmpty()) {
      held.remove().run();
    }
    assertEquals(0, members());
    assertEquals(0, counts.pending());
    allowed = AllowedSwarms.of(List.of(SWARM_ID.substring(3)));
    slow = false;
    sentTo(1);
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, members());
  }

  @Test
  void offersArriveOverOtherSocketsAndAnswersComeBack() {
    open(1);
    open(2);
    send(1, Browser.announce(HASH, ALICE));
    send(2, Browser.announce(HASH, BOB, "bob", 3));
    JsonNode offer = sentTo(1).get(1);
    assertEquals("sdp of bob 0", offer.path("offer").path("sdp").asText());
    assertEquals(1, sentTo(2).size());
    send(1, Browser.answer(offer, ALICE, "yes"));
    JsonNode answer = sentTo(2).get(0);
    assertEquals(Browser.twenty("bob-offer-0"), answer.path("offer_id").asText());
    send(1, Browser.answer(offer, BOB, "as somebody else"));
    assertEquals(1, counts.of(Dropped.NO_MEMBER));
    room.take(new SocketEvent.Closed(2));
    send(1, Browser.answer(offer, ALICE, "too late"));
    assertEquals(1, counts.of(Dropped.GONE));
  }

  @Test
  void whoseTimerHasRunOutComesAnewWithTheNextAnnounce() {
    open(1);
    send(1, Browser.announce(HASH, ALICE));
    clock.advance(TRACK_MS + 1000);
    state.expire(clock.millis(), 10, TRACK_MS);
    assertEquals(0, members());
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, members());
    assertEquals(2, sentTo(1).size());
    assertEquals(List.of("registered", "joined", "registered", "joined"), kinds());
  }

  @Test
  void aSocketThatIsClosedWhileItsPeerComesLeavesNobodyBehind() {
    open(1);
    slow = true;
    send(1, Browser.announce(HASH, ALICE, "alice", 2));
    send(1, Browser.announce(HASH, ALICE, "again", 2));
    room.take(new SocketEvent.Closed(1));
    assertFalse(room.isIdle());
    while (!held.isEmpty()) {
      held.remove().run();
    }
    assertEquals(0, members());
    assertTrue(room.isIdle());
    assertEquals(0, counts.pending());
  }

  @Test
  void aStoreThatIsAwayIsToldAndComesBack() {
    open(1);
    away = true;
    send(1, Browser.announce(HASH, ALICE));
    assertEquals("the tracker is not available, try again", failureTo(1));
    assertEquals(0, counts.of(RoomCounts.Kind.INTERNAL));
    away = false;
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, members());
    assertEquals(1, sentTo(1).get(0).path("incomplete").asInt());
  }

  @Test
  void oneSocketHasSoManySwarmsAndForgetsTheSilentOnes() {
    open(1);
    for (int i = 0; i < SWARMS; i++) {
      send(1, Browser.announce(Browser.twenty("rendition " + i), ALICE));
    }
    sentTo(1);
    send(1, Browser.announce(HASH, ALICE));
    assertEquals("too many swarms over one connection", failureTo(1));
    clock.advance(2 * TRACK_MS + 1000);
    state.expire(clock.millis(), 10, TRACK_MS);
    send(1, Browser.announce(HASH, ALICE));
    assertEquals(1, members());
  }

  @Test
  void announcesThatAreWorkedOnAreBounded() {
    slow = true;
    open(1);
    open(2);
    for (int i = 0; i < 33; i++) {
      send(1, Browser.announce(HASH, ALICE));
    }
    assertEquals("too many announces at once", failureTo(1));
    for (int i = 0; i < 9; i++) {
      send(2, Browser.announce(HASH, BOB));
    }
    assertEquals("the tracker is busy, try again", failureTo(2));
    assertEquals(ANNOUNCES, counts.pending());
    while (!held.isEmpty()) {
      held.remove().run();
    }
    assertEquals(0, counts.pending());
    assertEquals(32, sentTo(1).size());
    assertEquals(2, members());
  }
}
