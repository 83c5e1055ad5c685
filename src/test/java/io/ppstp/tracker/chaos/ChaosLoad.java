package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import io.ppstp.tracker.chaos.Linearization.Attempt;
import io.ppstp.tracker.chaos.NodeClient.Response;
import io.ppstp.tracker.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Peers that act at a bounded rate, each of them one request after another, each request at a node
 * drawn at random and repeated, unchanged, until it is settled. Answers are compared with what was
 * acknowledged. Thread-safe; all peers are confined to one thread of its own.
 */
final class ChaosLoad implements AutoCloseable {
  private static final long TICK_MS = 5;
  private static final long FIRST_REPEAT_NS = 50_000_000;
  private static final long LAST_REPEAT_NS = 1_000_000_000;
  private static final Duration LONGEST_OPERATION = Duration.ofMinutes(2);

  private record Due(long atNs, Runnable work) {}

  private final List<ChaosPeer> peers = new ArrayList<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::atNs));
  private final NodeClient client;
  private final Findings findings;
  private final SplittableRandom random;
  private final int rate;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "chaos load");
            made.setDaemon(true);
            return made;
          });
  private final ScheduledFuture<?> ticking;
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();
  private volatile List<ChaosNode> targets = List.of();
  private volatile int pairPercent;
  private volatile boolean isPaused = true;
  private long lastTickNs = System.nanoTime();
  private double allowance;

  ChaosLoad(ChaosOptions options, SplittableRandom random, NodeClient client, Findings findings) {
    this.client = client;
    this.findings = findings;
    this.random = random;
    this.rate = options.rate();
    this.pairPercent = options.pairPercent();
    for (int c = 0; c < options.clients(); c++) {
      for (int p = 0; p < options.peersPerClient(); p++) {
        peers.add(new ChaosPeer("c" + c + "p" + p, random.split(), options.swarms()));
      }
    }
    peers.forEach(this::scheduleNext);
    ticking = thread.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Sets the nodes that peers know of. */
  void setTargets(List<ChaosNode> nodes) {
    targets = List.copyOf(nodes);
  }

  /** Sets how many changes of a hundred go to two nodes at once; if all, peers only change. */
  void setPairPercent(int percent) {
    pairPercent = percent;
  }

  /** Returns the requests that were sent so far, repeats included. */
  long requests() {
    return requests.get();
  }

  /** Returns how many of them were repeats. */
  long repeats() {
    return repeats.get();
  }

  /** Returns all peers; only while paused. */
  List<ChaosPeer> peers() {
    return peers;
  }

  /** Lets peers go on. */
  void resume() {
    isPaused = false;
  }

  /** Lets no peer begin anything new, and waits until all is settled that was begun. */
  void pause() throws Exception {
    isPaused = true;
    CompletableFuture.runAsync(() -> {}, thread).join();
    Await.until("settled requests", LONGEST_OPERATION.plusSeconds(10), () -> busy.get() == 0);
    CompletableFuture.runAsync(() -> {}, thread).join();
  }

  private void tick() {
    long nowNs = System.nanoTime();
    allowance = Math.min(rate / 20.0, allowance + rate * (nowNs - lastTickNs) / 1e9);
    lastTickNs = nowNs;
    while (allowance >= 1 && !due.isEmpty() && due.element().atNs() - nowNs <= 0) {
      due.remove().work().run();
    }
  }

  private void after(long delayNs, Runnable work) {
    due.add(new Due(System.nanoTime() + delayNs, work));
  }

  private void scheduleNext(ChaosPeer peer) {
    long meanNs = 1_000_000_000L * peers.size() / rate;
    after(meanNs / 5 + peer.random.nextLong(meanNs * 8 / 5), () -> begin(peer));
  }

  private void begin(ChaosPeer peer) {
    List<ChaosNode> known = targets;
    if (isPaused || known.isEmpty()) {
      scheduleNext(peer);
      return;
    }
    busy.incrementAndGet();
    Operation operation =
        new Operation(
            peer.behaviour.next(peer.allowed, peer.lastLeft, pairPercent), System.nanoTime());
    peer.operation = operation;
    int first = random.nextInt(known.size());
    for (Operation.Lane lane : operation.lanes) {
      send(peer, operation, lane, known.get(first++ % known.size()));
    }
  }

  private void send(ChaosPeer peer, Operation operation, Operation.Lane lane, ChaosNode node) {
    allowance--;
    requests.incrementAndGet();
    CompletableFuture<?> unused =
        client
            .send(node, peer.id, lane.request)
            .handleAsync(
                (response, failure) -> {
                  answered(peer, operation, lane, node, response, failure);
                  return null;
                },
                thread)
            .exceptionally(
                failure -> {
                  findings.add(Findings.Kind.CLUSTER, "the test itself failed: " + failure, "");
                  return null;
                });
  }

  private void answered(
      ChaosPeer peer,
      Operation operation,
      Operation.Lane lane,
      ChaosNode node,
      @Nullable Response response,
      @Nullable Throwable failure) {
    if (peer.operation != operation) {
      return;
    }
    String outcome = response == null ? cause(failure) : response.answer() + response.told();
    peer.tell(node + " " + lane.request + " -> " + outcome);
    if (response != null && response.answer().isDefinite()) {
      lane.attempts.add(new Attempt(lane.request, response.answer()));
      lane.response = response;
      lane.answeredBy = node;
      if (operation.isSettled()) {
        settle(peer, operation);
      }
      return;
    }
    lane.attempts.add(new Attempt(lane.request, null));
    if (System.nanoTime() - operation.startedNs > LONGEST_OPERATION.toNanos()) {
      findings.add(
          Findings.Kind.CONTRADICTION,
          peer.id + ": in vain for " + LONGEST_OPERATION + ": " + lane.request,
          peer.story());
      lose(peer);
      return;
    }
    int doublings = Math.min(lane.attempts.size() - 1, 5);
    long waitNs = Math.min(LAST_REPEAT_NS, FIRST_REPEAT_NS << doublings);
    after(waitNs / 2 + peer.random.nextLong(waitNs), () -> repeat(peer, operation, lane));
  }

  private void repeat(ChaosPeer peer, Operation operation, Operation.Lane lane) {
    repeats.incrementAndGet();
    List<ChaosNode> known = targets;
    send(peer, operation, lane, known.get(random.nextInt(known.size())));
  }

  private static String cause(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return String.valueOf(cause);
  }

  private void settle(ChaosPeer peer, Operation operation) {
    Set<PeerState> after = Linearization.explain(peer.allowed, operation.sequences());
    if (after.isEmpty()) {
      after = findFault(peer, operation);
    }
    if (after.isEmpty() && operation.isChange()) {
      lose(peer);
      return;
    }
    peer.take(after.isEmpty() ? peer.allowed : after, operation);
    peer.operation = null;
    busy.decrementAndGet();
    scheduleNext(peer);
  }

  /** Returns the states that a late execution leads to, none if nothing explains the answers. */
  private Set<PeerState> findFault(ChaosPeer peer, Operation operation) {
    List<List<Attempt>> sequences = operation.sequences();
    sequences.add(peer.strays());
    Set<PeerState> after = new HashSet<>(Linearization.explain(peer.allowed, sequences));
    boolean isLate = !after.isEmpty();
    findings.add(
        isLate ? Findings.Kind.LATE : Findings.Kind.CONTRADICTION,
        describe(peer, operation),
        peer.story());
    if (isLate && !operation.isChange()) {
      // The node that answered may have been wrong about it: the next answers tell.
      after.addAll(peer.allowed);
    }
    return after;
  }

  private void lose(ChaosPeer peer) {
    peer.isLost = true;
    peer.operation = null;
    busy.decrementAndGet();
  }

  private static String describe(ChaosPeer peer, Operation operation) {
    StringBuilder text = new StringBuilder(peer.id);
    for (Operation.Lane lane : operation.lanes) {
      text.append("; ").append(lane.answeredBy).append(" answered ").append(lane.request);
      text.append(" with ").append(lane.response == null ? "nothing" : lane.response.answer());
    }
    return text.toString();
  }

  @Override
  public void close() {
    ticking.cancel(false);
    thread.shutdownNow();
  }
}
