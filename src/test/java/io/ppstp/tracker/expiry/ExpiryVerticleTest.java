package io.ppstp.tracker.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.InterceptingStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The room of expiry over a real store, with peers that have fallen silent. */
class ExpiryVerticleTest {
  private static final long TRACK_MS = 10_000;
  private static final ConnectRules RULES =
      new ConnectRules(ConnectPolicy.TABLE6, 100, Integer.MAX_VALUE, false, TRACK_MS);
  private static final SwarmKey EVERYONE = new SwarmKey("everyone");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final LocalStore local = new LocalStore(1_000_000);
  private final Map<String, Integer> expiries = new ConcurrentHashMap<>();
  private final Queue<TrackerEvent> others = new ConcurrentLinkedQueue<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    Await.result(vertx.close());
  }

  private void event(TrackerEvent event) {
    if (event instanceof TrackerEvent.Expired) {
      expiries.merge(event.peerId(), 1, Integer::sum);
    } else {
      others.add(event);
    }
  }

  private Expiry expiry(TrackerStore store) {
    return new Expiry(store, TRACK_MS, clock, this::event);
  }

  private void deploy(TrackerStore store, Duration tick, int maximumPerTick) {
    Await.result(
        vertx.deployVerticle(
            new ExpiryVerticle(
                expiry(store),
                tick,
                Duration.ofMillis(TRACK_MS),
                () -> maximumPerTick,
                System::nanoTime,
                new TrackerMetrics(meters))));
  }

  /** Registers peers that have joined a swarm that all are in, and one of a few others. */
  private void register(int count) {
    PeerAddresses addresses =
        PeerAddresses.advertised(
            List.of(PeerAddress.reflexive(IpAddress.ofBytes(new byte[] {10, 0, 0, 1}), 80, 1)),
            false);
    for (int i = 0; i < count; i++) {
      String peer = "peer-" + i;
      List<SwarmAction> actions =
          List.of(
              new SwarmAction(EVERYONE.swarmId(), Action.JOIN, PeerMode.SEEDER),
              new SwarmAction("swarm-" + i % 50, Action.JOIN, PeerMode.SEEDER));
      assertTrue(connect(peer, addresses, i, actions) instanceof ConnectOutcome.Granted);
    }
  }

  private ConnectOutcome connect(
      String peer, PeerAddresses addresses, long message, List<SwarmAction> actions) {
    return done(
        local.change(
            peer,
            new PeerCommand.Connect(
                peer,
                actions,
                addresses,
                PeerNum.NOTHING,
                Origin.UNKNOWN,
                message,
                message,
                message,
                clock.millis(),
                RULES)));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private void awaitCensus(Census expected) {
    Await.until(
        () -> "census: " + done(local.census()), () -> done(local.census()).equals(expected));
  }

  private void awaitExpired(int count) {
    Await.until(() -> "expired: " + expiries.size(), () -> expiries.size() == count);
    assertEquals(Set.of(1), new HashSet<>(expiries.values()), "each told of once");
    assertEquals(List.of(), List.copyOf(others));
  }

  @Test
  void whoIsHeardOfStays() {
    register(10);
    clock.advance(TRACK_MS - 1);
    done(
        local.ask(
            "peer-3", new PeerQuery.Report("peer-3", List.of(), Origin.UNKNOWN, clock.millis())));
    deploy(local, Duration.ofMillis(10), 1_000);
    clock.advance(1);

    awaitExpired(9);
    awaitCensus(new Census(1, 2, 2));
    assertFalse(expiries.containsKey("peer-3"));
    clock.advance(TRACK_MS - 1);
    awaitExpired(10);
    awaitCensus(new Census(0, 0, 0));
  }

  @Test
  void aTickStopsAtItsBoundAndTheNextGoesOn() {
    register(3_000);
    clock.advance(TRACK_MS);
    List<Integer> asked = new ArrayList<>();
    List<Long> askedAtNs = new ArrayList<>();
    TrackerStore recording =
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
            synchronized (asked) {
              asked.add(maximum);
              askedAtNs.add(System.nanoTime());
            }
            return super.expire(nowMs, maximum, trackMs);
          }
        };
    deploy(recording, Duration.ofMillis(400), 1_200);

    awaitExpired(3_000);
    Await.until(
        () -> "a tick with nothing to do",
        () -> {
          synchronized (asked) {
            return asked.size() >= 9;
          }
        });
    synchronized (asked) {
      assertEquals(List.of(500, 500, 200, 500, 500, 200, 500, 500, 500), asked.subList(0, 9));
      // Two ticks lie between. The first of the three may have come late.
      long twoTicksMs = (askedAtNs.get(6) - askedAtNs.get(0)) / 1_000_000;
      assertTrue(twoTicksMs >= 200, () -> "the rest after only " + twoTicksMs + " ms");
    }
    assertEquals(3_000, meters.get("ppstp.peers.expired").counter().count());
  }

  @Test
  void aTickThatFindsTheOneBeforeAtWorkDoesNothing() {
    register(10);
    clock.advance(TRACK_MS);
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<List<Departure>> slow = new CompletableFuture<>();
    TrackerStore store =
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
            return asked.incrementAndGet() == 1 ? slow : super.expire(nowMs, maximum, trackMs);
          }
        };
    AtomicInteger ticks = new AtomicInteger();
    deploy(store, Duration.ofMillis(10), 1_000);
    Await.until(() -> "the first tick", () -> asked.get() == 1);
    vertx.setPeriodic(10, timer -> ticks.incrementAndGet());
    Await.until(() -> "ticks: " + ticks, () -> ticks.get() >= 10);

    assertEquals(1, asked.get());
    assertEquals(Map.of(), expiries);
    slow.complete(List.of());
    awaitExpired(10);
  }

  @Test
  void afterAFailureOfTheStoreTheNextTickTriesAgain() {
    register(10);
    clock.advance(TRACK_MS);
    AtomicInteger asked = new AtomicInteger();
    deploy(
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
            return asked.incrementAndGet() <= 3
                ? CompletableFuture.failedStage(new IllegalStateException("injected"))
                : super.expire(nowMs, maximum, trackMs);
          }
        },
        Duration.ofMillis(10),
        1_000);

    awaitExpired(10);
    awaitCensus(new Census(0, 0, 0));
  }

  @Test
  void aStoreThatThrowsIsAFailureToo() {
    register(10);
    clock.advance(TRACK_MS);
    vertx.exceptionHandler(failure -> {});
    AtomicInteger asked = new AtomicInteger();
    deploy(
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
            if (asked.incrementAndGet() <= 3) {
              throw new IllegalStateException("injected");
            }
            return super.expire(nowMs, maximum, trackMs);
          }
        },
        Duration.ofMillis(10),
        1_000);

    awaitExpired(10);
  }

  /** Lists may follow late: the store then tells of a departure with a later call. */
  @Test
  void whoHasLeftItsListsLateIsToldOfThenAndOnce() {
    register(10);
    clock.advance(TRACK_MS);
    AtomicBoolean behind = new AtomicBoolean(true);
    List<Departure> heldBack = new ArrayList<>();
    TrackerStore store =
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
            synchronized (heldBack) {
              heldBack.addAll(done(super.expire(nowMs, maximum, trackMs)));
              List<Departure> told = behind.get() ? List.of() : List.copyOf(heldBack);
              heldBack.removeAll(told);
              return CompletableFuture.completedStage(told);
            }
          }
        };
    deploy(store, Duration.ofMillis(10), 1_000);

    Await.until(() -> "the registrations ended", () -> done(local.census()).peers() == 0);
    assertEquals(Map.of(), expiries, "not told of before it is done");
    behind.set(false);
    awaitExpired(10);
    awaitCensus(new Census(0, 0, 0));
    Await.until(
        () -> "they are counted", () -> meters.get("ppstp.peers.expired").counter().count() == 10);
  }

  /** What is told of from earlier calls must not look as if there were nothing left to do. */
  @Test
  void aTickGoesOnAfterASliceThatTellsOfMoreThanItEnded() {
    register(1_000);
    clock.advance(TRACK_MS);
    List<Integer> asked = new ArrayList<>();
    TrackerStore store =
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
            List<Departure> ended = new ArrayList<>(done(super.expire(nowMs, maximum, trackMs)));
            synchronized (asked) {
              if (asked.isEmpty()) {
                ended.add(
                    new Departure(
                        "earlier",
                        nowMs,
                        List.of(new Ended(EVERYONE, 0)),
                        Departure.Cause.TIMED_OUT));
              }
              asked.add(maximum);
            }
            return CompletableFuture.completedStage(ended);
          }
        };
    deploy(store, Duration.ofMillis(50), 700);

    awaitExpired(1_001);
    synchronized (asked) {
      assertEquals(List.of(500, 200), asked.subList(0, 2), "one tick");
    }
  }

  @Test
  void aPeerThatIsBackStaysWhereItIs() {
    register(2);
    clock.advance(TRACK_MS);
    assertEquals(2, done(expiry(local).pass(10)));
    ConnectOutcome back =
        connect(
            "peer-0",
            PeerAddresses.NONE,
            7,
            List.of(new SwarmAction(EVERYONE.swarmId(), Action.JOIN, PeerMode.LEECH)));
    assertTrue(back instanceof ConnectOutcome.Granted granted && granted.registered());

    clock.advance(TRACK_MS - 1);
    assertEquals(0, done(expiry(local).pass(10)));
    awaitExpired(2);
    awaitCensus(new Census(1, 1, 1));
  }

  @Test
  void twentyThousandFallSilentAtOnceAndTheEventLoopServesOthersMeanwhile() {
    int peers = 20_000;
    register(peers);
    awaitCensus(new Census(peers, 51, 2L * peers));
    clock.advance(TRACK_MS);
    Prober prober = new Prober();
    vertx.runOnContext(start -> prober.probe());
    deploy(local, Duration.ofMillis(100), 1_000_000);

    try {
      awaitExpired(peers);
    } finally {
      prober.stopped = true;
    }
    awaitCensus(new Census(0, 0, 0));
    assertEquals(peers, meters.get("ppstp.peers.expired").counter().count());
    // One event loop serves both, and there are 40 slices: it was free after each of them.
    assertTrue(prober.runs.get() >= 30, () -> "others ran: " + prober.runs);
    long longestMs = prober.longestNs.get() / 1_000_000;
    assertTrue(longestMs < 5_000, () -> "the event loop stood still for " + longestMs + " ms");
  }

  /** Runs on the event loop whenever it is free, while peers expire. */
  private final class Prober {
    final AtomicInteger runs = new AtomicInteger();
    final AtomicLong longestNs = new AtomicLong();
    volatile boolean stopped;
    private long lastNs = System.nanoTime();

    void probe() {
      long nowNs = System.nanoTime();
      longestNs.accumulateAndGet(nowNs - lastNs, Math::max);
      lastNs = nowNs;
      if (!expiries.isEmpty() && done(local.census()).peers() > 0) {
        runs.incrementAndGet();
      }
      if (!stopped) {
        vertx.runOnContext(next -> probe());
      }
    }
  }

  private static class PassingStore extends InterceptingStore {
    PassingStore(TrackerStore store) {
      super(store);
    }

    @Override
    protected <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation) {
      return operation.get();
    }
  }

  @Test
  void expiryTellsHowManyItFinished() {
    register(7);
    assertEquals(0, done(expiry(local).pass(5)));
    clock.advance(TRACK_MS);
    assertEquals(5, done(expiry(local).pass(5)));
    assertEquals(2, done(expiry(local).pass(5)));
    assertEquals(0, done(expiry(local).pass(5)));
    awaitExpired(7);
  }

  /** There is no other timer before it: a registration is tracked from its CONNECT on. */
  @Test
  void aPeerThatIsNeverHeardOfAgainHasTheWholeTrackTimer() {
    register(1);
    clock.advance(TRACK_MS - 1);
    assertEquals(0, done(expiry(local).pass(5)));
    assertEquals(new Census(1, 2, 2), done(local.census()));
    clock.advance(1);
    assertEquals(1, done(expiry(local).pass(5)));
    assertEquals(new Census(0, 0, 0), done(local.census()));
  }
}
