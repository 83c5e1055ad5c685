package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerBudget;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.store.hazelcast.Applied.Copying;
import io.ppstp.tracker.store.hazelcast.Applied.News;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies commands to the open state objects of this node on the spot, without an operation of
 * Hazelcast's. Thread-safe; waits for nothing but a value's lock.
 *
 * <p>What must not be lost is done by the owner, and not done before the copies know it; it is the
 * caller who tells them. Which nodes have copies is looked up while the value is locked. A node
 * that comes to have one later gets the state written after that, with the change in it: writing
 * closes the value, and only an entry processor opens it again, which Hazelcast lets in once the
 * new copy counts as such.
 *
 * <p>So a copy knows all that was ever answered, and can answer questions itself. It may note who
 * was heard of too: the owner asks for that before it lets anybody expire, see {@link
 * HazelcastStore#expire}.
 */
final class ShortWay {
  /** Of a track timer, how much others may lag behind in who was heard of. */
  private static final int LAG_DIVISOR = 2;

  private final NodeState node;
  private final Replicas replicas;
  private final long mostLagMs;
  private volatile BooleanSupplier mayServe = () -> true;

  ShortWay(NodeState node, Replicas replicas) {
    this.node = node;
    this.replicas = replicas;
    node.open().watch(replicas::version);
    this.mostLagMs = Math.min(node.timers().trackMs() / LAG_DIVISOR, Integer.MAX_VALUE);
  }

  /** Applies nothing any more while {@code mayServe} says no. */
  void serveWhile(BooleanSupplier mayServe) {
    this.mayServe = mayServe;
  }

  /** Applies a command; null if another node or an entry processor has to. */
  <R> @Nullable Applied<R> onShard(int index, PeerCommand<R> command) {
    ShardValue value = node.open().shard(index);
    return value == null || !mayServe.getAsBoolean()
        ? null
        : value.applyOpen(
            opening ->
                opening.owned()
                    || command instanceof PeerCommand.Save
                    || isCurrent(opening, replicas.ofShard(index)),
            (shard, opening) ->
                opening.owned() ? asOwner(index, shard, opening, command) : asCopy(shard, command));
  }

  private <R> @Nullable Applied<R> asOwner(
      int index, PeerShard shard, Opening opening, PeerCommand<R> command) {
    R easy =
        command instanceof PeerCommand.Light<R> light ? light.applyLightly(shard, mostLagMs) : null;
    if (easy != null) {
      return new Applied<>(easy, null);
    }
    List<String> nodes = replicas.copiesOf(replicas.ofShard(index));
    if (nodes == null) {
      return null;
    }
    R result = node.applyTo(index, shard, command, node.budget());
    return applied(
        result,
        command.changed(result) ? nodes : List.of(),
        () -> new Errand.ShardCopy(index, opening.number(), command.forCopies(result)));
  }

  /** Returns a result that counts once the copies on {@code nodes} have been told. */
  private static <R> Applied<R> applied(
      R result, List<String> nodes, Supplier<Errand<Boolean>> copy) {
    return new Applied<>(result, nodes.isEmpty() ? null : new Copying(copy.get(), nodes));
  }

  /**
   * Only the owner says no: it may know somebody of whom this copy has not heard yet. Who was heard
   * of here is told in any case.
   */
  private <R> @Nullable Applied<R> asCopy(PeerShard shard, PeerCommand<R> command) {
    if (command instanceof PeerCommand.Light<R> light) {
      R result = light.applyLightly(shard, mostLagMs);
      return result != null && command.changed(result) ? new Applied<>(result, null) : null;
    }
    return command instanceof PeerCommand.Save
        ? new Applied<>(command.apply(shard, PeerBudget.UNCOUNTED), null)
        : null;
  }

  /** Applies a command; null if another node or an entry processor has to. */
  <R> @Nullable Applied<R> onSwarm(String swarmId, SwarmCommand<R> command) {
    SwarmValue value = node.open().swarm(swarmId);
    if (value == null || !mayServe.getAsBoolean()) {
      return null;
    }
    if (command instanceof SwarmCommand.Light<R> light) {
      return value.applyOpen(
          opening ->
              opening.owned()
                  || (light.suitsCopy() && isCurrent(opening, replicas.ofSwarm(swarmId))),
          (swarm, opening) ->
              new Applied<>(
                  command.apply(swarm), null, opening.owned() ? null : news(swarmId, light)));
    }
    int partition = replicas.ofSwarm(swarmId);
    return value.applyOpen(
        Opening::owned, (swarm, opening) -> asOwner(swarmId, partition, swarm, opening, command));
  }

  private <R> @Nullable Applied<R> asOwner(
      String swarmId, int partition, Swarm swarm, Opening opening, SwarmCommand<R> command) {
    List<String> nodes = replicas.copiesOf(partition);
    if (nodes == null || mayEmpty(swarm, command)) {
      return null;
    }
    R result = command.apply(swarm);
    return applied(
        result,
        command.changed(result) ? nodes : List.of(),
        () -> new Errand.SwarmCopy(swarmId, opening.number(), command.forCopies()));
  }

  /** What a peer states about itself is the owner's to know, and may come there at leisure. */
  private @Nullable News news(String swarmId, SwarmCommand.Light<?> command) {
    String owner =
        command instanceof SwarmCommand.Report
            ? replicas.otherOwner(replicas.ofSwarm(swarmId))
            : null;
    return owner == null ? null : new News(new Errand.ToSwarm<>(swarmId, command), owner);
  }

  /** A swarm goes with its last member, and only an entry processor can take it from its map. */
  private static boolean mayEmpty(Swarm swarm, SwarmCommand<?> command) {
    return swarm.size() <= command.mostRemoved();
  }

  /** Returns whether a copy is one that this node is to have, and was told everything. */
  private boolean isCurrent(Opening opening, int partition) {
    return node.open().isFollowing(opening) && replicas.isCopyHere(partition);
  }

  /** Applies to a copy what its owner tells; returns false if the copy does not follow it now. */
  boolean onShardCopy(int index, long number, PeerCommand<?> command) {
    return onCopy(
        node.open().shard(index),
        number,
        shard -> node.applyTo(index, shard, command, PeerBudget.UNCOUNTED));
  }

  /** As {@link #onShardCopy}, of a swarm. */
  boolean onSwarmCopy(String swarmId, long number, SwarmCommand<?> command) {
    return onCopy(
        node.open().swarm(swarmId),
        number,
        swarm -> mayEmpty(swarm, command) ? null : command.apply(swarm));
  }

  private <S> boolean onCopy(
      @Nullable StateValue<S> copy, long number, Function<S, @Nullable Object> command) {
    return copy != null
        && copy.applyOpen(
                opening -> node.open().isFollowing(opening, number),
                (state, opening) -> command.apply(state))
            != null;
  }
}
