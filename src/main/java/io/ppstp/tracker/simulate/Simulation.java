package io.ppstp.tracker.simulate;

import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.simulate.RequestCount.Tally;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets the peers of a {@link Scenario} live. Confined to one event loop, save for {@link #run} and
 * {@link #snapshot}.
 *
 * <p>An open loop: what a peer does next is due at a time of its own, whether the tracker keeps up
 * or not, and latency counts from then. A tracker that stalls cannot slow down its own load, nor
 * hide the time that requests waited.
 */
public final class Simulation {
  private static final double SPREAD = 0.1;
  private static final long DOWNLOADED_PER_SECOND = 500_000;
  private static final long LAST_ANSWERS_MS = 30_000;
  private static final long POLL_MS = 20;

  private final Scenario scenario;
  private final PeerConnections lines;
  private final Context context;
  private final Vertx vertx;
  private final SplittableRandom random;
  private final Zipf popularity;
  private final String prefix;
  private final Schedule agenda = new Schedule();
  private final Map<RequestType, Tally> tallies = new EnumMap<>(RequestType.class);
  private final Promise<Void> finished = Promise.promise();
  private long numbers;
  private long present;
  private long open;
  private long startNs;
  private long endNs;
  private final Truth truth;

  /**
   * Prepares what {@code scenario} says, on {@code vertx}, which the caller closes.
   *
   * @param truth is told what peers did
   */
  public Simulation(Scenario scenario, Vertx vertx, Truth truth) {
    this.truth = truth;
    this.scenario = scenario;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.random = new SplittableRandom(scenario.seed());
    this.popularity = new Zipf(scenario.channels(), scenario.zipf());
    this.prefix = "sim-" + Long.toHexString(random.nextLong() & 0xffffff) + "-";
    this.lines = new PeerConnections(scenario, vertx);
    for (RequestType type : RequestType.values()) {
      tallies.put(type, new Tally(type));
    }
  }

  /**
   * What has happened so far.
   *
   * @param present peers that are there now
   * @param open requests that wait for an answer or for their connection
   */
  public record Snapshot(Duration elapsed, long present, long open, List<RequestCount> requests) {}

  /** Starts; completes when the scenario's time is over and the last answers are in. */
  public Future<Void> run() {
    startNs = System.nanoTime();
    context.runOnContext(prepare -> lines.prepare().onComplete(ready -> begin()));
    return finished.future();
  }

  /** Returns what has happened so far. */
  public Future<Snapshot> snapshot() {
    Promise<Snapshot> promise = Promise.promise();
    context.runOnContext(
        now -> {
          List<RequestCount> requests = new ArrayList<>();
          tallies.values().forEach(tally -> requests.add(tally.count()));
          Duration elapsed = Duration.ofNanos(System.nanoTime() - startNs);
          promise.complete(new Snapshot(elapsed, present, open, List.copyOf(requests)));
        });
    return promise.future();
  }

  private void begin() {
    startNs = System.nanoTime();
    endNs = startNs + scenario.duration().toNanos();
    // Arrivals of a Poisson process, given their number, are spread evenly over its time.
    for (int i = 0; i < scenario.peers(); i++) {
      long at = startNs + (long) (random.nextDouble() * scenario.arrival().toNanos());
      agenda.add(at, this::arrive);
    }
    vertx.setPeriodic(1, this::tick);
  }

  private void tick(long timer) {
    long now = System.nanoTime();
    Schedule.DueTask item = agenda.next(Math.min(now, endNs));
    while (item != null) {
      item.task().run(item.dueNs());
      item = agenda.next(Math.min(now, endNs));
    }
    if (now >= endNs) {
      vertx.cancelTimer(timer);
      awaitLastAnswers(now + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWERS_MS));
    }
  }

  private void awaitLastAnswers(long untilNs) {
    if (open == 0 || System.nanoTime() >= untilNs) {
      lines.close();
      finished.tryComplete();
    } else {
      vertx.setTimer(POLL_MS, again -> awaitLastAnswers(untilNs));
    }
  }

  private void arrive(long dueNs) {
    long number = numbers++;
    VirtualPeer peer =
        new VirtualPeer(prefix, number, popularity.next(random), lines.forPeer(number));
    present++;
    int channel = peer.channel();
    send(peer, RequestType.CONNECT, peer.arrival(), dueNs, () -> truth.joined(peer, channel));
    double reportNs = scenario.report().toNanos();
    // Its first report comes anywhere in the first interval, or a flash crowd would march in step.
    agenda.add(dueNs + (long) (reportNs * random.nextDouble()), due -> report(peer, due));
    agenda.add(dueNs + exponential(scenario.find()), due -> find(peer, due));
    agenda.add(dueNs + exponential(scenario.change()), due -> change(peer, due));
    agenda.add(dueNs + exponential(scenario.stay()), due -> depart(peer, due));
  }

  private long exponential(Duration mean) {
    double factor = -Math.log(1 - random.nextDouble());
    return (long) Math.min(Long.MAX_VALUE / 4.0, factor * mean.toNanos());
  }

  private void report(VirtualPeer peer, long dueNs) {
    if (peer.isGone()) {
      return;
    }
    long downloaded = scenario.report().toSeconds() * DOWNLOADED_PER_SECOND;
    int channel = peer.channel();
    long before = peer.uploaded();
    byte[] report = peer.report(downloaded);
    long uploaded = peer.uploaded() - before;
    send(
        peer,
        RequestType.STAT_REPORT,
        report,
        dueNs,
        () -> truth.reported(channel, uploaded, downloaded));
    double factor = 1 + SPREAD * (2 * random.nextDouble() - 1);
    long next = dueNs + (long) (scenario.report().toNanos() * factor);
    agenda.add(next, due -> report(peer, due));
  }

  private void find(VirtualPeer peer, long dueNs) {
    if (!peer.isGone()) {
      send(peer, RequestType.FIND, peer.find(), dueNs, () -> {});
      agenda.add(dueNs + exponential(scenario.find()), due -> find(peer, due));
    }
  }

  private void change(VirtualPeer peer, long dueNs) {
    if (peer.isGone()) {
      return;
    }
    int to = popularity.next(random);
    if (to != peer.channel()) {
      int from = peer.channel();
      send(peer, RequestType.CONNECT, peer.change(to), dueNs, () -> truth.switched(peer, from, to));
    }
    agenda.add(dueNs + exponential(scenario.change()), due -> change(peer, due));
  }

  private void depart(VirtualPeer peer, long dueNs) {
    peer.go();
    present--;
    int channel = peer.channel();
    if (random.nextDouble() >= scenario.silent()) {
      send(peer, RequestType.CONNECT, peer.departure(), dueNs, () -> truth.left(peer, channel));
    } else {
      peer.afterAll(() -> truth.silent(peer, channel));
    }
    lines.release(peer.line);
    agenda.add(dueNs, this::arrive);
  }

  /** Has a request sent; {@code granted} runs if it is. */
  private void send(VirtualPeer peer, RequestType type, byte[] body, long dueNs, Runnable granted) {
    Tally tally = tally(type);
    open++;
    peer.asks();
    peer.line.send(
        new PeerConnection.PendingRequest(
            Buffer.buffer(body),
            () -> {
              tally.sent();
              peer.sentMs = truth.nowMs();
            },
            outcome -> {
              open--;
              if (outcome.answered()) {
                tally.answered(outcome.detail(), System.nanoTime() - dueNs);
              } else {
                tally.failed(outcome.detail());
              }
              if (outcome.answered() && outcome.detail().isEmpty()) {
                peer.heardMs = peer.sentMs;
                peer.heardWithinMs = truth.nowMs() - peer.sentMs;
                granted.run();
              } else {
                truth.unclear();
              }
              peer.isAnswered();
            }));
  }

  private Tally tally(RequestType type) {
    Tally tally = tallies.get(type);
    if (tally == null) {
      throw new IllegalStateException("no tally of " + type);
    }
    return tally;
  }

  /**
   * Chooses among channels of which the k-th is k^s times less popular than the first. Immutable.
   */
  static final class Zipf {
    private final double[] upTo;

    Zipf(int channels, double exponent) {
      upTo = new double[channels];
      double sum = 0;
      for (int i = 0; i < channels; i++) {
        sum += Math.pow(i + 1.0, -exponent);
        upTo[i] = sum;
      }
    }

    /** Returns a channel, counted from 0. */
    int next(SplittableRandom random) {
      double at = random.nextDouble() * upTo[upTo.length - 1];
      int found = Arrays.binarySearch(upTo, at);
      return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
    }
  }

  /**
   * What is to be done, by the time at which it is due. Confined to the simulation's event loop.
   */
  static final class Schedule {
    /**
     * Something to do; {@code order} makes the order of things due at the same time a fixed one.
     */
    record DueTask(long dueNs, long order, Task task) implements Comparable<DueTask> {
      @Override
      public int compareTo(DueTask other) {
        int byTime = Long.compare(dueNs, other.dueNs);
        return byTime == 0 ? Long.compare(order, other.order) : byTime;
      }
    }

    /** Does something that was due at {@code dueNs}. */
    interface Task {
      void run(long dueNs);
    }

    private final PriorityQueue<DueTask> items = new PriorityQueue<>();
    private long lastOrder;

    void add(long dueNs, Task task) {
      items.add(new DueTask(dueNs, ++lastOrder, task));
    }

    /** Removes and returns the first thing that is due, or null. */
    @Nullable DueTask next(long nowNs) {
      DueTask first = items.peek();
      return first == null || first.dueNs() > nowNs ? null : items.remove();
    }
  }
}
