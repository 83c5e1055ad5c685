package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.SocketBus;
import io.ppstp.tracker.bus.SocketOutputs;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the room of browsers on the event bus, for the sockets of one instance of ingress. */
public final class WebTorrentVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebTorrentVerticle.class);

  /** For those whose sockets were closed with the node to leave their swarms. */
  private static final long LEAVE_SECONDS = 5;

  private static final int MOST_TOGETHER = 256;
  private static final long TICK_MS = 1000;

  private final int instance;
  private final Shared shared;
  private final Executor loop = task -> context.runOnContext(now -> task.run());
  private final LogLimiter lines = new LogLimiter(System::nanoTime);
  private final Promise<Void> idle = Promise.promise();
  private List<Output> outputs = new ArrayList<>();
  private boolean stopping;
  private long ticks;
  private @Nullable BrowserRoom room;

  /**
   * What the instances have in common; each part is thread-safe.
   *
   * @param rules of which the limits may change
   * @param node a number of 40 bits that no other node has
   * @param key of offer tokens, of two words
   * @param clock the time that all nodes agree on
   * @param remote whether there may be other nodes
   */
  public record Shared(
      SocketBus bus,
      TrackerStore store,
      Supplier<RoomRules> rules,
      Limits limits,
      EventSink events,
      InstantSource clock,
      RoomCounts counts,
      SwarmAccess access,
      long node,
      Key key,
      boolean remote) {
    private static final long FORTY_BITS = (1L << 40) - 1;

    /** A key of two words. */
    public record Key(long high, long low) {}

    /** Returns a number for a node that no other will draw. */
    public static long drawNode(SecureRandom random) {
      return random.nextLong() & FORTY_BITS;
    }
  }

  /** Makes the instance numbered {@code instance}, of as many as ingress has. */
  public WebTorrentVerticle(int instance, Shared shared) {
    this.instance = instance;
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    TrackerStore store = shared.store().on(loop);
    RelayOutbox outbox = new RelayOutbox(shared.node(), carrier(), loop, shared.counts());
    OfferKey key = new OfferKey(shared.key().high(), shared.key().low());
    RoomRules rules = shared.rules().get();
    int offers = rules.offersPerSecond();
    Relays relays = new Relays(shared.node(), key, offers, outbox, shared.counts(), this::output);
    BrowserRoom made =
        new BrowserRoom(
            new RoomServices(
                store,
                shared.rules(),
                shared.limits(),
                shared.counts(),
                shared.access(),
                shared.clock(),
                System::nanoTime,
                random),
            new MemberStore(store, rules, shared.limits(), shared.events(), random),
            relays,
            this::output,
            this::settled);
    room = made;
    ticks = vertx.setPeriodic(TICK_MS, timer -> made.tick());
    List<Future<Void>> ready = new ArrayList<>();
    ready.add(shared.bus().onEvent(instance, made::take));
    ready.add(shared.bus().onRelay(instance, made::take));
    if (shared.remote()) {
      ready.add(shared.bus().onRelay(shared.node(), instance, made::take, this::unreadable));
    }
    return Future.all(ready);
  }

  private RelayOutbox.Carrier carrier() {
    return new RelayOutbox.Carrier() {
      @Override
      public void here(int to, RelayBatch batch) {
        shared.bus().relay(to, batch);
      }

      @Override
      public CompletionStage<Boolean> there(long node, int to, RelayBatch batch) {
        return shared.bus().relay(node, to, batch);
      }
    };
  }

  /** What one turn of the event loop brings goes together. */
  private void output(Output output) {
    if (outputs.isEmpty()) {
      loop.execute(this::flush);
    }
    outputs.add(output);
    if (outputs.size() == MOST_TOGETHER) {
      List<Output> full = outputs;
      outputs = new ArrayList<>();
      shared.bus().send(instance, new SocketOutputs(full));
    }
  }

  private void flush() {
    if (!outputs.isEmpty()) {
      List<Output> all = outputs;
      outputs = new ArrayList<>();
      shared.bus().send(instance, new SocketOutputs(all));
    }
  }

  private void unreadable(RuntimeException fault) {
    shared.counts().drop(Dropped.UNREADABLE);
    long heldBack = lines.ask("relays");
    if (heldBack >= 0) {
      LOG.warn(
          "offers or answers on the port of the event bus cannot be read: {} ({} more like it"
              + " before); if nodes are of two releases, update the older, and keep the port among"
              + " the nodes",
          fault.toString(),
          heldBack);
    }
  }

  private void settled() {
    if (stopping) {
      idle.tryComplete();
    }
  }

  /** Waits until those whose sockets are closed have left the store. */
  @Override
  public Future<?> stop() {
    stopping = true;
    BrowserRoom ending = room;
    Future<?> left =
        ending == null || ending.isIdle()
            ? Future.succeededFuture()
            : Future.any(idle.future(), vertx.timer(LEAVE_SECONDS, TimeUnit.SECONDS));
    return left.onComplete(done -> vertx.cancelTimer(ticks));
  }
}
