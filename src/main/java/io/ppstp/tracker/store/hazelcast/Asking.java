package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.transport.RemoteQuestions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Brings questions to the state: to what is here, else to the owner, in batches; and if that does
 * not answer, by an operation, which finds the owner wherever it is. Thread-safe; no method blocks.
 */
final class Asking {
  private final Ways ways;
  private final int channel;
  private final Executor executor;

  /**
   * How questions get to the state, the same for all who ask on this node.
   *
   * @param answeredHere counts those that were answered from what is here
   */
  private record Ways(
      Placement placement,
      LocalAnswers local,
      RemoteQuestions remote,
      Operations operations,
      LongAdder answeredHere) {}

  Asking(
      Placement placement,
      LocalAnswers local,
      RemoteQuestions remote,
      Operations operations,
      Executor executor) {
    this(new Ways(placement, local, remote, operations, new LongAdder()), 0, executor);
  }

  private Asking(Ways ways, int channel, Executor executor) {
    this.ways = ways;
    this.channel = channel;
    this.executor = executor;
  }

  /** Returns the same with answers on another executor, by a channel of its own. */
  Asking on(Executor other) {
    return new Asking(ways, ways.remote().openChannel(), other);
  }

  Executor executor() {
    return executor;
  }

  /** Returns the number of questions that were answered from what is here. */
  long answeredHere() {
    return ways.answeredHere().sum();
  }

  <R> CompletionStage<R> ask(int shard, PeerQuery<R> query) {
    Question.Peers<R> question = new Question.Peers<>(shard, query);
    return complete(ways.local().answer(question), StateKind.PEERS, shard, question);
  }

  <R> CompletionStage<R> ask(int shard, SwarmQuery<R> query) {
    Question.Swarms<R> question = new Question.Swarms<>(shard, query);
    return complete(ways.local().answer(question), StateKind.SWARMS, shard, question);
  }

  private <R> CompletionStage<R> complete(
      @Nullable R answer, StateKind<?, ?, ?> kind, int shard, Question<R> question) {
    if (answer != null) {
      ways.answeredHere().increment();
      return CompletableFuture.completedStage(answer);
    }
    String owner = ways.placement().otherOwner(kind, shard);
    return owner == null
        ? ways.operations().ask(kind, shard, question, executor)
        : ways.remote()
            .ask(owner, channel, question, executor)
            .thenCompose(
                found ->
                    found.isPresent()
                        ? CompletableFuture.completedStage(found.get())
                        : ways.operations().ask(kind, shard, question, executor));
  }

  /** Asks a node about itself; the stage is empty if it does not answer. */
  <R> CompletionStage<Optional<R>> askNode(String node, Question<R> question) {
    return ways.remote().ask(node, channel, question, executor);
  }
}
