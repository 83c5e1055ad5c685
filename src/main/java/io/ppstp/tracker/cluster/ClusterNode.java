package io.ppstp.tracker.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.partition.PartitionService;
import io.ppstp.tracker.bus.BusEventSink;
import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.cluster.HazelcastConfigs.ClusterConfigException;
import io.ppstp.tracker.cluster.ListenerWatch.ClusterEventSink;
import io.ppstp.tracker.config.ClusterConfig;
import io.ppstp.tracker.config.EventsConfig.Identities;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.digest.NonceStore.Nonces;
import io.ppstp.tracker.security.digest.hazelcast.HazelcastNonceStore;
import io.ppstp.tracker.store.hazelcast.HazelcastStore;
import io.ppstp.tracker.store.hazelcast.MembershipCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a node of the cluster: its Vert.x, its Hazelcast member and the store on it.
 * Thread-safe; leaves the cluster when its Vert.x is closed.
 */
public final class ClusterNode {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
  private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long SETTLE_POLL_MS = 100;

  private final Vertx vertx;
  private final HazelcastInstance hazelcast;
  private final HazelcastStore store;
  private final ListenerWatch listeners;
  private final boolean publishing;
  private final SharedDayKeys dayKeys;
  private final ClusterLog.LossLog losses;
  private final AtomicLong orphansRemoved = new AtomicLong();
  private final AtomicLong membersRestored = new AtomicLong();
  private final AtomicLong memberChanges = new AtomicLong();
  private volatile boolean merging;
  private volatile boolean safe;

  private ClusterNode(
      Vertx vertx, HazelcastInstance hazelcast, HazelcastStore store, TrackerConfig config) {
    this.vertx = vertx;
    this.hazelcast = hazelcast;
    this.store = store;
    this.listeners = new ListenerWatch(hazelcast);
    this.publishing = config.events().bus();
    this.dayKeys = new SharedDayKeys(hazelcast);
    this.losses =
        new ClusterLog.LossLog(
            config.cluster().backups(), hazelcast.getPartitionService().getPartitions().size());
  }

  /**
   * Joins the cluster, or begins one.
   *
   * @param builders what makes a Vert.x with the options that it is given
   * @param wallClock by which this node starts the cluster's time, if it is the first
   * @return fails with a {@link ClusterConfigException} if the nodes that are there write another
   *     format
   * @throws ClusterConfigException if the configuration cannot be used
   */
  public static Future<ClusterNode> join(
      TrackerConfig config,
      VertxOptions options,
      Function<VertxOptions, VertxBuilder> builders,
      InstantSource wallClock)
      throws ClusterConfigException {
    Config member = HazelcastConfigs.of(config);
    FormatCheck.declare(member);
    HazelcastClusterManager manager = new HazelcastClusterManager(member);
    options.setEventBusOptions(BusOptions.of(config.cluster()));
    return builders
        .apply(options)
        .withClusterManager(manager)
        .buildClustered()
        .compose(vertx -> open(vertx, manager.getHazelcastInstance(), config, wallClock));
  }

  private static Future<ClusterNode> open(
      Vertx vertx, HazelcastInstance hazelcast, TrackerConfig config, InstantSource wallClock) {
    MemberClasses.guard(vertx);
    return vertx.executeBlocking(() -> openBlocking(vertx, hazelcast, config, wallClock));
  }

  private static ClusterNode openBlocking(
      Vertx vertx, HazelcastInstance hazelcast, TrackerConfig config, InstantSource wallClock)
      throws ClusterConfigException {
    ClusterConfig cluster = config.cluster();
    try {
      FormatCheck.check(hazelcast.getCluster().getMembers());
    } catch (ClusterConfigException e) {
      // In good order, for it may have been given partitions. This Vert.x ends with the process.
      hazelcast.shutdown();
      throw e;
    }
    HazelcastStore store =
        new HazelcastStore(
            hazelcast, new BusTransport(vertx), HazelcastConfigs.setup(config), wallClock.millis());
    ClusterNode node = new ClusterNode(vertx, hazelcast, store, config);
    hazelcast.getLifecycleService().addLifecycleListener(node::lifecycleChanged);
    hazelcast
        .getCluster()
        .addMembershipListener(new ClusterLog.MembershipLog(node::membersChanged));
    hazelcast.getPartitionService().addPartitionLostListener(node.losses);
    if (config.events().identities() == Identities.HASHED) {
      node.dayKeys.open(wallClock.millis());
    }
    LOG.info(
        "node {} of cluster {}, {} now",
        hazelcast.getCluster().getLocalMember().getAddress(),
        cluster.name(),
        hazelcast.getCluster().getMembers().size());
    return node;
  }

