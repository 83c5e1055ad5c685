package io.ppstp.tracker.webtorrent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.SocketEvent;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.limits.LimitRules;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.AllowedSwarms;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.InterceptingStore;
import io.ppstp.tracker.testing.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A room over a store that can be slow or away, its time and its outlets in a test's hands. */
final class RoomUnderTest {
  static final long TRACK_MS = 180_000;
  static final int MOST_CHARACTERS = 20_000;

  final LocalStore state = new LocalStore(1000);
  final FakeClock clock = new FakeClock(1_790_000_000_000L);
  final RoomCounts counts = new RoomCounts(MOST_CHARACTERS);
  final Limits limits;
  RoomRules rules = rules(3, 40, 100);
  final List<TrackerEvent> events = new ArrayList<>();
  AllowedSwarms allowed = AllowedStreams.of(List.of());
  boolean away;
  boolean slow;
  boolean broken;

  /** How often the store was told or asked anything. */
  int operations;

  /** How often nobody was about to leave any more. */
  int idle;

  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final List<Output> outputs = new ArrayList<>();
  private final BrowserRoom room;

  /** Makes one that lets a client send so many messages a second. */
  RoomUnderTest(Rate requests) {
    LimitRules none = LimitRules.NONE;
    limits =
        new Limits(
            new LimitRules(
                CidrList.NONE,
                none.ipv4Bits(),
                none.connections(),
                requests,
                none.identityRequests(),
                none.registrations(),
                none.peersPerAddress(),
                none.lockOut(),
                none.ipv6()),
            this::nowNs,
            7,
            Duration.ofMinutes(3),
            1000);
    room = room();
  }

  static RoomRules rules(int swarms, int announces, int offersPerSecond) {
    return new RoomRules(
        new ConnectRules(ConnectPolicy.ADDITIVE, 1, Integer.MAX_VALUE, false, TRACK_MS),
        swarms,
        announces,
        offersPerSecond);
  }

  private long nowNs() {
    return clock.millis() * 1_000_000;
  }

  private BrowserRoom room() {
    InterceptingStore store =
        new InterceptingStore(state) {
          @Override
          protected <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation) {
            operations++;
            if (away) {
              return CompletableFuture.failedStage(new StoreUnavailableException("away"));
            }
            if (broken) {
              return CompletableFuture.failedStage(new IllegalStateException("broken"));
            }
            if (!slow) {
              return operation.get();
            }
            CompletableFuture<R> later = new CompletableFuture<>();
            held.add(() -> operation.get().thenAccept(later::complete));
            return later;
          }
        };
    RelayOutbox outbox = new RelayOutbox(1, new OneNode(), turns::add, counts);
    SplittableRandom random = new SplittableRandom(7);
    return new BrowserRoom(
        new RoomServices(
            store,
            () -> rules,
            limits,
            counts,
            new SwarmAccess(() -> allowed, clock),
            clock,
            this::nowNs,
            random),
        new MemberStore(store, rules, limits, events::add, random),
        new Relays(1, new OfferKey(1, 2), 100, outbox, counts, outputs::add),
        outputs::add,
        () -> idle++);
  }

  private final class OneNode implements RelayOutbox.Carrier {
    @Override
    public void here(int instance, RelayBatch batch) {
      turns.add(() -> room.take(batch));
    }

    @Override
    public CompletionStage<Boolean> there(long node, int instance, RelayBatch batch) {
      throw new AssertionError("there is one node");
    }
  }

  void open(long socket) {
    open(socket, AuthState.Anonymous.INSTANCE);
  }

  void open(long socket, AuthState sender) {
    Requester requester = new Requester(IpAddress.ofBytes(new byte[4]), 1, sender);
    room.take(new SocketEvent.Opened(socket, requester));
  }

  void close(long socket) {
    room.take(new SocketEvent.Closed(socket));
    runTurns();
  }

  void send(long socket, JsonNode message) {
    send(socket, message.toString());
  }

  void send(long socket, String message) {
    room.take(new SocketEvent.Received(socket, message.getBytes(UTF_8)));
    runTurns();
  }

  private void runTurns() {
    while (!turns.isEmpty()) {
      turns.remove().run();
    }
  }

  /** Lets the slow store do the first thing that it was told. */
  void catchUpOnce() {
    held.remove().run();
    runTurns();
  }

  /** Lets the slow store do all that it was told. */
  void catchUp() {
    while (!held.isEmpty()) {
      catchUpOnce();
    }
  }

  /** Lets seconds pass, one by one. */
  void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      clock.advance(1000);
      room.tick();
      runTurns();
    }
  }

  boolean isIdle() {
    return room.isIdle();
  }

  /** Returns what was sent over a socket, and forgets it. */
  List<JsonNode> sentTo(long socket) {
    List<JsonNode> sent =
        outputs.stream()
            .filter(output -> output.socket() == socket && !output.isCut())
            .map(output -> Json.parse(new String(output.message(), UTF_8)))
            .toList();
    outputs.removeIf(output -> output.socket() == socket && !output.isCut());
    return sent;
  }

  /** Returns why the last message over a socket was refused; empty if it was not. */
  String failureTo(long socket) {
    List<JsonNode> sent = sentTo(socket);
    return sent.isEmpty() ? "" : sent.get(sent.size() - 1).path("failure reason").asText();
  }

  /** Returns whether the room has cut a socket off. */
  boolean isCut(long socket) {
    return outputs.contains(Output.cut(socket));
  }

  long members() {
    return state.census().toCompletableFuture().join().members();
  }
}
