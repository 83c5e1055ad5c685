package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.map.IMap;
import com.hazelcast.splitbrainprotection.SplitBrainProtection;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the state in maps that all nodes of a cluster share: 1024 peer shards by number, swarms by
 * ID. A command has happened when the owner of its entry and the synchronous backups have applied
 * it, see {@link Commands}. Thread-safe.
 */
public final class HazelcastStore implements TrackerStore {
  static final String PEERS = "ppstp.peers";
  static final String SWARMS = "ppstp.swarms";

  /** Peers that one shard expires in one go, if so many may: a full batch is few operations. */
  private static final int SHARE = 50;

  /** Calls of {@link #expire} in which the touches of all shards are saved once. */
  static final int SAVE_TURNS = 8;

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

  private final IMap<String, SwarmValue> swarms;
  private final NodeState node;
  private final OwnedShards ownedShards;
  private final ClusterCensus census;
  private final Commands commands;
  private volatile int firstToExpire;
  private volatile int turn;

  /**
   * Opens the maps of {@code hazelcast}, which {@link StoreConfig} has prepared; blocks.
   *
   * @param post between the stores of all members
   */
  public HazelcastStore(HazelcastInstance hazelcast, Post post) {
    this.swarms = hazelcast.getMap(SWARMS);
    this.node = NodeState.of(hazelcast);
    this.ownedShards = new OwnedShards(hazelcast);
    this.census = new ClusterCensus(hazelcast, node);
    int backups = hazelcast.getConfig().getMapConfig(PEERS).getBackupCount();
    Replicas replicas = new HazelcastReplicas(hazelcast, backups);
    ShortWay shortWay = new ShortWay(node, replicas);
    this.commands = new Commands(hazelcast, post, shortWay, replicas);
    guard(shortWay, hazelcast);
    commands.courier().open();
  }

  private HazelcastStore(HazelcastStore whole, Commands commands) {
    this.swarms = whole.swarms;
    this.node = whole.node;
    this.ownedShards = whole.ownedShards;
    this.census = whole.census;
    this.commands = commands;
  }

