package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.SwarmQuery;
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
  private final Placement placement;
  private final LocalAnswers local;
  private final RemoteQuestions remote;
  private final Operations operations;
  private final LongAdder answeredHere;
  private final int channel;
  private final Executor executor;

  Asking(
      Placement placement,
      LocalAnswers local,
      RemoteQuestions remote,
      Operations operations,
      Executor executor) {
    this(placement, local, remote, operations, new LongAdder(), 0, executor);
  }

  private Asking(
      Placement placement,
      LocalAnswers local,
      RemoteQuestions remote,
      Operations operations,
      LongAdder answeredHere,
      int channel,
      Executor executor) {
    this.placement = placement;
    this.local = local;
    this.remote = remote;
    this.operations = operations;
    this.answeredHere = answeredHere;
    this.channel = channel;
    this.executor = executor;
  }

  /** Returns the same with answers on another executor, by a channel of its own. */
  Asking on(Executor other) {
    return new Asking(
        placement, local, remote, operations, answeredHere, remote.openChannel(), other);
  }

  Executor executor() {
    return executor;
  }

  /** Returns the number of questions that were answered from what is here. */
  long answeredHere() {
    return answeredHere.sum();
  }

  <R> CompletionStage<R> ask(int shard, PeerQuery<R> query) {
    Question.Peers<R> question = new Question.Peers<>(shard, query);
    return complete(local.answer(question), StateKind.PEERS, shard, question);
  }

  <R> CompletionStage<R> ask(int shard, SwarmQuery<R> query) {
    Question.Swarms<R> question = new Question.Swarms<>(shard, query);
    return complete(local.answer(question), StateKind.SWARMS, shard, question);
  }

  private <R> CompletionStage<R> complete(
      @Nullable R answer, StateKind<?, ?, ?> kind, int shard, Question<R> question) {
    if (answer != null) {
      answeredHere.increment();
      return CompletableFuture.completedStage(answer);
    }
    String owner = placement.otherOwner(kind, shard);
    return owner == null
        ? operations.ask(kind, shard, question, executor)
        : remote
            .ask(owner, channel, question, executor)
            .thenCompose(
                found ->
                    found.isPresent()
                        ? CompletableFuture.completedStage(found.get())
                        : operations.ask(kind, shard, question, executor));
  }

  /** Asks a node about itself; the stage is empty if it does not answer. */
  <R> CompletionStage<Optional<R>> askNode(String node, Question<R> question) {
    return remote.ask(node, channel, question, executor);
  }
}
