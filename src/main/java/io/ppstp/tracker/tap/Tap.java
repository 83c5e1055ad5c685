package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.EventFilter.Scope;
import io.ppstp.tracker.tap.NodeReader.Surroundings;
import io.ppstp.tracker.tap.SeqWindow.Verdict;
import io.ppstp.tracker.tap.TapMark.EventId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows nodes and hands their events to an output. Confined to one event loop, save for what is
 * public.
 *
 * <p>What the output has taken is remembered about a second later, with the last event of each
 * node. So after a crash no event is passed over that nodes still keep, and one that was taken in
 * the last second, or since the last mark in the queue, may be taken twice; not so in files, whose
 * ends are read again.
 */
public final class Tap {
  private static final long TICK_MS = 1000;
  private static final int TICKS_PER_REPORT = 60;
  private static final long FIRST_WAIT_MS = 500;
  private static final long LONGEST_NODE_WAIT_MS = 5000;
  private static final long LONGEST_OUTPUT_WAIT_MS = 30_000;

  private final Vertx vertx;
  private final TapPlan plan;
  private final Edges edges;
  private final Context context;
  private final SeenEvents seen;
  private final Output output;
  private final Optional<StateFile> state;
  private final BatchQueue queue;
  private final Delivery delivery;
  private final List<Follower> followers = new ArrayList<>();
  private final Promise<Void> end = Promise.promise();
  private long duplicates;
  private long wentBy;
  private long gaps;
  private long unreadable;
  private int ticks;
  private boolean paused;
  private boolean everHeard;
  private TapCounts reported = TapCounts.NONE;

  /**
   * What a tap has from outside.
   *
   * @param random for waits that are not in step with those of others
   * @param notes told in words for the user what happens, on any thread
   */
  public record Edges(InstantSource clock, RandomGenerator random, Consumer<String> notes) {}

  private Tap(Vertx vertx, TapPlan plan, Edges edges, Opening opened) {
    this.vertx = vertx;
    this.plan = plan;
    this.edges = edges;
    this.seen = opened.seen();
    this.output = opened.output();
    this.state = opened.file();
    this.context = vertx.getOrCreateContext();
    this.queue = new BatchQueue(plan.batches(), System::nanoTime, this::markIfKept);
    this.delivery =
        new Delivery(
            vertx,
            queue,
            output,
            new Backoff(FIRST_WAIT_MS, LONGEST_OUTPUT_WAIT_MS, edges.random()),
            new Delivery.Keeper(opened.file(), plan.filter().query(), opened.worker(), this::mark),
            new Deliveries());
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(plan.nodes().size());
    Surroundings around =
        new Surroundings(
            vertx,
            vertx.createHttpClient(options(plan.pass()), pool),
            plan.pass().token(),
            System::nanoTime);
    for (URI node : plan.nodes()) {
      followers.add(new Follower(around, node, opened.lastIds().get(node.toString())));
    }
  }

