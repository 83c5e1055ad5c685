package io.ppstp.tracker.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Peers that join, switch, leave, find and report at any node of a cluster, and remember what was
 * acknowledged. What fails is repeated, unchanged, at another node until it succeeds, as RFC 7846
 * tells peers to. Thread-safe.
 */
final class ClusterLoad implements AutoCloseable {
  private static final int WORKERS = 4;
  private static final int SWARMS = 30;

  /**
   * Between the requests of one worker: the nodes shall have work, and not all the CPU there is.
   */
  private static final long PAUSE_NS = 8_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration LONGEST_FAULT = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  /** A node as peers know it. */
  record Target(PpstpClient client, String name) {
    static Target of(TrackerProcess node) {
      return new Target(new PpstpClient(node.http(), HTTP), node.http().toString());
    }
  }

  private final List<List<LoadPeer>> peersOfWorkers = new ArrayList<>();
  private volatile List<Target> targets = List.of();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final Semaphore running = new Semaphore(0, true);
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final List<Future<?>> work = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();
  private final AtomicInteger mostRepeats = new AtomicInteger();
  private final AtomicLong longestNs = new AtomicLong();
  private final AtomicLong transactions = new AtomicLong();
  private volatile boolean over;

  ClusterLoad(SplittableRandom random, int peersPerWorker) {
    for (int worker = 0; worker < WORKERS; worker++) {
      List<LoadPeer> peers = new ArrayList<>();
      for (int i = 0; i < peersPerWorker; i++) {
        peers.add(new LoadPeer("w" + worker + "p" + i));
      }
      peersOfWorkers.add(peers);
      SplittableRandom own = random.split();
      work.add(workers.submit(() -> work(peers, own)));
    }
  }

  /** Sets the nodes that peers know of. */
  synchronized void setTargets(List<Target> nodes) {
    targets = List.copyOf(nodes);
  }

  /** Lets all workers go on. */
  void resume() {
    running.release(WORKERS);
  }

  /** Waits until each worker has finished what it had begun, and keeps them from going on. */
  void pause() throws InterruptedException {
    if (!running.tryAcquire(WORKERS, 2, TimeUnit.MINUTES)) {
      throw new AssertionError("the peers do not come to rest; " + violations);
    }
  }

  /** Lets peers whose requests were held up do others again; only while paused. */
  void endWaiting() {
    peersOfWorkers.forEach(peers -> peers.forEach(peer -> peer.waits = false));
  }

  /** Returns the acknowledged requests so far. */
  long requests() {
    return requests.get();
  }

  /** Returns how many requests had to be repeated so far. */
  long repeats() {
    return repeats.get();
  }

  /** Returns how long the unluckiest request took with its repeats since this was last asked. */
  Duration takeLongest() {
    return Duration.ofNanos(longestNs.getAndSet(0));
  }

  /** Returns how often the unluckiest request had to be repeated since this was last asked. */
  int takeMostRepeats() {
    return mostRepeats.getAndSet(0);
  }

