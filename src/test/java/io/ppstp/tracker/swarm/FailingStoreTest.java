package io.ppstp.tracker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.RegistrationView;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.protocol.Action;
import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.ForwardingStore;
import io.ppstp.tracker.testing.Logs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The store fails at each operation of each kind of request: the answer is 04 and never an
 * exception, and the peer's repeat makes whole what was left half done, as the timers do if it does
 * not come.
 */
class FailingStoreTest {
  private static final Requester FROM =
      new Requester(Objects.requireNonNull(IpAddress.parse("192.0.2.9")), 40_000);
  private static final PeerAddress ADDRESS =
      new PeerAddress(FROM.ip(), 80, 1, AddressType.HOST, null, null, null);
  private static final ModelScenario SCENARIO = ModelScenario.all().get(0);

  /** Hundreds of expected stack traces would hide the one that is not. */
  private final Logs.Silence silence = Logs.silence(SwarmManager.class.getName());

  @AfterEach
  void speak() {
    silence.close();
  }

  /** How an operation fails, with and without having been carried out. */
  private enum Failure {
    FAILED_STAGE,
    THROWN,
    LOST_ANSWER
  }

  private static final class FaultyStore extends ForwardingStore {
    private Failure failure = Failure.FAILED_STAGE;
    private int failAt;
    private int operations;

    FaultyStore(TrackerStore store) {
      super(store);
    }

    /** The operation numbered {@code at} from now on fails; 0 is none. */
    void failAt(int at, Failure how) {
      failAt = at;
      failure = how;
      operations = 0;
    }

    boolean hasFailed() {
      return failAt > 0 && operations >= failAt;
    }

