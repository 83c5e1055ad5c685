package io.ppstp.tracker.store;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.Peers.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Peers that come, switch, leave, repeat themselves and time out, on many threads, and the books of
 * what the store has answered. Thread-safe.
 */
final class StoreStorm {
  /** Peers that one node takes charge of: too few for all that want to come. */
  static final int MAXIMUM = 100;

  private static final long DEADLINE_SECONDS = 120;
  private static final int REQUESTS = 300;
  private static final int PEERS = 150;
  private static final int SWARMS = 8;

  private final TrackerStore store;
  private final int limit;
  private final StoreLists lists;
  private final AtomicLong clock = new AtomicLong(1_000_000_000);

  /** By how many registrations have grown, as far as answers have told. */
  private final AtomicInteger growth = new AtomicInteger();

  StoreStorm(TrackerStore store, int nodes) {
    this.store = store;
    this.limit = nodes * MAXIMUM;
    this.lists =
        new StoreLists(
            store,
            nodes,
            IntStream.range(0, PEERS).mapToObj(i -> "p" + i).toList(),
            IntStream.range(0, SWARMS).mapToObj(i -> "s" + i).toList());
  }

  private static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Sends one thread's share; to be called on many. */
  int blow(SplittableRandom random) throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      long nowMs = clock.addAndGet(random.nextInt(200));
      String id = "p" + random.nextInt(PEERS);
      switch (random.nextInt(12)) {
        case 0 -> expire(nowMs, random.nextInt(8));
        case 1, 2 -> find(id, new SwarmKey(swarm(random)), nowMs);
        case 3 -> await(store.change(id, new PeerCommand.Touch(List.of(new Heard(id, nowMs)))));
        default -> request(randomConnect(id, random, nowMs), random.nextInt(8) == 0);
      }
    }
    return REQUESTS;
  }

  private static String swarm(SplittableRandom random) {
    return "s" + random.nextInt(SWARMS);
  }

  private static PeerCommand.Connect randomConnect(String id, SplittableRandom random, long nowMs) {
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
    if (random.nextInt(3) == 0) {
      connect.advertising(addresses(1 + random.nextInt(9)));
    }
    return connect.at(nowMs);
  }

  private void request(PeerCommand.Connect connect, boolean twice) throws Exception {
    settle(await(store.change(connect.peerId(), connect)));
    if (twice) {
      settle(await(store.change(connect.peerId(), connect)));
    }
  }

  private void settle(ConnectOutcome outcome) {
    if (outcome instanceof ConnectOutcome.Refused refused) {
      growth.addAndGet(refused.departure() == null ? 0 : -1);
    } else if (outcome instanceof ConnectOutcome.Granted granted) {
      boolean ended = granted.terminated() && !granted.repeated();
      growth.addAndGet((granted.registered() ? 1 : 0) - (ended ? 1 : 0));
    }
  }

  private void find(String id, SwarmKey swarm, long nowMs) throws Exception {
    PeerQuery.Find find = new PeerQuery.Find(id, swarm, true, Origin.UNKNOWN, nowMs);
    if (await(store.ask(id, find)).allowed()) {
      store.state(swarm, new Statement(id, null, new StreamStats(swarm.swarmId(), 1, 2, 3, 4)));
    }
  }

  private void expire(long nowMs, int maximum) {
    List<Departure> departures =
        store.expire(nowMs, maximum, TRACK_MS).toCompletableFuture().join();
    for (Departure departure : departures) {
      assertEquals(Departure.Cause.TIMED_OUT, departure.cause());
      assertNotNull(departure.peerId());
    }
    growth.addAndGet(-departures.size());
  }

  private long registrations() {
    return store.census().toCompletableFuture().join().peers();
  }

  /** Nobody does anything now: what was answered is what is there, and lists follow. */
  void assertSettled() {
    Await.until(
        () -> growth + " by the answers, but " + registrations(),
        () -> {
          // Departures whose lists have followed since are told now.
          expire(clock.get(), 0);
          return registrations() == growth.get();
        });
    assertTrue(growth.get() <= limit, () -> growth + " of at most " + limit);
    lists.awaitFollowed();
  }

  /** All fall silent. */
  void calm() {
    long endMs = clock.addAndGet(TRACK_MS);
    Await.until(
        () -> growth + " are not told of",
        () -> {
          expire(endMs, 16);
          return growth.get() <= 0;
        });
    assertEquals(0, growth.get(), "each told of once");
    StoreLists.awaitCensus(store, Census.NONE);
    lists.awaitFollowed();
  }
}
