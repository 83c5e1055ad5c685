package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.Room;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.store.hazelcast.StoreConfig.StoreSetup;
import io.ppstp.tracker.store.hazelcast.state.NodeState;
import io.ppstp.tracker.store.hazelcast.transport.ClusterClock;
import io.ppstp.tracker.store.hazelcast.transport.Lease;
import io.ppstp.tracker.store.hazelcast.transport.RemoteQuestions;
import io.ppstp.tracker.store.hazelcast.transport.Transport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state in maps that all nodes of a cluster share: shards of registrations and of swarms,
 * by number. Thread-safe.
 *
 * <p>Every change is an operation of Hazelcast's, and acknowledged when the owner of the shard and
 * all its backups have applied it. Lists of swarms follow within a fraction of a second. Questions
 * are answered by whoever holds the state. A node that does not know where the cluster stands does
 * neither. See {@code src/docs/cluster.md}.
 */
public final class HazelcastStore implements TrackerStore, AutoCloseable {
  /**
   * A lease holds for that part of the time for which others wait before they do without a node.
   */
  private static final int LEASE_DIVISOR = 2;

  /** How often a node that does not have the cluster's time yet asks for it. */
  private static final long JOIN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final LongSupplier NANO_CLOCK = System::nanoTime;

  private final NodeState node;
  private final Members members;
  private final Lease lease;
  private final ClusterClock clock;
  private final LocalAnswers local;
  private final RemoteQuestions remote;
  private final Operations operations;
  private final ListUpdater updater;
  private final Expirer expirer;
  private final ClusterCensus census = new ClusterCensus();
  private final Asking asking;
  private final SwarmRanking ranking;
  private final StoreView own;
  private final MembershipCheck membershipCheck;
  private final ReplicaCheck replicaCheck;
  private final StoreSchedule schedule;

  /**
   * Opens the maps of {@code hazelcast}, which {@link StoreConfig} has prepared for the same {@code
   * setup}; blocks.
   *
   * @param transport between the stores of all members
   * @param startMs the cluster's time if this node begins one, in milliseconds
   */
  public HazelcastStore(
      HazelcastInstance hazelcast, Transport transport, StoreSetup setup, long startMs) {
    node = NodeState.of(hazelcast);
    HazelcastInternals placement = new HazelcastInternals(hazelcast, setup.backups());
    schedule = new StoreSchedule();
    clock = new ClusterClock(startMs, NANO_CLOCK);
    operations = new Operations(hazelcast, placement::here);
    updater =
        new ListUpdater(
            operations, placement, setup.reads().listInterval().toNanos(), schedule, NANO_CLOCK);
    local = new LocalAnswers(placement, node.heard(), setup.reads().fromBackups(), this::mayAnswer);
    members = new Members(hazelcast, placement);
    remote = new RemoteQuestions(placement.name(), transport, local, members::isMember, NANO_CLOCK);
    lease =
        new Lease(
            remote,
            members,
            NANO_CLOCK,
            setup.memberTimeout().toNanos() / LEASE_DIVISOR,
            setup.minimumMembers(),
            clock);
    node.connect(updater, placement, lease::mayChange);
    asking = new Asking(placement, local, remote, operations, schedule);
    ranking = new ClusterRanking(local.survey(), asking, () -> members.view().others());
    own = new StoreView(this, lease, operations, asking);
    expirer =
        new Expirer(placement, operations, asking, node.heard(), updater, setup.track().toMillis());
    membershipCheck = new MembershipCheck(placement, operations, asking, node, clock::millis);
    replicaCheck = new ReplicaCheck(placement, operations, asking);
    members.whenLost(
        name -> {
          remote.lost(name);
          expirer.memberLost();
          schedule.execute(this::keepInTouch);
          schedule.execute(this::clusterChanged);
        });
    members.whenMoved(() -> schedule.execute(this::clusterChanged));
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(event -> lifecycleChanged(event.getState()));
    schedule.every(ListUpdater.flushIntervalNs(), updater::flush);
    schedule.every(setup.memberTimeout().toNanos() / LEASE_DIVISOR / 8, this::keepInTouch);
    schedule.every(JOIN_INTERVAL_NS, this::askUntilJoined);
    schedule.every(TimeUnit.SECONDS.toNanos(1), this::everySecond);
    schedule.execute(this::keepInTouch);
  }

