package io.ppstp.tracker.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectPolicy;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerAddresses;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.Action;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.ForwardingStore;
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
class ExpiryRoomTest {
  private static final Timers TIMERS = new Timers(2_000, 10_000);
  private static final ConnectRules RULES =
      new ConnectRules(ConnectPolicy.TABLE6, 100, false, TIMERS);
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
    return new Expiry(store, TIMERS, clock, this::event);
  }

  private void deploy(TrackerStore store, Duration tick, int maximumPerTick) {
    Await.result(
        vertx.deployVerticle(
            new ExpiryVerticle(
                expiry(store), tick, () -> maximumPerTick, new TrackerMetrics(meters))));
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
      ConnectOutcome outcome =
          done(
              local.onPeer(
                  peer,
                  new PeerCommand.Connect(
                      peer, actions, addresses, Origin.UNKNOWN, i, i, i, clock.millis(), RULES)));
      assertTrue(outcome instanceof ConnectOutcome.Granted);
      for (SwarmAction action : actions) {
        Member member = new Member(peer, PeerMode.SEEDER, 1, addresses, PeerNum.NOTHING, null);
        done(local.onSwarm(new SwarmKey(action.swarmId()), new SwarmCommand.Join(member, null)));
      }
      done(local.onPeer(peer, new PeerCommand.Track(peer, clock.millis())));
    }
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
    clock.advance(TIMERS.trackMs() - 1);
    done(
        local.onPeer(
            "peer-3", new PeerCommand.Report("peer-3", List.of(), Origin.UNKNOWN, clock.millis())));
    deploy(local, Duration.ofMillis(10), 1_000);
    clock.advance(1);

    awaitExpired(9);
    awaitCensus(new Census(1, 2, 2));
    assertFalse(expiries.containsKey("peer-3"));
    clock.advance(TIMERS.trackMs() - 1);
    awaitExpired(10);
    awaitCensus(new Census(0, 0, 0));
  }

  @Test
  void aTickStopsAtItsBoundAndTheNextGoesOn() {
    register(3_000);
    clock.advance(TIMERS.trackMs());
    List<Integer> asked = new ArrayList<>();
    List<Long> askedAtNs = new ArrayList<>();
    TrackerStore recording =
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
            synchronized (asked) {
              asked.add(maximum);
              askedAtNs.add(System.nanoTime());
            }
            return super.expire(nowMs, maximum, timers);
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
    clock.advance(TIMERS.trackMs());
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<List<Departure>> slow = new CompletableFuture<>();
    TrackerStore store =
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
            return asked.incrementAndGet() == 1 ? slow : super.expire(nowMs, maximum, timers);
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
    clock.advance(TIMERS.trackMs());
    AtomicInteger asked = new AtomicInteger();
    deploy(
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
            return asked.incrementAndGet() <= 3
                ? CompletableFuture.failedStage(new IllegalStateException("injected"))
                : super.expire(nowMs, maximum, timers);
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
    clock.advance(TIMERS.trackMs());
    vertx.exceptionHandler(failure -> {});
    AtomicInteger asked = new AtomicInteger();
    deploy(
        new PassingStore(local) {
          @Override
          public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
            if (asked.incrementAndGet() <= 3) {
              throw new IllegalStateException("injected");
            }
            return super.expire(nowMs, maximum, timers);
          }
        },
        Duration.ofMillis(10),
        1_000);

    awaitExpired(10);
  }

  @Test
  void peersWhoseSwarmsCouldNotBeReachedAreFinishedLaterAndToldOfOnce() {
    register(10);
    clock.advance(TIMERS.trackMs());
    AtomicBoolean broken = new AtomicBoolean(true);
    AtomicInteger failed = new AtomicInteger();
    TrackerStore store =
        new PassingStore(local) {
          @Override
          public <R> CompletionStage<R> onSwarm(SwarmKey swarm, SwarmCommand<R> command) {
            if (broken.get() && failed.incrementAndGet() % 3 == 0) {
              return CompletableFuture.failedStage(new IllegalStateException("injected"));
            }
            return super.onSwarm(swarm, command);
          }
        };
    deploy(store, Duration.ofMillis(10), 1_000);

    Await.until(() -> "the registrations ended", () -> done(local.census()).peers() == 0);
    assertEquals(Map.of(), expiries, "not told of before it is done");
    broken.set(false);
    clock.advance(10_000);
    awaitExpired(10);
    awaitCensus(new Census(0, 0, 0));
  }

  @Test
  void aPeerThatIsBackMeanwhileStaysWhereItIs() {
    register(1);
    clock.advance(TIMERS.trackMs());
    List<Departure> due = done(local.expire(clock.millis(), 10, TIMERS));
    clock.advance(1);
    // The peer registers anew before its traces are gone.
    PeerCommand.Connect back =
        new PeerCommand.Connect(
            "peer-0",
            List.of(new SwarmAction(EVERYONE.swarmId(), Action.JOIN, PeerMode.LEECH)),
            PeerAddresses.NONE,
            Origin.UNKNOWN,
            7,
            7,
            7,
            clock.millis(),
            RULES);
    ConnectOutcome.Granted granted = (ConnectOutcome.Granted) done(local.onPeer("peer-0", back));
    Member member =
        new Member(
            "peer-0", PeerMode.LEECH, granted.stamp(), PeerAddresses.NONE, PeerNum.NOTHING, null);
    done(local.onSwarm(EVERYONE, new SwarmCommand.Join(member, null)));
    done(local.onPeer("peer-0", new PeerCommand.Track("peer-0", clock.millis())));

    for (Departure departure : due) {
      for (SwarmKey swarm : departure.swarms()) {
        done(local.onSwarm(swarm, new SwarmCommand.Leave(departure.peerId(), departure.stamp())));
      }
    }
    assertEquals(due, done(local.forget(due)));
    assertEquals(List.of(), done(local.forget(due)), "struck out once");
    awaitCensus(new Census(1, 1, 1));
  }

  @Test
  void twentyThousandFallSilentAtOnceAndTheEventLoopServesOthersMeanwhile() {
    int peers = 20_000;
    register(peers);
    awaitCensus(new Census(peers, 51, 2L * peers));
    clock.advance(TIMERS.trackMs());
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

  private static class PassingStore extends ForwardingStore {
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
    clock.advance(TIMERS.trackMs());
    assertEquals(5, done(expiry(local).pass(5)));
    assertEquals(2, done(expiry(local).pass(5)));
    assertEquals(0, done(expiry(local).pass(5)));
    awaitExpired(7);
  }

  @Test
  void aRegistrationThatNeverGotToItsSwarmsEndsWithTheInitTimer() {
    PeerCommand.Connect connect =
        new PeerCommand.Connect(
            "stuck",
            List.of(new SwarmAction("s", Action.JOIN, PeerMode.LEECH)),
            PeerAddresses.NONE,
            Origin.UNKNOWN,
            1,
            1,
            1,
            clock.millis(),
            RULES);
    done(local.onPeer("stuck", connect));
    clock.advance(TIMERS.initMs() - 1);
    assertEquals(0, done(expiry(local).pass(5)));
    clock.advance(1);
    assertEquals(1, done(expiry(local).pass(5)));
    assertEquals(new Census(0, 0, 0), done(local.census()));
  }
}
