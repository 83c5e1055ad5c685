package io.ppstp.tracker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The faults that {@link ModelTest} found, each once more by itself. */
class ConnectFaultsTest {
  private static final Requester FROM = from(40_000);

  private final LocalStore store = new LocalStore(100);
  private final List<TrackerEvent> events = new ArrayList<>();
  private final AtomicLong seeds = new AtomicLong();
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);

  private SwarmManager manager(int maxSwarms) {
    ModelScenario scenario =
        new ModelScenario(
            "additive",
            true,
            true,
            false,
            100,
            maxSwarms,
            20,
            29,
            1000,
            false,
            new AddressRules(false, false, 0),
            false,
            1,
            1);
    return new SwarmManager(
        store,
        scenario.rules(),
        clock,
        new SwarmServices(
            events::add, ignored -> {}, (reason, count) -> {}, seeds::incrementAndGet));
  }

  private static Requester from(int port) {
    return new Requester(Objects.requireNonNull(IpAddress.parse("203.0.113.5")), port);
  }

  private static PeerAddress address(String ip, int port) {
    return new PeerAddress(
        Objects.requireNonNull(IpAddress.parse(ip)), port, 1, AddressType.HOST, null, null, null);
  }

  private static Request.Connect connect(
      String id, @Nullable PeerNum num, List<PeerAddress> addresses, SwarmAction... actions) {
    return new Request.Connect(id, "p", id.hashCode(), num, addresses, List.of(actions));
  }

  private static SwarmAction join(String swarm, PeerMode mode) {
    return new SwarmAction(swarm, Action.JOIN, mode);
  }

  private static SwarmAction leave(String swarm) {
    return new SwarmAction(swarm, Action.LEAVE, PeerMode.LEECH);
  }

  private static String body(SwarmManager manager, Request request, Requester from) {
    Answer answer = manager.handle(request, from).toCompletableFuture().join();
    return new String(answer.body(), UTF_8);
  }

  private @Nullable Member member(String swarm) {
    SwarmKey key = new SwarmKey(swarm);
    return store.ask(key, new SwarmQuery.Look(key, "p")).toCompletableFuture().join().orElse(null);
  }

  @Test
  void aModeChangeWhoseJoinHasNoRoomEndsTheMembership() {
    SwarmManager manager = manager(2);
    body(manager, connect("1", null, List.of(), join("a", PeerMode.LEECH)), FROM);
    body(manager, connect("2", null, List.of(), join("b", PeerMode.LEECH)), FROM);
    events.clear();

    Request.Connect change =
        connect(
            "3",
            null,
            List.of(),
            join("c", PeerMode.LEECH),
            leave("a"),
            join("a", PeerMode.SEEDER));
    String answer = body(manager, change, FROM);

    assertTrue(
        answer.contains("{\"swarm_id\":\"a\",\"result\":1},{\"swarm_id\":\"a\",\"result\":0}"));
    assertEquals(null, member("a"));
    assertEquals(new Census(1, 2, 2), store.census().toCompletableFuture().join());
    assertTrue(
        events.contains(
            new TrackerEvent.Switched(clock.millis(), "p", "a", "c", PeerMode.LEECH, 0)));
    assertEquals(answer, body(manager, change, FROM), "a repeat");
  }

  @Test
  void theRepeatOfTheLastLeaveTellsTheSameAddress() {
    SwarmManager manager = manager(2);
    List<PeerAddress> addresses = List.of(address("192.0.2.1", 6881));
    body(manager, connect("1", null, addresses, join("a", PeerMode.LEECH)), FROM);

    Request.Connect last = connect("2", null, List.of(), leave("a"));
    String answer = body(manager, last, FROM);

    assertTrue(answer.contains("\"port\":6881"));
    assertEquals(answer, body(manager, last, from(40_001)));
  }

  @Test
  void aRepeatDoesNotTakeBackWhatWasStatedSince() {
    SwarmManager manager = manager(2);
    PeerNum before = new PeerNum(5, null, 1, 1, 1);
    PeerNum since = new PeerNum(5, null, 9, 9, 9);
    Request.Connect request = connect("1", before, List.of(), join("a", PeerMode.LEECH));
    body(manager, request, FROM);
    body(manager, new Request.Find("2", "p", "a", since), FROM);

    body(manager, request, FROM);

    assertEquals(since, Objects.requireNonNull(member("a")).status());
  }

  @Test
  void thePortOfSeveralAddressesIsToldIfItIsTheSame() {
    SwarmManager manager = manager(2);
    List<PeerAddress> same = List.of(address("192.0.2.1", 80), address("2001:db8::2", 80));
    List<PeerAddress> different = List.of(address("192.0.2.1", 80), address("2001:db8::2", 81));

    String one = body(manager, connect("1", null, same, join("a", PeerMode.LEECH)), FROM);
    String other = body(manager, connect("2", null, different, join("a", PeerMode.LEECH)), FROM);

    assertTrue(one.contains("\"port\":80,"), one);
    assertTrue(other.contains("\"port\":40000,"), other);
    assertFalse(other.contains("\"port\":8"), other);
  }
}