  private void lifecycleChanged(LifecycleState state) {
    switch (state) {
      case MERGING -> members.setMerging(true);
      case MERGED -> {
        clock.join();
        members.refresh();
        members.setMerging(false);
      }
      case MERGE_FAILED -> members.setMerging(false);
      case SHUTDOWN -> close();
      default -> {}
    }
  }

  private void keepInTouch() {
    members.refresh();
    if (members.view().hereIsOldest()) {
      clock.lead();
    }
    lease.renew();
    remote.giveUp(NANO_CLOCK.getAsLong() - TimeUnit.MILLISECONDS.toNanos(800));
  }

  /** Nothing is served before a node has the time, and it takes several answers. */
  private void askUntilJoined() {
    if (!clock.isJoined()) {
      keepInTouch();
    }
  }

  private void everySecond() {
    clusterChanged();
    expirer.passOn(clock.millis());
    census();
  }

  private void clusterChanged() {
    updater.refresh();
    if (members.placementChanged()) {
      node.budget().recounted((int) local.census().peers(), local.weight());
    }
  }

  private boolean mayAnswer() {
    return lease.isValid();
  }

  /**
   * Returns whether this node knows where the cluster stands, so that it may answer. Until then, or
   * from then on, requests fail as {@link StoreUnavailableException}.
   */
  public boolean isReady() {
    return lease.isValid() && clock.isJoined();
  }

  /** Returns whether what this node owns may be changed now. */
  boolean mayChange() {
    return lease.mayChange();
  }

  /** Speaks for the cluster no more, because this node is about to leave it in good order. */
  public void resign() {
    lease.resign();
  }

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return own.change(peerId, command);
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return own.ask(peerId, query);
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return own.ask(swarm, query);
  }

  @Override
  public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
    updater.state(swarm, statement);
    return null;
  }

  @Override
  public TrackerStore on(Executor executor) {
    return new StoreView(this, lease, operations, asking.on(executor));
  }

  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs) {
    return isReady() ? expirer.expire(nowMs, maximum, trackMs) : StoreView.notReady();
  }

  @Override
  public void limit(Room room) {
    node.budget().limit(room);
  }

  @Override
  public long refusedForRoom() {
    return node.budget().refused();
  }

  /** Returns what the whole cluster holds, as its nodes count it when they are asked. */
  @Override
  public CompletionStage<Census> census() {
    return census.refresh(local, members.view().others(), asking, NANO_CLOCK);
  }

  @Override
  public CompletionStage<Census> ownCensus() {
    return CompletableFuture.completedStage(local.census());
  }

  @Override
  public void observe(SwarmObserver observer) {
    node.observe(observer);
  }

  @Override
  public SwarmRanking ranking() {
    return ranking;
  }

  /** Returns the time by which registrations age, in milliseconds. */
  public long clockMs() {
    return clock.millis();
  }

  /** Returns the check that lets lists follow registrations where they do not. */
  public MembershipCheck membershipCheck() {
    return membershipCheck;
  }

  /** Returns the check that compares backups with their owners. */
  public ReplicaCheck replicaCheck() {
    return replicaCheck;
  }

  /** Returns what there is to measure. */
  public StoreFigures figures() {
    return new StoreFigures(
        asking.answeredHere(),
        remote.asked(),
        remote.givenUp(),
        remote.unreadable(),
        operations.started(),
        operations.failed(),
        updater.waiting(),
        updater.oldestAgeNs(),
        replicaCheck.compared(),
        replicaCheck.differing(),
        node.merged(),
        node.dropped());
  }

  /** Stops what this does by itself; state and questions of others are served on. */
  @Override
  public void close() {
    schedule.close();
  }
}