  private static HttpClientOptions options(TapPlan.NodePass pass) {
    HttpClientOptions options = new HttpClientOptions().setKeepAlive(false);
    pass.authorities()
        .ifPresent(
            pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
    return options;
  }

  /**
   * Prepares a tap; reads its state and what an earlier run has written. Blocks.
   *
   * @param vertx which the caller closes
   * @throws TapException if the user has to mend something first
   */
  public static Tap open(Vertx vertx, TapPlan plan, Edges edges) throws TapException {
    return new Tap(vertx, plan, edges, Opening.of(vertx, plan, edges.clock(), edges.notes()));
  }

  /**
   * Starts; completes after {@link #stop}, fails with a {@link TapException} if it cannot go on.
   */
  public Future<Void> run() {
    context.runOnContext(
        begin -> {
          delivery.end().onSuccess(end::tryComplete).onFailure(end::tryFail);
          long timer = vertx.setPeriodic(TICK_MS, tick -> tick());
          followers.forEach(follower -> follower.reader.start());
          end.future()
              .onComplete(
                  ended -> {
                    vertx.cancelTimer(timer);
                    followers.forEach(follower -> follower.reader.stop());
                  });
        });
    return end.future().eventually(this::closeState);
  }

  private Future<Void> closeState() {
    state.ifPresent(StateFile::close);
    return Future.succeededFuture();
  }

  /** Ends after what has been read is handed over. */
  public void stop() {
    context.runOnContext(
        now -> {
          followers.forEach(follower -> follower.reader.stop());
          delivery.finish();
        });
  }

  /** Returns what has come of it so far. */
  public Future<TapCounts> counts() {
    Promise<TapCounts> counts = Promise.promise();
    context.runOnContext(now -> counts.complete(count()));
    return counts.future();
  }

  /** Returns the bytes that wait for the output. */
  Future<Long> held() {
    Promise<Long> held = Promise.promise();
    context.runOnContext(now -> held.complete(queue.held()));
    return held.future();
  }

  private TapCounts count() {
    return new TapCounts(
        delivery.written(),
        duplicates,
        plan.filter().isWhole() ? seen.missing() : -1,
        wentBy,
        gaps,
        unreadable,
        output.refused());
  }

  private void tick() {
    delivery.tick();
    if (++ticks % TICKS_PER_REPORT == 0) {
      TapCounts now = count();
      if (now.losses() != reported.losses()) {
        edges.notes().accept(now.text());
        reported = now;
      }
    }
  }

  private @Nullable TapMark markIfKept() {
    return state.isEmpty() ? null : mark();
  }

  private TapMark mark() {
    Map<String, EventId> lastIds = new LinkedHashMap<>();
    for (Follower follower : followers) {
      follower.reader.last().ifPresent(id -> lastIds.put(follower.node.toString(), id));
    }
    return new TapMark(lastIds, seen.marks());
  }

  private void pauseAll() {
    if (!paused && queue.isFull()) {
      paused = true;
      followers.forEach(follower -> follower.reader.pause());
    }
  }

  /** Lets reading go on when the output has taken enough. */
  private final class Deliveries implements Delivery.Listener {
    @Override
    public void hasRoom() {
      if (paused && queue.isRoomy()) {
        paused = false;
        followers.forEach(follower -> follower.reader.resume());
      }
    }

    @Override
    public void note(String text) {
      edges.notes().accept(text);
    }
  }

  /** Takes what one node tells. */
  private final class Follower implements NodeReader.Listener {
    private final URI node;
    private final NodeReader reader;
    private final boolean expectsAll;
    private boolean hears;
    private boolean silent;
    private boolean refuses;

    Follower(Surroundings around, URI node, @Nullable EventId last) {
      this.node = node;
      this.expectsAll = plan.filter().isWhole() && plan.filter().scope() == Scope.NODE;
      this.reader =
          new NodeReader(
              around,
              node,
              plan.filter().query(),
              new Backoff(FIRST_WAIT_MS, LONGEST_NODE_WAIT_MS, edges.random()),
              this);
      if (last != null) {
        reader.heard(last);
      }
    }

    @Override
    public void line(byte[] bytes, int from, int length) {
      EventLine line = EventLine.of(bytes, from, length);
      if (line == null) {
        unreadable++;
      } else if (line.isLoss()) {
        wentBy += line.lost();
        gaps += line.lost() == 0 ? 1 : 0;
      } else {
        event(line, bytes, from, length);
      }
    }

    private void event(EventLine line, byte[] bytes, int from, int length) {
      if (expectsAll && reader.last().filter(id -> !id.process().equals(line.node())).isPresent()) {
        // The node was started anew: what it told until it was asked again is lost.
        seen.expectFromStart(line.node());
      }
      queue.makeRoom(length);
      Verdict verdict = seen.take(line.node(), line.seq());
      if (verdict != Verdict.STRAY) {
        reader.heard(new EventId(line.node(), line.seq()));
      }
      if (verdict == Verdict.SEEN) {
        duplicates++;
      } else {
        queue.add(bytes, from, length);
      }
    }

    @Override
    public void tooLong() {
      unreadable++;
    }

    @Override
    public void pieceEnds() {
      delivery.work();
      pauseAll();
    }

    @Override
    public void begins() {
      if (!hears) {
        edges.notes().accept("follows " + node);
      }
      hears = true;
      silent = false;
      refuses = false;
      everHeard = true;
    }

    @Override
    public void ceases(String why) {
      if (!silent) {
        edges.notes().accept(node + ": " + why + "; trying again");
      }
      hears = false;
      silent = true;
    }

    @Override
    public boolean refused(String why) {
      if (!everHeard) {
        end.tryFail(new TapException(node + ": " + why));
      } else if (!refuses) {
        // This is said also if it was out of reach before.
        refuses = true;
        silent = false;
      }
      return everHeard;
    }
  }
}