  /** Closes the short way where the cluster has its say. */
  private void guard(ShortWay shortWay, HazelcastInstance hazelcast) {
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleState.MERGING
                  || event.getState() == LifecycleState.MERGED) {
                node.open().closeAll();
              }
            });
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipAdapter() {
              @Override
              public void memberRemoved(MembershipEvent event) {
                commands.courier().lost(HazelcastReplicas.nameOf(event.getMember().getAddress()));
              }
            });
    if (hazelcast
        .getConfig()
        .getSplitBrainProtectionConfigs()
        .containsKey(StoreConfig.PROTECTION)) {
      SplitBrainProtection protection =
          hazelcast
              .getSplitBrainProtectionService()
              .getSplitBrainProtection(StoreConfig.PROTECTION);
      shortWay.serveWhile(protection::hasMinimumSize);
    }
  }

  @Override
  public <R> CompletionStage<R> onPeer(String peerId, PeerCommand<R> command) {
    return commands.onPeer(Shards.of(peerId), command);
  }

  @Override
  public <R> CompletionStage<R> onSwarm(SwarmKey key, SwarmCommand<R> command) {
    return commands.onSwarm(key.swarmId(), command);
  }

  @Override
  public TrackerStore on(Executor executor) {
    return new HazelcastStore(this, commands.on(executor));
  }

  /**
   * Saves touches too. ConnectionTracker all owned shards that may be due, a few at a time, until
   * {@code maximum} is reached.
   */
  @Override
  public CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers) {
    List<Integer> due = new ArrayList<>();
    List<Integer> owned = ownedShards.refresh(node);
    CompletionStage<?> saved = saveTouches(new HashSet<>(owned));
    for (int index : owned) {
      if (node.mayBeDue(index, nowMs)) {
        due.add(index);
      }
    }
    // Begins behind the shard where the last batch ended, so that none is starved.
    int start = firstToExpire;
    List<Integer> before = due.stream().filter(index -> index < start).toList();
    due.removeAll(before);
    due.addAll(before);
    return expire(due, new PeerCommand.Expire(nowMs, maximum, timers), new ArrayList<>())
        .thenCombine(saved, (expired, done) -> expired);
  }

  /**
   * Tells who was heard of: the copies of some owned shards, and the owners of some copies; of all,
   * one call after the other. If it fails, others lag behind a little longer: as far as commands
   * allow, and no further.
   */
  private CompletionStage<?> saveTouches(Set<Integer> owned) {
    int now = turn;
    turn = (now + 1) % SAVE_TURNS;
    List<CompletionStage<Boolean>> saving = new ArrayList<>();
    for (int index = now; index < Shards.COUNT; index += SAVE_TURNS) {
      if (node.open().isUnsaved(index)) {
        CompletionStage<?> saved =
            owned.contains(index)
                ? commands.onPeer(index, new PeerCommand.Save())
                : commands.passTouchesOn(index);
        saving.add(saved.thenApply(done -> true));
      }
    }
    return Stages.all(saving).exceptionally(failure -> List.of());
  }

  private CompletionStage<List<Departure>> expire(
      List<Integer> due, PeerCommand.Expire limits, List<Departure> expired) {
    int left = limits.maximum() - expired.size();
    if (due.isEmpty() || left <= 0) {
      return CompletableFuture.completedStage(expired);
    }
    int together = Math.min(due.size(), Math.max(1, left / SHARE));
    PeerCommand.Expire share =
        new PeerCommand.Expire(limits.nowMs(), left / together, limits.timers());
    List<CompletionStage<List<Departure>>> expiring = new ArrayList<>(together);
    for (int index : due.subList(0, together)) {
      // Whoever was heard of elsewhere does not expire, though the owner may not know it yet.
      expiring.add(
          commands
              .gatherTouches(index)
              .exceptionally(failure -> null)
              .thenCompose(gathered -> commands.onShard(index, share)));
    }
    firstToExpire = due.get(together - 1) + 1;
    List<Integer> rest = due.subList(together, due.size());
    return Stages.all(expiring)
        .thenCompose(
            departures -> {
              departures.forEach(expired::addAll);
              return expire(rest, limits, expired);
            });
  }

  @Override
  public CompletionStage<List<Departure>> forget(List<Departure> done) {
    Map<Integer, List<Departure>> byShard = new HashMap<>();
    for (Departure departure : done) {
      byShard
          .computeIfAbsent(Shards.of(departure.peerId()), first -> new ArrayList<>())
          .add(departure);
    }
    List<CompletionStage<List<Departure>>> forgetting = new ArrayList<>(byShard.size());
    byShard.forEach(
        (index, departures) ->
            forgetting.add(commands.onShard(index, new PeerCommand.Forget(departures))));
    return Stages.all(forgetting).thenApply(HazelcastStore::concat);
  }

  private static List<Departure> concat(List<List<Departure>> lists) {
    List<Departure> all = new ArrayList<>();
    lists.forEach(all::addAll);
    return all;
  }

  @Override
  public void limit(int registrations) {
    node.budget().limit(registrations);
  }

  /**
   * Gives up what other nodes were asked and have not answered for a while; it then goes the long
   * way. To be called about every second.
   */
  public void giveUpOverdue() {
    commands.courier().giveUp(System.nanoTime() - PATIENCE_NS);
  }

  /** Counts of the last {@link ClusterCensus#refresh}, over all nodes. */
  @Override
  public CompletionStage<Census> census() {
    return CompletableFuture.completedStage(census.latest());
  }

  /** Returns the counts behind {@link #census}, to be refreshed about every second. */
  public ClusterCensus clusterCensus() {
    return census;
  }

  /** Returns the check that finds members without a registration. */
  public OrphanCheck orphanCheck() {
    return new OrphanCheck(this, commands, swarms);
  }

  /** Returns the registrations in this node's charge, as counted against its budget. */
  int ownedPeers() {
    return node.budget().peers();
  }

  /** Returns the entries that merges after network splits have added here. */
  public long merged() {
    return node.merged();
  }

  /** Returns the entries that merges after network splits have dropped here. */
  public long dropped() {
    return node.dropped();
  }
}
