package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.PeerNames;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What events tell of who has sent the request that they came of. */
class EventSendersTest {
  private static final AuthState ALICE =
      new AuthState.Authenticated(
          new Identity("alice", "digest", Permissions.ANY, Permissions.ANY));

  private final List<JsonObject> events = new ArrayList<>();
  private final EventNumbers numbers = new EventNumbers(7, PeerNames.CLEAR, true);
  private final EventSink sink =
      new EventSink() {
        @Override
        public void publish(TrackerEvent event) {
          events.add(numbers.number(event).toJson());
        }

        @Override
        public void publish(TrackerEvent event, Requester sender) {
          events.add(numbers.number(event, sender).toJson());
        }
      };
  private final LocalStore store = new LocalStore(10);
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final SwarmManager manager =
      new SwarmManager(
          store,
          SwarmRules.of(ConfigLoader.defaults()),
          clock,
          new SwarmServices(
              sink, ignored -> {}, (reason, count) -> {}, new AtomicLong()::incrementAndGet));

  private static Requester from(String ip, AuthState state) {
    return new Requester(Objects.requireNonNull(IpAddress.parse(ip)), 40_000, state);
  }

  private void send(Request request, Requester from) {
    manager.handle(request, from).toCompletableFuture().join();
  }

  private static Request.Connect join(String transaction) {
    SwarmAction action = new SwarmAction("s", Action.JOIN, PeerMode.LEECH);
    return new Request.Connect(
        transaction, "p", transaction.hashCode(), null, List.of(), List.of(action));
  }

  private List<String> told() {
    List<String> told =
        events.stream()
            .map(
                it ->
                    it.getString("event")
                        + " "
                        + it.getString("identity")
                        + " "
                        + it.getString("ip_prefix"))
            .toList();
    events.clear();
    return told;
  }

  @Test
  void whateverComesOfARequestSaysWhoSentIt() {
    Requester alice = from("192.0.2.77", ALICE);
    send(join("1"), alice);
    send(new Request.StatReport("2", "p", List.of(new StreamStats("s", 1, 2, 3, 4))), alice);
    send(new Request.Find("3", "p", "t", null), alice);
    send(new Request.StatReport("4", "q", List.of()), alice);
    assertEquals(
        List.of(
            "registered digest:alice 192.0.2.0/24",
            "joined digest:alice 192.0.2.0/24",
            "reported digest:alice 192.0.2.0/24",
            "refused digest:alice 192.0.2.0/24",
            "refused digest:alice 192.0.2.0/24"),
        told());
  }

  /** A stranger's request ends a registration that is not its own. */
  @Test
  void whoTakesAnothersPlaceIsNotTheSenderOfWhatEnds() {
    send(join("1"), from("2001:db8:1:2::3", AuthState.Anonymous.INSTANCE));
    assertEquals(List.of("registered null 2001:db8:1::/48", "joined null 2001:db8:1::/48"), told());
    send(join("2"), from("192.0.2.77", ALICE));
    assertEquals(
        List.of(
            "left null null",
            "registered digest:alice 192.0.2.0/24",
            "joined digest:alice 192.0.2.0/24"),
        told());

    clock.advance(1_000_000);
    new Expiry(store, 500_000, clock, sink).pass(9).toCompletableFuture().join();
    assertEquals(List.of("expired null null"), told());
  }

  @Test
  void whatIsNotWantedIsNotTold() {
    Requester alice = from("192.0.2.77", ALICE);
    TrackerEvent event = new TrackerEvent.Registered(0, "p");
    JsonObject nameless = new EventNumbers(7, PeerNames.NONE, false).number(event, alice).toJson();

    assertFalse(nameless.containsKey("identity"), nameless::encode);
    assertFalse(nameless.containsKey("ip_prefix"), nameless::encode);
    assertFalse(nameless.encode().contains("192.0.2"), nameless::encode);
  }
}
