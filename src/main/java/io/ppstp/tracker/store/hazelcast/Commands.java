package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.hazelcast.Applied.Copying;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings commands to the state objects and their answers back to one executor. Thread-safe; no
 * method blocks.
 *
 * <p>The short way leads to the open state object of the owner, on the spot or with the {@link
 * Courier}; then to the copies, with the courier too. The long way is an entry processor, by which
 * Hazelcast does the same. It is for what the short way does not do; for a command of which nobody
 * knows whether the owner has applied it; and, once more, for one that a copy could not be told.
 * Either way a command has happened when the owner and the copies have applied it.
 */
final class Commands implements Courier.Host {
  private final IMap<Integer, ShardValue> peers;
  private final IMap<String, SwarmValue> swarms;
  private final String here;
  private final ShortWay shortWay;
  private final Replicas replicas;
  private final Courier courier;
  private final Executor executor;

  /** Reads what a command answered. */
  private interface ResultReader {
    Object read(DataInput in) throws IOException;
  }

  /** Opens the ways from this node, with answers at the post's desk; blocks. */
  Commands(HazelcastInstance hazelcast, Post post, ShortWay shortWay, Replicas replicas) {
    this.peers = hazelcast.getMap(HazelcastStore.PEERS);
    this.swarms = hazelcast.getMap(HazelcastStore.SWARMS);
    this.here = replicas.here();
    this.shortWay = shortWay;
    this.replicas = replicas;
    this.courier = new Courier(here, post, this, () -> hazelcast.getCluster().getClusterTime());
    this.executor = post.desk();
  }

  private Commands(Commands same, Executor executor) {
    this.peers = same.peers;
    this.swarms = same.swarms;
    this.here = same.here;
    this.shortWay = same.shortWay;
    this.replicas = same.replicas;
    this.courier = same.courier;
    this.executor = executor;
  }

  /** Returns the same ways with answers on another executor. */
  Commands on(Executor other) {
    return new Commands(this, other);
  }

  Courier courier() {
    return courier;
  }

  /** Applies a command the shortest way. */
  <R> CompletionStage<R> onPeer(int index, PeerCommand<R> command) {
    return send(new Errand.ToShard<>(index, command));
  }

  /** Applies a command the shortest way. */
  <R> CompletionStage<R> onSwarm(String swarmId, SwarmCommand<R> command) {
    return send(new Errand.ToSwarm<>(swarmId, command));
  }

  private <R> CompletionStage<R> send(Errand<R> errand) {
    Applied<R> applied = errand.run(shortWay);
    if (applied != null) {
      if (applied.news() != null) {
        courier.mention(applied.news());
      }
      return settle(errand, applied);
    }
    String owner = otherOwner(errand);
    return owner == null
        ? goLongWay(errand)
        : courier
            .send(owner, errand, executor)
            .thenCompose(
                answer -> answer.isPresent() ? settle(errand, answer.get()) : goLongWay(errand));
  }

  /**
   * Lets the owner of a shard, this node, know who was heard of where the copies are. A node that
   * does not answer is not waited for long; what it knows is lost with it, or known later.
   */
  CompletionStage<?> gatherTouches(int index) {
    List<String> nodes = replicas.copiesOf(replicas.ofShard(index));
    List<CompletionStage<List<PeerCommand.Touch>>> asked = new ArrayList<>(0);
    for (String node : nodes == null ? List.<String>of() : nodes) {
      asked.add(
          courier
              .send(node, new Errand.ToShard<>(index, new PeerCommand.Save()), executor)
              .thenApply(answer -> answer.map(Applied::result).orElse(List.of())));
    }
    return Stages.all(asked)
        .thenCompose(
            lists ->
                Stages.all(
                    lists.stream()
                        .filter(touches -> !touches.isEmpty())
                        .map(touches -> onPeer(index, new PeerCommand.Touches(touches)))
                        .toList()));
  }

  /** Tells the owner of a shard who was heard of here, where a copy is. */
  CompletionStage<?> passTouchesOn(int index) {
    Applied<List<PeerCommand.Touch>> here = shortWay.onShard(index, new PeerCommand.Save());
    return here == null || here.result().isEmpty()
        ? CompletableFuture.completedStage(0)
        : onPeer(index, new PeerCommand.Touches(here.result()));
  }

  private @Nullable String otherOwner(Errand<?> errand) {
    if (errand instanceof Errand.ToShard<?> toShard) {
      return replicas.otherOwner(replicas.ofShard(toShard.index()));
    }
    return errand instanceof Errand.ToSwarm<?> toSwarm
        ? replicas.otherOwner(replicas.ofSwarm(toSwarm.swarmId()))
        : null;
  }

  /** Completes with the result once the copies have been told what is applied already. */
  private <R> CompletionStage<R> settle(Errand<R> errand, Applied<R> applied) {
    Copying copying = applied.copying();
    if (copying == null) {
      return CompletableFuture.completedStage(applied.result());
    }
    CompletionStage<Boolean> told = CompletableFuture.completedStage(true);
    for (String node : copying.nodes()) {
      told = told.thenCombine(tell(node, copying.errand()), Boolean::logicalAnd);
    }
    return told.thenCompose(
        all ->
            all
                ? CompletableFuture.completedStage(applied.result())
                : goLongWay(errand).thenApply(again -> applied.result()));
  }

  private CompletionStage<Boolean> tell(String node, Errand<Boolean> copy) {
    return node.equals(here)
        ? CompletableFuture.completedStage(copy.run(shortWay) != null)
        : courier.send(node, copy, executor).thenApply(Optional::isPresent);
  }

  /** Leaves the telling to the sender if it has the only copy: the answer goes there anyway. */
  @Override
  public <R> CompletionStage<Optional<Applied<R>>> run(Errand<R> errand, String sender) {
    Applied<R> applied = errand.run(shortWay);
    if (applied == null) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    Copying copying = applied.copying();
    if (copying == null || (copying.nodes().size() == 1 && copying.nodes().contains(sender))) {
      return CompletableFuture.completedStage(Optional.of(applied));
    }
    return settle(errand, applied)
        .handle(
            (result, failure) ->
                failure == null
                    ? Optional.of(new Applied<>(result, null))
                    : Optional.<Applied<R>>empty());
  }

  private <R> CompletionStage<R> goLongWay(Errand<R> errand) {
    if (errand instanceof Errand.ToShard<R> toShard) {
      return onShard(toShard.index(), toShard.command());
    }
    if (errand instanceof Errand.ToSwarm<R> toSwarm) {
      return process(toSwarm.swarmId(), toSwarm.command());
    }
    return CompletableFuture.failedStage(new IllegalArgumentException("copies have no other way"));
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
