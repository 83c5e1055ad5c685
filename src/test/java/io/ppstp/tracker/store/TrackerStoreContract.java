package io.ppstp.tracker.store;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static io.ppstp.tracker.testing.Peers.member;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.RegistrationView;
import io.ppstp.tracker.domain.Step;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@link TrackerStore} promises, for every adapter. A store may answer before its method
 * returns or later, on whatever thread; nothing here depends on which.
 */
public abstract class TrackerStoreContract {
  private static final long T0 = 1_000_000_000;
  private static final long TRACK = TIMERS.trackMs();
  private static final int ROOMY = 1_000_000;
  private static final int THREADS = 8;
  private static final long DEADLINE_SECONDS = 120;
  private static final SwarmKey S = new SwarmKey("s");
  private static final Draw ALL = new Draw(29, PeerNum.NOTHING, 1, false, null);
  private static final StreamStats STATS = new StreamStats("s", 1, 2, 3, 4);

  /** Returns an empty store that nobody else uses, with room for so many peers on each node. */
  protected abstract TrackerStore newStore(int maximumPeers);

  /** Returns how many nodes share the store, each of which takes charge of part of the peers. */
  protected int nodes() {
    return 1;
  }

  @Test
  void anEmptyStoreHoldsNothing() throws Exception {
    TrackerStore store = newStore(ROOMY);

    assertEquals(Optional.empty(), await(look(store, "p")));
    assertEquals(Optional.empty(), await(store.onSwarm(S, new SwarmCommand.Look("p"))));
    assertFalse(await(store.onPeer("p", new PeerCommand.Track("p", T0))));
    assertEquals(List.of(), await(store.expire(T0, 10, TIMERS)));
    assertEquals(List.of(), await(store.forget(List.of())));
    assertEquals(new Census(0, 0, 0), await(store.census()));
  }

  @Test
  void anAnsweredCommandIsSeenByTheNext() throws Exception {
    TrackerStore store = newStore(ROOMY);

    RegistrationView view =
        await(
                store
                    .onPeer("p", connect("p").leech("s").at(T0))
                    .thenCompose(connected -> look(store, "p")))
            .orElseThrow();
    assertEquals(Set.of(S), view.memberships().keySet());
    assertEquals(T0, view.lastSeenMs());

    assertTrue(await(store.onPeer("p", new PeerCommand.Track("p", T0 + 5))));
    assertEquals(T0 + 5, await(look(store, "p")).orElseThrow().lastSeenMs());
    assertEquals(Optional.empty(), await(look(store, "q")));
  }

  @Test
  void aSwarmComesWithItsFirstMemberAndGoesWithItsLast() throws Exception {
    TrackerStore store = newStore(ROOMY);

    await(store.onSwarm(S, new SwarmCommand.Find("p", PeerNum.NOTHING, ALL)));
    assertFalse(await(store.onSwarm(S, new SwarmCommand.Report("p", STATS))));
    assertFalse(await(leave(store, S, "p", 1)));
    assertEquals(new Census(0, 0, 0), await(store.census()));

    await(join(store, S, "p", 1));
    await(join(store, S, "q", 2));
    await(join(store, new SwarmKey("t"), "p", 4));
    assertEquals(new Census(0, 2, 3), await(store.census()));

    assertTrue(await(leave(store, S, "p", 5)));
    assertEquals(new Census(0, 2, 2), await(store.census()));
    assertTrue(await(leave(store, S, "q", 5)));
    assertEquals(new Census(0, 1, 1), await(store.census()));
  }

  @Test
  void aListNamesTheMembersThatJoinedBefore() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(join(store, S, "p", 1));
    SwarmCommand.Find find = new SwarmCommand.Find("q", PeerNum.NOTHING, ALL);

