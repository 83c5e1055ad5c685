package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import io.ppstp.tracker.tracker.PeerCommand;
import io.ppstp.tracker.tracker.SwarmCommand;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * Brings commands to the state objects and their answers back to one executor. Thread-safe; no
 * method blocks.
 *
 * <p>The long way is an entry processor: a command has happened when the owner and the synchronous
 * backups have applied it. Light commands have a shorter one: on the spot where this node owns the
 * state object, with the {@link Courier} where another does. Neither is an operation of its own,
 * and neither waits for backups. What the short way does not do goes the long way.
 */
final class Commands {
  private final IMap<Integer, ShardValue> peers;
  private final IMap<String, SwarmValue> swarms;
  private final OpenValues open;
  private final OwnedShards shards;
  private final PartitionService partitions;
  private final Courier courier;
  private final Executor executor;

  /** Reads what a command answered. */
  private interface ResultReader {
    Object read(DataInput in) throws IOException;
  }

  /** Opens the ways from this node, with answers in the common pool; blocks. */
  Commands(HazelcastInstance hazelcast, OpenValues open, OwnedShards shards) {
    this.peers = hazelcast.getMap(HazelcastStore.PEERS);
    this.swarms = hazelcast.getMap(HazelcastStore.SWARMS);
    this.open = open;
    this.shards = shards;
    this.partitions = hazelcast.getPartitionService();
    this.courier = new Courier(hazelcast.getExecutorService(Courier.POOL));
    this.executor = ForkJoinPool.commonPool();
  }

  private Commands(Commands same, Executor executor) {
    this.peers = same.peers;
    this.swarms = same.swarms;
    this.open = same.open;
    this.shards = same.shards;
    this.partitions = same.partitions;
    this.courier = same.courier;
    this.executor = executor;
  }

  /** Returns the same ways with answers on another executor. */
  Commands on(Executor other) {
    return new Commands(this, other);
  }

  /** Applies a command the shortest way. */
  <R> CompletionStage<R> onPeer(int index, PeerCommand<R> command) {
    return command instanceof PeerCommand.Light<R> light
        ? shortly(
            new Errand.ToShard<>(index, light),
            () -> shards.partitionOf(index),
            () -> onShard(index, command))
        : onShard(index, command);
  }

  /** Applies a command the shortest way. */
  <R> CompletionStage<R> onSwarm(String swarmId, SwarmCommand<R> command) {
    return command instanceof SwarmCommand.Light<R> light
        ? shortly(
            new Errand.ToSwarm<>(swarmId, light),
            () -> partitions.getPartition(swarmId),
            () -> process(swarmId, command))
        : process(swarmId, command);
  }

  private <R> CompletionStage<R> shortly(
      Errand<R> errand, Supplier<Partition> partition, Supplier<CompletionStage<R>> longWay) {
    R result = errand.run(open);
    if (result != null) {
      return CompletableFuture.completedStage(result);
    }
    Member owner = partition.get().getOwner();
    if (owner == null || owner.localMember()) {
      return longWay.get();
    }
    return courier
        .send(owner, errand, executor)
        .thenCompose(answer -> answer.map(CompletableFuture::completedStage).orElseGet(longWay));
  }

  /** Applies a command the long way. */
  <R> CompletionStage<R> onShard(int index, PeerCommand<R> command) {
    return submit(
        peers,
        index,
        new PeerProcessor<>(command),
        in -> PeerCommandFormats.ALL.readResult(in, command));
  }

  private <R> CompletionStage<R> process(String swarmId, SwarmCommand<R> command) {
    return submit(
        swarms,
        swarmId,
        new SwarmProcessor<>(command),
        in -> SwarmCommandFormats.ALL.readResult(in, command));
  }

  /**
   * Submits a processor. Its answer comes to the executor straight from Hazelcast's thread, and in
   * a future of our own: what is built upon one of Hazelcast's goes through the common pool.
   */
  @SuppressWarnings("unchecked")
  private <K, V, R> CompletionStage<R> submit(
      IMap<K, V> map, K key, EntryProcessor<K, V, byte[]> processor, ResultReader reader) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    try {
      map.submitToKey(key, processor)
          .whenCompleteAsync(
              (bytes, failure) -> {
                if (failure == null) {
                  read(bytes, reader, (CompletableFuture<Object>) answer);
                } else {
                  answer.completeExceptionally(StoreFailures.explain(failure));
                }
              },
              executor);
    } catch (RuntimeException e) {
      answer.completeExceptionally(StoreFailures.explain(e));
    }
    return answer;
  }

  private static void read(byte[] bytes, ResultReader reader, CompletableFuture<Object> answer) {
    try {
      answer.complete(reader.read(new DataInputStream(new ByteArrayInputStream(bytes))));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }
}