    @Override
    protected <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation) {
      if (++operations != failAt) {
        return operation.get();
      }
      IllegalStateException injected = new IllegalStateException("injected");
      if (failure == Failure.THROWN) {
        throw injected;
      }
      if (failure == Failure.LOST_ANSWER) {
        return operation.get().thenCompose(lost -> CompletableFuture.failedStage(injected));
      }
      return CompletableFuture.failedStage(injected);
    }
  }

  /** A tracker of its own for each case. */
  private static final class Fixture {
    final FakeClock clock = new FakeClock(1_790_000_000_000L);
    final LocalStore local = new LocalStore(100);
    final FaultyStore store = new FaultyStore(local);
    final List<TrackerEvent> events = new ArrayList<>();
    final SwarmManager manager =
        new SwarmManager(
            store,
            SCENARIO.rules(),
            clock,
            () -> 7,
            events::add,
            ignored -> {},
            (reason, count) -> {});
    final Expiry expiry = new Expiry(store, ModelScenario.timers(), clock, events::add);

    Answer send(Request request) {
      CompletableFuture<Answer> answer = manager.handle(request, FROM).toCompletableFuture();
      assertTrue(answer.isDone());
      assertFalse(answer.isCompletedExceptionally());
      return answer.join();
    }

    /** Peer p is LEECH in s1 and others have been there before. */
    Fixture registered() {
      assertEquals(
          ErrorCode.NO_ERROR, send(connect("t-other", "other", join("s2", "SEEDER"))).code());
      assertEquals(ErrorCode.NO_ERROR, send(connect("t0", "p", join("s1", "LEECH"))).code());
      clock.advance(100);
      return this;
    }

    Map<String, Object> state() {
      Map<String, Object> state = new TreeMap<>();
      state.put("census", local.census().toCompletableFuture().join());
      for (String peer : List.of("p", "other")) {
        RegistrationView view =
            local
                .onPeer(peer, new PeerCommand.Look(peer))
                .toCompletableFuture()
                .join()
                .orElse(null);
        if (view != null) {
          state.put(peer, view);
        }
        for (String swarm : List.of("s1", "s2", "s3")) {
          Member member =
              local
                  .onSwarm(new SwarmKey(swarm), new SwarmCommand.Look(peer))
                  .toCompletableFuture()
                  .join()
                  .orElse(null);
          if (member != null) {
            state.put(peer + " in " + swarm, member);
          }
        }
      }
      return state;
    }
  }

  private static SwarmAction join(String swarm, String mode) {
    return new SwarmAction(swarm, Action.JOIN, PeerMode.valueOf(mode));
  }

  private static SwarmAction leave(String swarm) {
    return new SwarmAction(swarm, Action.LEAVE, PeerMode.LEECH);
  }

  private static Request connect(String transaction, String peer, SwarmAction... actions) {
    return new Request.Connect(
        transaction, peer, transaction.hashCode(), null, List.of(ADDRESS), List.of(actions));
  }

  static Stream<Arguments> requests() {
    return Stream.concat(
        requestsWithoutLeave(),
        Stream.of(
            Arguments.of("switch", true, connect("t1", "p", leave("s1"), join("s2", "LEECH"))),
            Arguments.of("last LEAVE", true, connect("t1", "p", leave("s1")))));
  }

  static Stream<Arguments> requestsWithoutLeave() {
    StreamStats stats = new StreamStats("s1", 1, 2, 3, 4);
    return Stream.of(
        Arguments.of("start as LEECH", false, connect("t1", "p", join("s1", "LEECH"))),
        Arguments.of(
            "start as SEEDER",
            false,
            connect("t1", "p", join("s1", "SEEDER"), join("s2", "SEEDER"), join("s3", "SEEDER"))),
        Arguments.of("refresh", true, connect("t1", "p", join("s1", "LEECH"))),
        Arguments.of("complete", true, connect("t1", "p", leave("s1"), join("s1", "SEEDER"))),
        Arguments.of("FIND", true, new Request.Find("t1", "p", "s1", null)),
        Arguments.of("report", true, new Request.StatReport("t1", "p", List.of(stats))),
        Arguments.of("keep-alive", true, new Request.StatReport("t1", "p", List.of())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void theAnswerIs04AndTheRepeatMakesItWhole(String name, boolean registered, Request request) {
    Fixture healthy = registered ? new Fixture().registered() : new Fixture();
    Answer wanted = healthy.send(request);
    assertEquals(ErrorCode.NO_ERROR, wanted.code());
    int cases = 0;
    for (Failure failure : Failure.values()) {
      for (int at = 1; at < 10; at++) {
        Fixture fixture = registered ? new Fixture().registered() : new Fixture();
        fixture.store.failAt(at, failure);
        Answer answer = fixture.send(request);
        if (!fixture.store.hasFailed()) {
          assertEquals(ErrorCode.NO_ERROR, answer.code());
          break;
        }
        cases++;
        assertInternalError(request, answer);

        fixture.store.failAt(0, failure);
        Answer repeated = fixture.send(request);
        String where = name + ", operation " + at + " " + failure;
        assertEquals(new String(wanted.body(), UTF_8), new String(repeated.body(), UTF_8), where);
        assertEquals(healthy.state(), fixture.state(), where);
      }
    }
    assertTrue(cases >= 3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requestsWithoutLeave")
  void withoutARepeatTheTimersCleanUp(String name, boolean registered, Request request) {
    for (Failure failure : Failure.values()) {
      for (int at = 1; at < 10; at++) {
        Fixture fixture = registered ? new Fixture().registered() : new Fixture();
        fixture.store.failAt(at, failure);
        Answer answer = fixture.send(request);
        assertEquals(!fixture.store.hasFailed(), answer.code().isSuccess());
        fixture.store.failAt(0, failure);
        fixture.clock.advance(ModelScenario.TRACK_MS);
        fixture.expiry.pass(100).toCompletableFuture().join();

        String where = name + ", operation " + at + " " + failure;
        assertEquals(Map.of("census", new Census(0, 0, 0)), fixture.state(), where);
      }
    }
  }

  @Test
  void aTerminationThatFailedHalfWayIsFinishedByExpiryAndToldOfOnce() {
    Request terminating = connect("t1", "p", join("s3", "SEEDER"));
    for (Failure failure : Failure.values()) {
      for (int at = 1; at <= 3; at++) {
        Fixture fixture = new Fixture().registered();
        fixture.store.failAt(at, failure);
        assertInternalError(terminating, fixture.send(terminating));
        fixture.store.failAt(0, failure);
        if (at == 1 && failure != Failure.LOST_ANSWER) {
          // Nothing was done: the repeat does it.
          assertEquals(ErrorCode.FORBIDDEN_ACTION, fixture.send(terminating).code());
        }
        fixture.clock.advance(ModelScenario.TRACK_MS - 1_000);
        assertEquals(
            ErrorCode.NO_ERROR,
            fixture.send(new Request.StatReport("t", "other", List.of())).code());
        fixture.clock.advance(1_000);
        fixture.expiry.pass(100).toCompletableFuture().join();

        String where = "operation " + at + " " + failure;
        assertFalse(fixture.state().containsKey("p"), where);
        assertEquals(
            new Census(1, 1, 1), fixture.local.census().toCompletableFuture().join(), where);
        long lefts =
            fixture.events.stream()
                .filter(
                    event ->
                        event instanceof TrackerEvent.Left left
                            && left.peerId().equals("p")
                            && left.swarmId().equals("s1")
                            && !left.registered())
                .count();
        boolean struckOutUnseen = at == 3 && failure == Failure.LOST_ANSWER;
        assertEquals(struckOutUnseen ? 0 : 1, lefts, where);
      }
    }
  }

  private static void assertInternalError(Request request, Answer answer) {
    assertEquals(ErrorCode.INTERNAL_SERVER_ERROR, answer.code());
    assertEquals(request.type(), answer.type());
    assertEquals(
        "{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":1,\"error_code\":4,"
            + "\"transaction_id\":\""
            + request.transactionId()
            + "\"}}",
        new String(answer.body(), UTF_8));
  }
}
