package io.ppstp.tracker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.InterceptingStore;
import io.ppstp.tracker.testing.Logs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The store fails at each operation of each kind of request: the answer is 04 and never an
 * exception. A change was made whole or not at all; the peer's repeat of the request is answered as
 * if nothing had failed, and if it does not come the timers clean up.
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

  private static final class FaultyStore extends InterceptingStore {
    private Failure failure = Failure.FAILED_STAGE;
    private int failAt;
    private int operations;
    private boolean losesStatements;

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
    public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
      return losesStatements ? null : super.state(swarm, statement);
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
    final AtomicLong seeds = new AtomicLong();
    final SwarmManager manager =
        new SwarmManager(
            store,
            SCENARIO.rules(),
            clock,
            new SwarmServices(
                events::add, ignored -> {}, (reason, count) -> {}, seeds::incrementAndGet));
    final Expiry expiry = new Expiry(store, ModelScenario.TRACK_MS, clock, events::add);

    Answer send(Case sent) {
      return send(sent.request, sent.from);
    }

    Answer send(Request request) {
      return send(request, FROM);
    }

    private Answer send(Request request, Requester from) {
      CompletableFuture<Answer> answer = manager.handle(request, from).toCompletableFuture();
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
      events.clear();
      return this;
    }

    /** Starts where the case is to. */
    Fixture before(Case about) {
      return about.registered ? registered() : this;
    }

    Census census() {
      return local.census().toCompletableFuture().join();
    }

    Map<String, Object> state() {
      Map<String, Object> state = new TreeMap<>();
      state.put("census", census());
      for (String peer : List.of("p", "other")) {
        RegistrationView view =
            local.ask(peer, new PeerQuery.Look(peer)).toCompletableFuture().join().orElse(null);
        if (view != null) {
          state.put(peer, view);
        }
        for (String swarm : List.of("s1", "s2", "s3")) {
          SwarmKey key = new SwarmKey(swarm);
          Member member =
              local
                  .ask(key, new SwarmQuery.Look(key, peer))
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

  /**
   * A request at which the store fails.
   *
   * @param registered whether the peer is registered before
   * @param changes whether it is a change of the registration in the first place
   */
  private record Case(
      String name, boolean registered, boolean changes, Request request, Requester from) {
    @Override
    public String toString() {
      return name;
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

  private static Case connecting(String name, boolean registered, SwarmAction... actions) {
    return new Case(name, registered, true, connect("t1", "p", actions), FROM);
  }

  private static Case asking(String name, Request request, Requester from) {
    return new Case(name, true, false, request, from);
  }

  static Stream<Case> requests() {
    StreamStats stats = new StreamStats("s1", 1, 2, 3, 4);
    PeerNum status = new PeerNum(5, null, 1, 2, 3);
    Requester elsewhere =
        new Requester(Objects.requireNonNull(IpAddress.parse("198.51.100.1")), 40_000);
    return Stream.of(
        connecting("start as LEECH", false, join("s1", "LEECH")),
        connecting(
            "start as SEEDER",
            false,
            join("s1", "SEEDER"),
            join("s2", "SEEDER"),
            join("s3", "SEEDER")),
        connecting("refresh", true, join("s1", "LEECH")),
        connecting("complete", true, leave("s1"), join("s1", "SEEDER")),
        connecting("switch", true, leave("s1"), join("s2", "LEECH")),
        connecting("last LEAVE", true, leave("s1")),
        asking("FIND", new Request.Find("t1", "p", "s1", status), FROM),
        asking("FIND from elsewhere", new Request.Find("t1", "p", "s1", null), elsewhere),
        asking("report", new Request.StatReport("t1", "p", List.of(stats)), FROM),
        asking(
            "report from elsewhere", new Request.StatReport("t1", "p", List.of(stats)), elsewhere),
        asking("keep-alive", new Request.StatReport("t1", "p", List.of()), FROM));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void theAnswerIs04AndTheRepeatIsAnsweredAsIfNothingHadFailed(Case about) {
    Fixture healthy = new Fixture().before(about);
    Answer wanted = healthy.send(about);
    assertEquals(ErrorCode.NO_ERROR, wanted.code());
    int cases = 0;
    for (Failure failure : Failure.values()) {
      for (int at = 1; at < 10; at++) {
        Fixture fixture = new Fixture().before(about);
        fixture.store.failAt(at, failure);
        Answer answer = fixture.send(about);
        if (!fixture.store.hasFailed()) {
          assertEquals(ErrorCode.NO_ERROR, answer.code());
          break;
        }
        cases++;
        assertInternalError(about.request, answer);

        fixture.store.failAt(0, failure);
        Answer repeated = fixture.send(about);
        String where = about + ", operation " + at + " " + failure;
        assertEquals(new String(wanted.body(), UTF_8), new String(repeated.body(), UTF_8), where);
        assertEquals(healthy.state(), fixture.state(), where);
        boolean healed = about.changes && at == 1 && failure == Failure.LOST_ANSWER;
        List<TrackerEvent> told =
            healthy.events.stream().map(it -> healed ? healed(it) : it).toList();
        assertEquals(told, fixture.events, "told once: " + where);
        if (about.changes) {
          fixture.send(about);
          assertEquals(told, fixture.events, "and not by another repeat: " + where);
        }
      }
    }
    assertTrue(cases >= 3);
  }

  /** By whom it is told later, how long a membership lasted is not known any more. */
  private static TrackerEvent healed(TrackerEvent event) {
    if (event instanceof TrackerEvent.Left it) {
      return new TrackerEvent.Left(
          it.atMs(), it.peerId(), it.swarmId(), it.registered(), it.reason(), TrackerEvent.UNKNOWN);
    }
    return event instanceof TrackerEvent.Switched it
        ? new TrackerEvent.Switched(
            it.atMs(), it.peerId(), it.fromSwarmId(), it.swarmId(), it.mode(), TrackerEvent.UNKNOWN)
        : event;
  }

  /** The change of a CONNECT and the lists that follow it are one operation. */
  @ParameterizedTest
  @MethodSource("requests")
  void whatAConnectChangesIsChangedWholeOrNotAtAll(Case about) {
    Fixture healthy = new Fixture().before(about);
    Map<String, Object> before = healthy.state();
    healthy.send(about);
    for (Failure failure : Failure.values()) {
      for (int at = 1; at < 10 && about.changes; at++) {
        Fixture fixture = new Fixture().before(about);
        fixture.store.failAt(at, failure);
        fixture.send(about);
        boolean unchanged = at == 1 && failure != Failure.LOST_ANSWER;
        assertEquals(
            unchanged ? before : healthy.state(),
            fixture.state(),
            about + ", operation " + at + " " + failure);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void withoutARepeatTheTimersCleanUp(Case about) {
    for (Failure failure : Failure.values()) {
      for (int at = 1; at < 10; at++) {
        Fixture fixture = new Fixture().before(about);
        fixture.store.failAt(at, failure);
        Answer answer = fixture.send(about);
        assertEquals(!fixture.store.hasFailed(), answer.code().isSuccess());
        fixture.store.failAt(0, failure);
        fixture.clock.advance(ModelScenario.TRACK_MS);
        fixture.expiry.pass(100).toCompletableFuture().join();

        String where = about + ", operation " + at + " " + failure;
        assertEquals(Map.of("census", new Census(0, 0, 0)), fixture.state(), where);
      }
    }
  }

  /** What peers state about themselves may be lost, and costs no answer. */
  @ParameterizedTest
  @MethodSource("requests")
  void aStatementThatIsLostChangesNoAnswer(Case about) {
    Fixture healthy = new Fixture().before(about);
    Fixture lossy = new Fixture().before(about);
    lossy.store.losesStatements = true;

    assertEquals(
        new String(healthy.send(about).body(), UTF_8), new String(lossy.send(about).body(), UTF_8));
    assertEquals(healthy.events, lossy.events);
    assertEquals(healthy.census(), lossy.census());
  }

  @Test
  void aTerminationIsDoneWholeOrNotAtAll() {
    Request terminating = connect("t1", "p", join("s3", "SEEDER"));
    for (Failure failure : Failure.values()) {
      Fixture fixture = new Fixture().registered();
      fixture.store.failAt(1, failure);
      assertInternalError(terminating, fixture.send(terminating));
      fixture.store.failAt(0, failure);

      boolean done = failure == Failure.LOST_ANSWER;
      assertEquals(done ? new Census(1, 1, 1) : new Census(2, 2, 2), fixture.census());
      assertEquals(!done, fixture.state().containsKey("p"));
      assertEquals(!done, fixture.state().containsKey("p in s1"));
      assertEquals(List.of(), fixture.events);
      // Where nothing was done the repeat does it; where it was the peer starts over.
      assertEquals(
          done ? ErrorCode.NO_ERROR : ErrorCode.FORBIDDEN_ACTION, fixture.send(terminating).code());
      assertEquals(done ? 0 : 1, lefts(fixture));
      assertEquals(done ? new Census(2, 2, 2) : new Census(1, 1, 1), fixture.census());
    }
  }

  private static long lefts(Fixture fixture) {
    return fixture.events.stream()
        .filter(
            event ->
                event instanceof TrackerEvent.Left left
                    && left.peerId().equals("p")
                    && left.swarmId().equals("s1")
                    && !left.registered())
        .count();
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