  private void lifecycleChanged(LifecycleEvent event) {
    switch (event.getState()) {
      case MERGING -> {
        merging = true;
        LOG.warn("a network split has healed: this side merges its state into the larger one");
      }
      case MERGED -> {
        merging = false;
        LOG.info("merged into the larger side of the split");
      }
      case MERGE_FAILED -> {
        merging = false;
        LOG.error("the merge after a network split failed: peers of this side must register anew");
      }
      default -> {}
    }
  }

  /** Returns the Vert.x of this node. */
  public Vertx vertx() {
    return vertx;
  }

  /** Returns the store that all nodes share. */
  public HazelcastStore store() {
    return store;
  }

  /**
   * Completes when this node has taken over its share of the partitions and every entry has its
   * backups, so that the next node may be stopped; or after a while in any case.
   */
  public Future<Void> settle() {
    return vertx.executeBlocking(this::awaitSafety, false);
  }

  private @Nullable Void awaitSafety() throws InterruptedException {
    Member here = hazelcast.getCluster().getLocalMember();
    PartitionService partitions = hazelcast.getPartitionService();
    long endNs = System.nanoTime() + SETTLE_NS;
    while (System.nanoTime() - endNs < 0) {
      boolean takesPart =
          partitions.getPartitions().stream().anyMatch(it -> here.equals(it.getOwner()));
      if (takesPart && store.isReady() && partitions.isClusterSafe()) {
        safe = true;
        return null;
      }
      TimeUnit.MILLISECONDS.sleep(SETTLE_POLL_MS);
    }
    LOG.warn("the cluster is not safe yet: some state has fewer than cluster.backups copies");
    return null;
  }

  /** Returns the time that all nodes agree on, which no step of any wall clock moves. */
  public InstantSource clock() {
    return new InstantSource() {
      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(millis());
      }

      @Override
      public long millis() {
        return store.clockMs();
      }
    };
  }

  /**
   * Returns what all nodes share about nonces of HTTP Digest.
   *
   * @param maximum nonces that this node remembers at once
   * @param patience how long another node may take to answer
   */
  public Future<Nonces> nonces(int maximum, Duration patience) {
    return vertx.executeBlocking(
        () -> HazelcastNonceStore.open(vertx, hazelcast, maximum, patience, new SecureRandom()));
  }

  /** Returns the key of each day that the nodes share, null for one that is not known yet. */
  public LongFunction<byte @Nullable []> dayKeys() {
    return dayKeys;
  }

  /** Looks for the keys of today; blocks, so not for an event loop. */
  void refreshDayKeys() {
    dayKeys.refresh(store.clockMs());
  }

  /**
   * Returns where events go to listeners on all nodes, or on this one only if that is configured,
   * with their numbers.
   *
   * @param delivery is given each event too
   */
  public EventSink events(EventNumbers numbers, Consumer<NumberedEvent> delivery) {
    return publishing
        ? new ClusterEventSink(vertx.eventBus(), listeners, numbers, delivery)
        : new BusEventSink(vertx, numbers, delivery);
  }

  /** Returns the periodic work of a node, to be deployed once. */
  public ClusterVerticle periodicWork(int orphansPerTick) {
    return new ClusterVerticle(this, listeners, losses, orphansPerTick);
  }

  void countMended(MembershipCheck.Mended mended) {
    orphansRemoved.addAndGet(mended.removed());
    membersRestored.addAndGet(mended.restored());
  }

  /** Lets {@code metrics} show this node's part in the cluster. */
  public void show(TrackerMetrics metrics) {
    ClusterMetrics.show(this, metrics);
  }

  ClusterLog.LossLog losses() {
    return losses;
  }

  /** Returns whether this node may take traffic. */
  public boolean mayServe() {
    return hazelcast.getLifecycleService().isRunning() && !merging && store.isReady();
  }

  /** Until looked at again, nothing is known to have its backups. */
  private void membersChanged() {
    memberChanges.incrementAndGet();
    safe = false;
  }

  /**
   * Finds out whether every entry of this node has its backups. Asks the nodes that hold them, and
   * waits for those that have just died: blocks for seconds, so for a worker.
   */
  void checkSafety() {
    long changesBefore = memberChanges.get();
    boolean found = hazelcast.getPartitionService().isLocalMemberSafe();
    if (!found || memberChanges.get() == changesBefore) {
      safe = found;
    }
  }

  /** Returns the present view of the cluster. Asks no other node. */
  public ClusterView view() {
    boolean running = hazelcast.getLifecycleService().isRunning();
    Member here = hazelcast.getCluster().getLocalMember();
    List<ClusterView.Node> members =
        hazelcast.getCluster().getMembers().stream()
            .map(
                member ->
                    new ClusterView.Node(
                        member.getUuid().toString(),
                        member.getAddress().getHost() + ":" + member.getAddress().getPort(),
                        member.equals(here),
                        member.isLiteMember(),
                        member.getVersion().toString()))
            .toList();
    return new ClusterView(
        running && !merging,
        running && safe,
        members,
        store.figures(),
        orphansRemoved.get(),
        membersRestored.get());
  }
}