    byte[] found = requireNonNull(await(store.onSwarm(S, find)).entries());
    assertTrue(found.length > 0);
    SwarmCommand.Join join = new SwarmCommand.Join(member("q", 2), ALL);
    assertArrayEquals(found, await(store.onSwarm(S, join)).entries());
    assertNull(await(store.onSwarm(S, new SwarmCommand.Join(member("r", 3), null))).entries());
  }

  @Test
  void commandsOnSwarmsCanBeRepeatedWithoutHarm() throws Exception {
    TrackerStore store = newStore(ROOMY);
    Member reported = member("p", 1);
    for (int i = 0; i < 2; i++) {
      await(join(store, S, "p", 1));
      await(join(store, S, "q", 2));
      await(store.onSwarm(S, new SwarmCommand.Report("p", STATS)));
      await(leave(store, S, "q", 3));
    }

    assertEquals(
        Optional.of(
            new Member("p", reported.mode(), 1, reported.addresses(), reported.status(), STATS)),
        await(store.onSwarm(S, new SwarmCommand.Look("p"))));
    assertEquals(new Census(0, 1, 1), await(store.census()));
  }

  @Test
  void aConnectCanBeRepeatedWithoutHarm() throws Exception {
    TrackerStore store = newStore(ROOMY);
    PeerCommand.Connect first = connect("p").seeder("s").at(T0);

    ConnectOutcome.Granted original = granted(await(store.onPeer("p", first)));
    ConnectOutcome.Granted again = granted(await(store.onPeer("p", repeated(first, T0 + 1))));

    assertTrue(again.repeated());
    assertEquals(original.stamp(), again.stamp());
    assertEquals(original.seed(), again.seed());
    assertEquals(new Census(1, 0, 0), await(store.census()));
  }

  @Test
  void expiryComesInBoundedBatchesUntilAllAreGone() throws Exception {
    TrackerStore store = newStore(ROOMY);
    int peers = 1000;
    for (int i = 0; i < peers; i++) {
      await(store.onPeer("p" + i, connect("p" + i).leech("s").at(T0 + i)));
    }

    Set<String> expired = new HashSet<>();
    List<Departure> batch;
    do {
      batch = await(store.expire(T0 + peers + TRACK, 64, TIMERS));
      assertTrue(batch.size() <= 64, "batch of " + batch.size());
      for (Departure departure : batch) {
        assertEquals(List.of(S), departure.swarms());
        assertTrue(expired.add(departure.peerId()), departure.peerId());
      }
      assertEquals(new Census(peers - expired.size(), 0, 0), await(store.census()));
      assertEquals(Set.copyOf(batch), Set.copyOf(await(store.forget(batch))));
    } while (!batch.isEmpty());

    assertEquals(peers, expired.size());
  }

  @Test
  void onlyWhoIsDueExpires() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 200; i++) {
      String id = "p" + i;
      await(store.onPeer(id, connect(id).leech("s").at(T0)));
      await(store.onPeer(id, new PeerCommand.Track(id, T0 + i % 2)));
    }

    List<Departure> departures = await(store.expire(T0 + TRACK, ROOMY, TIMERS));

    assertEquals(100, departures.size());
    assertEquals(List.of(), await(store.expire(T0 + TRACK, ROOMY, TIMERS)));
    assertEquals(new Census(100, 0, 0), await(store.census()));
  }

  /** One or two in each shard: a batch that stops at few shards would leave the others waiting. */
  @Test
  void aBatchReachesAllWhoAreDueHoweverThinlySpread() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 300; i++) {
      await(store.onPeer("p" + i, connect("p" + i).leech("s").at(T0)));
    }

    assertEquals(300, await(store.expire(T0 + TRACK, 300, TIMERS)).size());
  }

  /** A shard that fills every batch must not keep the others from expiring. */
  @Test
  void noShardIsStarvedByAnother() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(store.onPeer("old", connect("old").leech("s").at(T0)));
    await(store.onPeer("old", new PeerCommand.Track("old", T0)));
    String busy = inAnotherShard("old");
    boolean expired = false;
    for (int i = 0; i < 3 * Shards.COUNT && !expired; i++) {
      long nowMs = T0 + TRACK - 5 + i;
      await(store.onPeer(busy, connect(busy).leech("s").at(nowMs - TIMERS.initMs())));
      List<Departure> batch = await(store.expire(nowMs, 1, TIMERS));
      expired = batch.stream().anyMatch(departure -> departure.peerId().equals("old"));
      await(store.forget(batch));
    }

    assertTrue(expired);
  }

  private static String inAnotherShard(String peerId) {
    return first("busy", id -> Shards.of(id) != Shards.of(peerId));
  }

  private static String inTheSameShard(String peerId) {
    return first("rival", id -> Shards.of(id) == Shards.of(peerId));
  }

  private static String first(String prefix, Predicate<String> wanted) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> prefix + i)
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDepartureThatWasNotForgottenIsHandedOutAgain() throws Exception {
    TrackerStore store = newStore(ROOMY);
    await(store.onPeer("p", connect("p").leech("s").at(T0)));
    List<Departure> departures = await(store.expire(T0 + TRACK, 10, TIMERS));
    assertEquals(1, departures.size());

    assertEquals(departures, await(store.expire(T0 + 2 * TRACK, 10, TIMERS)));
    assertEquals(departures, await(store.forget(departures)));
    assertEquals(List.of(), await(store.expire(T0 + 3 * TRACK, 10, TIMERS)));
  }

  @Test
  void aDepartureIsForgottenOnceHoweverManyFinishIt() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 300; i++) {
      await(store.onPeer("p" + i, connect("p" + i).leech("s").at(T0)));
    }
    List<Departure> departures = await(store.expire(T0 + TRACK, ROOMY, TIMERS));

    List<List<Departure>> forgotten = concurrently(thread -> () -> await(store.forget(departures)));

    List<Departure> all = forgotten.stream().flatMap(Collection::stream).toList();
    assertEquals(300, all.size());
    assertEquals(Set.copyOf(departures), Set.copyOf(all));
  }

  @Test
  void aTimeoutIsHandedToOneOfManyThatAsk() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int i = 0; i < 300; i++) {
      await(store.onPeer("p" + i, connect("p" + i).leech("s").at(T0)));
    }

    List<List<Departure>> batches =
        concurrently(thread -> () -> await(store.expire(T0 + TRACK, ROOMY, TIMERS)));

    List<String> ids = batches.stream().flatMap(Collection::stream).map(Departure::peerId).toList();
    assertEquals(300, ids.size());
    assertEquals(300, Set.copyOf(ids).size());
  }

  @Test
  void aRequestAndTheTimeoutAtTheSameInstantAreDecidedOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int round = 0; round < 200; round++) {
      String id = "p" + round;
      long nowMs = T0 + round * 10L * TRACK;
      await(store.onPeer(id, connect(id).leech("s").at(nowMs)));
      await(store.onPeer(id, new PeerCommand.Track(id, nowMs)));
      long instant = nowMs + TRACK;
      AtomicInteger ended = new AtomicInteger();
      AtomicInteger allowed = new AtomicInteger();

      concurrently(
          thread ->
              () ->
                  thread % 2 == 0
                      ? ended.addAndGet(await(store.expire(instant, 10, TIMERS)).size())
                      : allowed.addAndGet(
                          await(
                                      store.onPeer(
                                          id,
                                          new PeerCommand.Find(
                                              id, S, true, Origin.UNKNOWN, instant)))
                                  .allowed()
                              ? 1
                              : 0));

      boolean present = await(look(store, id)).isPresent();
      assertEquals(present ? 0 : 1, ended.get());
      assertEquals(present ? THREADS / 2 : 0, allowed.get());
      await(store.forget(await(store.expire(instant + 9 * TRACK, 10, TIMERS))));
    }
  }

  @Test
  void aNewPeerRegistersOnceHoweverManyOfItsConnectsComeAtOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    for (int round = 0; round < 100; round++) {
      String id = "p" + round;

      List<ConnectOutcome.Granted> outcomes =
          concurrently(
              thread ->
                  () ->
                      granted(
                          await(
                              store.onPeer(
                                  id, connect(id).additive().seeder("s" + thread).at(T0)))));

      assertEquals(1, outcomes.stream().filter(ConnectOutcome.Granted::registered).count());
      assertEquals(
          THREADS, outcomes.stream().map(ConnectOutcome.Granted::stamp).distinct().count());
      assertEquals(THREADS, await(look(store, id)).orElseThrow().memberships().size());
    }
    assertEquals(new Census(100, 0, 0), await(store.census()));
  }

  @Test
  void aMemberLeavesOnceAndAnyNumberJoinsAtOnce() throws Exception {
    TrackerStore store = newStore(ROOMY);
    int each = 200;

    concurrently(
        thread ->
            () -> {
              for (int i = 0; i < each; i++) {
                await(join(store, S, thread + "-" + i, 1));
              }
              return thread;
            });
    assertEquals(new Census(0, 1, (long) THREADS * each), await(store.census()));

    List<Integer> left =
        concurrently(
            thread ->
                () -> {
                  int mine = 0;
                  for (int i = 0; i < THREADS * each; i++) {
                    mine += await(leave(store, S, i % THREADS + "-" + i / THREADS, 1)) ? 1 : 0;
                  }
                  return mine;
                });
    assertEquals(THREADS * each, left.stream().mapToInt(Integer::intValue).sum());
    assertEquals(new Census(0, 0, 0), await(store.census()));
  }

  @Test
  void roomIsGivenToTheLastPeerAndNotToOneMore() throws Exception {
    int maximum = 100;
    int all = nodes() * maximum;
    TrackerStore store = newStore(maximum);

    List<Integer> registered =
        concurrently(
            thread ->
                () -> {
                  int mine = 0;
                  for (int i = 0; i < all; i++) {
                    String id = thread + "-" + i;
                    ConnectOutcome outcome = await(store.onPeer(id, connect(id).leech("s").at(T0)));
                    mine += registers(outcome) ? 1 : 0;
                    assertTrue(i % 8 != 0 || await(store.census()).peers() <= all);
                  }
                  return mine;
                });

    assertEquals(all, registered.stream().mapToInt(Integer::intValue).sum());
    assertEquals(new Census(all, 0, 0), await(store.census()));
  }

  private static boolean registers(ConnectOutcome outcome) {
    if (outcome instanceof ConnectOutcome.Refused refused) {
      assertEquals(new ConnectOutcome.Refused(ErrorCode.SERVICE_UNAVAILABLE, null), refused);
      return false;
    }
    return granted(outcome).registered();
  }

  @Test
  void roomComesBackWithEveryWayToGo() throws Exception {
    TrackerStore store = newStore(1);
    for (int i = 0; i < 9; i++) {
      String id = "p" + i;
      String rival = inTheSameShard(id);
      long nowMs = T0 + i * 3L * TRACK;
      assertTrue(registers(await(store.onPeer(id, connect(id).seeder("s").at(nowMs)))));
      assertFalse(registers(await(store.onPeer(rival, connect(rival).leech("s").at(nowMs)))));
      switch (i % 3) {
        case 0 -> await(store.onPeer(id, connect(id).leave("s").at(nowMs)));
        case 1 -> await(store.onPeer(id, connect(id).seeder("t").at(nowMs)));
        default -> await(store.expire(nowMs + TRACK, 10, TIMERS));
      }
      assertEquals(new Census(0, 0, 0), await(store.census()));
    }
  }

  /** Peers come, switch, leave, repeat themselves and time out, on many threads. */
  @Test
  void aStormOfRequestsLeavesNothingUnaccountedFor() throws Exception {
    Storm storm = new Storm(newStore(Storm.MAXIMUM), nodes() * Storm.MAXIMUM, this::registrations);
    List<SplittableRandom> randoms = randoms();

    List<Integer> registrations = concurrently(thread -> () -> storm.blow(randoms.get(thread)));

    storm.assertSettled(registrations.stream().mapToInt(Integer::intValue).sum());
  }

  /**
   * Returns the number of registrations just now, while others come and go. A census of many nodes
   * is no snapshot, so an adapter for those says here what it counts against its budget.
   */
  protected long registrations(TrackerStore store) {
    return store.census().toCompletableFuture().join().peers();
  }

  private static List<SplittableRandom> randoms() {
    SplittableRandom random = Seeds.random();
    return IntStream.range(0, THREADS).mapToObj(thread -> random.split()).toList();
  }

  private static final class Storm {
    static final int MAXIMUM = 100;
    private static final int REQUESTS = 1500;
    private static final int PEERS = 150;
    private static final int SWARMS = 8;

    private final TrackerStore store;
    private final int limit;
    private final ToLongFunction<TrackerStore> registrations;
    private final AtomicLong clock = new AtomicLong(T0);

    Storm(TrackerStore store, int limit, ToLongFunction<TrackerStore> registrations) {
      this.store = store;
      this.limit = limit;
      this.registrations = registrations;
    }

    /** Returns by how many the acknowledged answers say that the registrations have grown. */
    int blow(SplittableRandom random) throws Exception {
      int growth = 0;
      for (int i = 0; i < REQUESTS; i++) {
        long nowMs = clock.addAndGet(random.nextInt(200));
        String id = "p" + random.nextInt(PEERS);
        growth +=
            switch (random.nextInt(10)) {
              case 0 -> expire(nowMs, random.nextInt(8));
              case 1, 2 -> find(id, swarm(random), nowMs);
              default -> request(randomConnect(id, random, nowMs), random.nextInt(8) == 0);
            };
        assertTrue(i % 64 != 0 || registrations.applyAsLong(store) <= limit);
      }
      return growth;
    }

    private static String swarm(SplittableRandom random) {
      return "s" + random.nextInt(SWARMS);
    }

    private static PeerCommand.Connect randomConnect(
        String id, SplittableRandom random, long nowMs) {
      ConnectBuilder connect = connect(id).maxSwarms(4);
      if (random.nextBoolean()) {
        connect.additive();
      }
      switch (random.nextInt(5)) {
        case 0 -> connect.seeder(swarm(random));
        case 1, 2 -> connect.leech(swarm(random));
        case 3 -> connect.leave(swarm(random));
        default -> {
          int first = random.nextInt(SWARMS);
          connect.leech("s" + first).leave("s" + (first + 1) % SWARMS);
        }
      }
      return connect.at(nowMs);
    }

    private int request(PeerCommand.Connect connect, boolean twice) throws Exception {
      int growth = settle(connect, await(store.onPeer(connect.peerId(), connect)));
      return twice
          ? growth + settle(connect, await(store.onPeer(connect.peerId(), connect)))
          : growth;
    }

    /** Does in the swarms what was decided, and returns the growth. */
    private int settle(PeerCommand.Connect connect, ConnectOutcome outcome) throws Exception {
      if (outcome instanceof ConnectOutcome.Refused refused) {
        return refused.departure() == null ? 0 : -finish(List.of(refused.departure()));
      }
      ConnectOutcome.Granted granted = granted(outcome);
      for (Step step : granted.steps()) {
        if (step.joins() && step.successful()) {
          await(join(store, step.swarm(), connect.peerId(), granted.stamp()));
        } else if (step.effect() == Step.Effect.LEFT) {
          await(leave(store, step.swarm(), connect.peerId(), granted.stamp()));
        }
      }
      await(
          store.onPeer(connect.peerId(), new PeerCommand.Track(connect.peerId(), connect.nowMs())));
      boolean ended = granted.terminated() && !granted.repeated();
      return (granted.registered() ? 1 : 0) - (ended ? 1 : 0);
    }

    private int find(String id, String swarm, long nowMs) throws Exception {
      SwarmKey key = new SwarmKey(swarm);
      if (await(store.onPeer(id, new PeerCommand.Find(id, key, true, Origin.UNKNOWN, nowMs)))
          .allowed()) {
        await(store.onSwarm(key, new SwarmCommand.Find(id, PeerNum.NOTHING, ALL)));
      }
      return 0;
    }

    private int expire(long nowMs, int maximum) throws Exception {
      List<Departure> departures = await(store.expire(nowMs, maximum, TIMERS));
      assertTrue(departures.size() <= maximum);
      return -finish(departures);
    }

    private int finish(List<Departure> departures) throws Exception {
      for (Departure departure : departures) {
        for (SwarmKey swarm : departure.swarms()) {
          await(leave(store, swarm, departure.peerId(), departure.stamp()));
        }
      }
      return await(store.forget(departures)).size();
    }

    void assertSettled(int registrations) throws Exception {
      int peers = 0;
      Set<SwarmKey> swarms = new HashSet<>();
      int members = 0;
      for (int i = 0; i < PEERS; i++) {
        String id = "p" + i;
        Optional<RegistrationView> registration = await(look(store, id));
        peers += registration.isPresent() ? 1 : 0;
        Set<SwarmKey> joined = new HashSet<>();
        for (int s = 0; s < SWARMS; s++) {
          SwarmKey swarm = new SwarmKey("s" + s);
          if (await(store.onSwarm(swarm, new SwarmCommand.Look(id))).isPresent()) {
            joined.add(swarm);
            members++;
          }
        }
        swarms.addAll(joined);
        Set<SwarmKey> memberships =
            registration.map(view -> view.memberships().keySet()).orElse(Set.of());
        assertTrue(joined.containsAll(memberships), id + " is missing in a swarm it has joined");
      }
      assertEquals(registrations, peers);
      assertEquals(new Census(peers, swarms.size(), members), await(store.census()));

      int expired = 0;
      for (int batch = -1; batch != 0; expired -= batch) {
        batch = expire(clock.get() + TRACK, 16);
      }
      assertEquals(peers, expired);
      assertEquals(0, await(store.census()).peers());
    }
  }

  private static CompletionStage<Optional<RegistrationView>> look(TrackerStore store, String id) {
    return store.onPeer(id, new PeerCommand.Look(id));
  }

  private static CompletionStage<?> join(
      TrackerStore store, SwarmKey swarm, String peerId, long stamp) {
    return store.onSwarm(swarm, new SwarmCommand.Join(member(peerId, stamp), null));
  }

  private static CompletionStage<Boolean> leave(
      TrackerStore store, SwarmKey swarm, String peerId, long stamp) {
    return store.onSwarm(swarm, new SwarmCommand.Leave(peerId, stamp));
  }

  private static ConnectOutcome.Granted granted(ConnectOutcome outcome) {
    return assertInstanceOf(ConnectOutcome.Granted.class, outcome);
  }

  private static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Runs one task per thread, all starting together, and returns what they return. */
  private static <T> List<T> concurrently(IntFunction<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Callable<T> task = tasks.apply(i);
        running.add(
            threads.submit(
                () -> {
                  start.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : running) {
        results.add(result.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
