package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.bus.BusEventSink;
import io.ppstp.tracker.bus.DayKeys;
import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.PeerNames;
import io.ppstp.tracker.cluster.ClusterNode;
import io.ppstp.tracker.cluster.ClusterView;
import io.ppstp.tracker.cluster.HazelcastConfigs.ClusterConfigException;
import io.ppstp.tracker.config.EventsConfig.Identities;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.digest.LocalNonceStore;
import io.ppstp.tracker.security.digest.NonceKeys;
import io.ppstp.tracker.security.digest.NonceStore.Nonces;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a tracker stands on, alone or as a node of a cluster. Thread-safe. */
interface Platform {
  Logger LOG = LoggerFactory.getLogger(Platform.class);

  /** Returns the Vert.x that the rooms are deployed on; closing it leaves a cluster. */
  Vertx vertx();

  TrackerStore store();

  /**
   * Returns where events are published, with their numbers.
   *
   * @param delivery is given each event too
   */
  EventSink events(EventNumbers numbers, Consumer<NumberedEvent> delivery);

  InstantSource clock();

  /** Returns the key of each day by which peers get their names of the day, see {@link DayKeys}. */
  LongFunction<byte @Nullable []> dayKeys();

  /** Returns what events call peers. */
  default PeerNames names(Identities identities) {
    return switch (identities) {
      case CLEAR -> PeerNames.CLEAR;
      case HASHED -> PeerNames.hashed(dayKeys());
      case NONE -> PeerNames.NONE;
    };
  }

  /** Returns whether the node may take traffic. */
  boolean mayServe();

  /** Speaks for the cluster no more, so that the others need not wait until this node cannot. */
  void resign();

  /**
   * Returns what the nodes share about nonces of HTTP Digest; to be asked for once.
   *
   * @param maximum nonces that a node remembers at once
   * @param patience how long another node may take to answer
   */
  Future<Nonces> nonces(int maximum, Duration patience);

  /** Returns what a status report says of the cluster, if this is a node of one. */
  Optional<ClusterView.ClusterStatus> clusterStatus();

  /** Lets {@code metrics} show what there is to measure of the platform. */
  default void show(TrackerMetrics metrics) {}

  /** Deploys the work that the platform itself needs done. */
  Future<?> deployOwnWork();

  /**
   * Prepares the platform that {@code config} asks for.
   *
   * @param builders what makes its Vert.x
   */
  static Future<Platform> of(TrackerConfig config, Function<VertxOptions, VertxBuilder> builders) {
    if (!config.cluster().enabled()) {
      return Future.succeededFuture(
          new Alone(
              builders.apply(vertxOptions()).build(), new LocalStore(config.limits().peers())));
    }
    LOG.info("joining the cluster {}", config.cluster().name());
    try {
      return ClusterNode.join(config, vertxOptions(), builders, InstantSource.system())
          .onSuccess(node -> LOG.info("joined the cluster {}", config.cluster().name()))
          .<Platform>map(node -> new Clustered(node, config.cluster().orphansPerTick()))
          .recover(
              failure ->
                  Future.failedFuture(
                      failure instanceof ClusterConfigException refusal
                          ? refused(refusal)
                          : failure));
    } catch (ClusterConfigException e) {
      return Future.failedFuture(refused(e));
    }
  }

  private static StartException refused(ClusterConfigException why) {
    return new StartException(String.valueOf(why.getMessage()));
  }

  /** Returns the native transport of this machine, or that of the JDK where there is none. */
  static Transport transport() {
    Transport fast = Transport.nativeTransport();
    return fast != null && fast.available() ? fast : Transport.NIO;
  }

  static VertxOptions vertxOptions() {
    // Nothing is served from files, so nothing has to be cached in any.
    FileSystemOptions noFiles =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return new VertxOptions().setFileSystemOptions(noFiles);
  }

  /** One process, with its state inside. */
  record Alone(Vertx vertx, TrackerStore store, InstantSource clock) implements Platform {
    Alone(Vertx vertx, TrackerStore store) {
      this(vertx, store, new SteadyClock());
    }

    @Override
    public EventSink events(EventNumbers numbers, Consumer<NumberedEvent> delivery) {
      return new BusEventSink(vertx, numbers, delivery);
    }

    @Override
    public LongFunction<byte @Nullable []> dayKeys() {
      return new DayKeys(new SecureRandom());
    }

    @Override
    public boolean mayServe() {
      return true;
    }

    @Override
    public void resign() {}

    @Override
    public Future<Nonces> nonces(int maximum, Duration patience) {
      NonceKeys keys = new NonceKeys(NonceKeys.newKey(new SecureRandom()));
      return Future.succeededFuture(new Nonces(keys, new LocalNonceStore(clock, maximum)));
    }

    @Override
    public Optional<ClusterView.ClusterStatus> clusterStatus() {
      return Optional.empty();
    }

    @Override
    public Future<?> deployOwnWork() {
      return Future.succeededFuture();
    }
  }

  /** One node of many, with its state shared among them. */
  record Clustered(ClusterNode node, int orphansPerTick) implements Platform {
    @Override
    public Vertx vertx() {
      return node.vertx();
    }

    @Override
    public TrackerStore store() {
      return node.store();
    }

    @Override
    public EventSink events(EventNumbers numbers, Consumer<NumberedEvent> delivery) {
      return node.events(numbers, delivery);
    }

    @Override
    public InstantSource clock() {
      return node.clock();
    }

    @Override
    public LongFunction<byte @Nullable []> dayKeys() {
      return node.dayKeys();
    }

    @Override
    public boolean mayServe() {
      return node.mayServe();
    }

    @Override
    public void resign() {
      node.store().resign();
    }

    @Override
    public Future<Nonces> nonces(int maximum, Duration patience) {
      return node.nonces(maximum, patience);
    }

    @Override
    public Optional<ClusterView.ClusterStatus> clusterStatus() {
      return Optional.of(node.view().status());
    }

    @Override
    public void show(TrackerMetrics metrics) {
      node.show(metrics);
    }

    @Override
    public Future<?> deployOwnWork() {
      return node.vertx()
          .deployVerticle(node.periodicWork(orphansPerTick))
          .compose(deployed -> node.settle());
    }
  }

  /**
   * Wall-clock time as it was at the start, moved on by the monotonic clock: an operator who sets
   * the system's clock does not expire a million peers. Thread-safe.
   */
  final class SteadyClock implements InstantSource {
    private final long startMs = System.currentTimeMillis();
    private final long startNs = System.nanoTime();

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
      return startMs + (System.nanoTime() - startNs) / 1_000_000;
    }
  }
}