  /** Returns what contradicted an acknowledgement. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  private Void work(List<LoadPeer> peers, SplittableRandom random) throws Exception {
    while (!over) {
      running.acquire();
      try {
        LoadPeer peer = peers.get(random.nextInt(peers.size()));
        if (!peer.waits) {
          act(peer, random);
        }
      } catch (RuntimeException | AssertionError e) {
        violations.add(e.toString());
      } finally {
        running.release();
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
    return null;
  }

  private void act(LoadPeer peer, SplittableRandom random) throws Exception {
    String transaction = "t" + transactions.incrementAndGet();
    List<String> swarms = List.copyOf(peer.joined.keySet());
    if (swarms.isEmpty()) {
      join(peer, transaction, random);
      return;
    }
    String swarm = swarms.get(random.nextInt(swarms.size()));
    switch (random.nextInt(8)) {
      case 0 -> leave(peer, transaction, swarms);
      case 1, 2 -> {
        if (peer.joined.containsValue("LEECH")) {
          change(peer, transaction, swarm, anySwarm(random));
        } else {
          leave(peer, transaction, List.of(swarm));
        }
      }
      case 3, 4 -> send(peer, Message.statReport(peer.id, transaction, swarm), random);
      default -> send(peer, Message.find(peer.id, transaction, swarm), random);
    }
  }

  private static String anySwarm(SplittableRandom random) {
    return "s" + random.nextInt(SWARMS);
  }

  private void join(LoadPeer peer, String transaction, SplittableRandom random) throws Exception {
    Message connect = Message.connect(peer.id, transaction).address("192.0.2.1", 8080);
    Map<String, String> wanted = new TreeMap<>();
    if (random.nextBoolean()) {
      wanted.put(anySwarm(random), "LEECH");
    } else {
      for (int i = random.nextInt(3); i >= 0; i--) {
        wanted.put(anySwarm(random), "SEEDER");
      }
    }
    wanted.forEach(
        (swarm, mode) -> {
          if (mode.equals("LEECH")) {
            connect.joinAsLeech(swarm);
          } else {
            connect.joinAsSeeder(swarm);
          }
        });
    send(peer, connect, random);
    peer.joined.putAll(wanted);
  }

  private void change(LoadPeer peer, String transaction, String from, String to) throws Exception {
    if (from.equals(to)) {
      return;
    }
    SplittableRandom random = new SplittableRandom(transaction.hashCode());
    send(peer, Message.connect(peer.id, transaction).joinAsLeech(to).leave(from), random);
    peer.joined.remove(from);
    peer.joined.put(to, "LEECH");
    peer.lastLeft = from;
  }

  private void leave(LoadPeer peer, String transaction, List<String> swarms) throws Exception {
    Message connect = Message.connect(peer.id, transaction);
    swarms.forEach(connect::leave);
    send(peer, connect, new SplittableRandom(transaction.hashCode()));
    for (String swarm : swarms) {
      peer.joined.remove(swarm);
      peer.lastLeft = swarm;
    }
  }

  /** Sends a message that must succeed, at one node after another until it does. */
  private void send(LoadPeer peer, Message message, SplittableRandom random) throws Exception {
    int first = random.nextInt(1 << 16);
    long begun = System.nanoTime();
    long end = begun + LONGEST_FAULT.toNanos();
    for (int attempt = 0; ; attempt++) {
      List<Target> known = targets;
      Target target = known.get((first + attempt) % known.size());
      String failure = attempt(peer, message, target);
      if (failure == null) {
        requests.incrementAndGet();
        longestNs.accumulateAndGet(System.nanoTime() - begun, Math::max);
        return;
      }
      repeats.incrementAndGet();
      mostRepeats.accumulateAndGet(attempt + 1, Math::max);
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("in vain for " + LONGEST_FAULT + ":" + peer.story());
      }
    }
  }

  /** Returns why the message has to be repeated, null if it succeeded. */
  private @Nullable String attempt(LoadPeer peer, Message message, Target target)
      throws InterruptedException {
    @Nullable String failure;
    try {
      byte[] body = message.bytes();
      PpstpClient client = target.client();
      Reply reply = client.send(client.request("/", body).timeout(PATIENCE).build());
      failure = reply.isSuccess() ? null : reply.text();
      peer.tell(target.name() + " " + message.json() + " -> " + reply.errorCode());
      assertAllDone(reply, message);
      assertMayFail(reply, peer);
    } catch (IOException e) {
      if (e instanceof HttpTimeoutException) {
        peer.waits = true;
        forget(target);
      }
      failure = e.toString();
      peer.tell(target.name() + " " + message.json() + " -> " + failure);
    }
    return failure;
  }

  /** Asks a node no more, unless it is the last. */
  private synchronized void forget(Target silent) {
    List<Target> others = targets.stream().filter(it -> !it.equals(silent)).toList();
    targets = others.isEmpty() ? targets : others;
  }

  /** Only error 04 and 05 say that a repeat may help. */
  private static void assertMayFail(Reply reply, LoadPeer peer) {
    int code = reply.errorCode();
    if (code != 0 && code != 4 && code != 5) {
      throw new AssertionError("refused:" + peer.story());
    }
  }

  private static void assertAllDone(Reply reply, Message message) {
    for (JsonNode result : reply.message().path("swarm_result")) {
      if (result.path("result").asInt(-1) != 0) {
        throw new AssertionError("part failed: " + message.json() + reply.text());
      }
    }
  }

  /** Returns all peers; only while paused. */
  List<LoadPeer> peers() {
    return peersOfWorkers.stream().flatMap(List::stream).toList();
  }

  /** Ends the workers, whatever they are at. */
  @Override
  public void close() {
    over = true;
    workers.shutdownNow();
  }
}
